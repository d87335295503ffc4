//! The first run: the printed link, the administrator, the connection, the hello.

use crate::{
    house::{House, PASSWORD, connection},
    model::Model,
};

fn administrator(token: &str) -> Vec<(&str, &str)> {
    vec![
        ("token", token),
        ("login", "root"),
        ("display_name", "Root"),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
    ]
}

#[tokio::test]
async fn the_link_leads_from_nothing_to_a_first_hello() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.stranger();
    assert_eq!(root.get("/").await.location(), "/setup", "an empty house shows the way");
    let token = house.setup.clone().expect("the link is printed");
    let page = root.get(&format!("/setup?token={token}")).await;
    assert_eq!(page.status, 200);
    assert!(page.words().contains("The first administrator"), "{}", page.words());

    let answer = root.post("/setup", &administrator(&token)).await;
    assert_eq!((answer.status, answer.location()), (303, "/setup/connection"));
    let mut form = connection(&model.url);
    form[5].1 = "*";
    let answer = root.post("/setup/connection", &form).await;
    assert_eq!(
        (answer.status, answer.location()),
        (303, "/setup/hello?connection=fake"),
        "{}",
        answer.words()
    );
    // The connection was just made; the hello must find it without a pause.
    let answer = root.post("/setup/hello", &[("connection", "fake")]).await;
    assert_eq!(answer.location(), "/setup/hello?connection=fake&done=heard", "{}", answer.words());
    let words = root.get(answer.location()).await.words();
    assert!(words.contains("It works"), "{words}");
    assert!(
        !root.get(answer.location()).await.words().contains("It works"),
        "a reload sends and shows nothing"
    );
    assert!(words.contains("[EMAIL_ADDRESS]") && !words.contains("help.desk@example.com"), "{words}");
    assert_eq!(root.get("/setup/done").await.status, 200);

    let sent = model.requests();
    assert_eq!(sent.len(), 2, "one list of models, one chat");
    assert!(
        sent.iter().all(|request| request.contains(crate::house::SECRET)),
        "with the model's own credential"
    );
    assert!(sent.iter().all(|request| !request.contains("cs_") && !request.contains("ana.example@")));
}

#[tokio::test]
async fn the_link_is_good_once_and_only_as_printed() {
    let house = House::open().await;
    let token = house.setup.clone().unwrap();
    let mut guess = token.clone();
    guess.replace_range(..1, if token.starts_with('a') { "b" } else { "a" });
    for bad in ["", "x", guess.as_str()] {
        let answer = house.stranger().post("/setup", &administrator(bad)).await;
        assert_eq!(answer.status, 403, "{bad:?}");
    }
    let mut typo = administrator(&token);
    typo[4].1 = "another sentence altogether";
    let answer = house.stranger().post("/setup", &typo).await;
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains(&token), "the form can be sent again");
    assert!(
        !answer.body.contains(PASSWORD) && !answer.body.contains("another sentence"),
        "but holds no password"
    );

    assert_eq!(house.stranger().post("/setup", &administrator(&token)).await.status, 303, "still good");
    assert_eq!(
        house.stranger().post("/setup", &administrator(&token)).await.status,
        403,
        "and now it is used"
    );
    assert!(house.stranger().get("/").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn two_at_once_make_one_administrator() {
    let house = House::open().await;
    let token = house.setup.clone().unwrap();
    let mut second = administrator(&token);
    second[1].1 = "other";
    let (first_form, mut one, mut two) = (administrator(&token), house.stranger(), house.stranger());
    let (one, two) = tokio::join!(one.post("/setup", &first_form), two.post("/setup", &second));
    let mut statuses = [one.status, two.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 403]);
    let (people,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM person").fetch_one(house.database.pages()).await.unwrap();
    assert_eq!(people, 1);
}

#[tokio::test]
async fn a_hello_that_cannot_be_sent_says_why() {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    assert_eq!(root.post("/setup/connection", &connection(&model.url)).await.status, 303);
    let answer = root.post("/setup/hello", &[("connection", "fake")]).await;
    assert_eq!(answer.status, 502);
    assert!(answer.words().contains("granted to staff"), "{}", answer.words());
    let mut nobodys = connection(&model.url);
    for (name, value) in &mut nobodys {
        match *name {
            "name" => *value = "nobodys",
            "groups" => *value = "",
            _ => {}
        }
    }
    assert_eq!(root.post("/connections/new", &nobodys).await.status, 303);
    let answer = root.post("/setup/hello", &[("connection", "nobodys")]).await;
    assert!(answer.words().contains("granted to nobody, so you cannot call it"), "{}", answer.words());
    let options: Vec<_> =
        answer.body.split("<option").filter(|option| option.contains(" selected")).collect();
    assert!(options.len() == 1 && options[0].contains("value=\"nobodys\""), "the choice stays: {options:?}");
    let answer = root.post("/setup/hello", &[("connection", "nothing")]).await;
    assert_eq!(answer.status, 502);
    assert_eq!(model.bytes(), 0);
}

//! Who may see and do what, as one table: every page and every form for every role.

use countersign_model::person::Role;

use crate::{
    browser::Browser,
    house::{House, PASSWORD, hello},
    model::Model,
    origin::{functions, posts},
};

/// In this order everywhere below.
const WHO: [&str; 5] = ["nobody", "user", "approver", "auditor", "admin"];

/// Page and status for each: nobody, user, approver, auditor, admin. 303 leads to the sign-in page.
const PAGES: &[(&str, [u16; 5])] = &[
    ("/", [303, 200, 200, 200, 200]),
    ("/sign-in", [200, 200, 200, 200, 200]),
    ("/setup", [200, 200, 200, 200, 200]),
    ("/setup/connection", [303, 403, 403, 403, 200]),
    ("/setup/hello", [303, 403, 403, 403, 200]),
    ("/setup/done", [303, 403, 403, 403, 200]),
    ("/connections", [303, 403, 403, 403, 200]),
    ("/connections/new", [303, 403, 403, 403, 200]),
    ("/connections/fake", [303, 403, 403, 403, 200]),
    ("/connections/none", [303, 403, 403, 403, 404]),
    ("/connections/fake/delete", [303, 403, 403, 403, 200]),
    ("/entities", [303, 403, 403, 403, 200]),
    ("/entities/new/pattern", [303, 403, 403, 403, 200]),
    ("/entities/new/nothing", [303, 404, 404, 404, 404]),
    ("/entities/ent_00000000000070008000000000000009", [303, 403, 403, 403, 404]),
    ("/entities/ent_00000000000070008000000000000009/terms.txt", [303, 403, 403, 403, 404]),
    ("/connect", [303, 200, 200, 200, 200]),
    ("/playground", [303, 200, 200, 200, 200]),
    ("/sessions", [303, 200, 200, 200, 200]),
    ("/sessions/SESSION", [303, 404, 404, 200, 200]),
    ("/sessions/ses_00000000000070008000000000000009", [303, 404, 404, 404, 404]),
    ("/people", [303, 403, 403, 403, 200]),
    ("/people/new", [303, 403, 403, 403, 200]),
    ("/people/PERSON", [303, 403, 403, 403, 200]),
    ("/audit", [303, 403, 403, 200, 200]),
    ("/account", [303, 200, 200, 200, 200]),
    ("/live", [401, 200, 200, 200, 200]),
    ("/nowhere", [303, 404, 404, 404, 404]),
];

/// Form and status when it is posted empty: 422 means that the actor may, and only the input was refused.
const FORMS: &[(&str, [u16; 5])] = &[
    ("/sign-in", [422, 422, 422, 422, 422]),
    ("/setup", [403, 403, 403, 403, 403]),
    ("/theme", [303, 303, 303, 303, 303]),
    ("/setup/connection", [401, 403, 403, 403, 422]),
    ("/setup/hello", [401, 403, 403, 403, 502]),
    ("/connections/new", [401, 403, 403, 403, 422]),
    ("/connections/{name}", [401, 403, 403, 403, 422]),
    ("/connections/{name}/test", [401, 403, 403, 403, 303]),
    ("/connections/{name}/delete", [401, 403, 403, 403, 422]),
    ("/entities/new/{kind}", [401, 403, 403, 403, 422]),
    ("/entities/{id}", [401, 403, 403, 403, 404]),
    ("/entities/{id}/delete", [401, 403, 403, 403, 404]),
    ("/connect", [401, 422, 422, 422, 422]),
    ("/connect/revoke", [401, 404, 404, 404, 404]),
    ("/people/new", [401, 403, 403, 403, 422]),
    ("/people/{id}", [401, 403, 403, 403, 422]),
    ("/audit/verify", [401, 403, 403, 303, 303]),
    ("/account", [401, 422, 422, 422, 422]),
    ("/sign-out", [303, 303, 303, 303, 303]),
];

struct Cast {
    house: House,
    _model: Model,
    people: Vec<Browser>,
    session: String,
    person: String,
}

/// One of each, and a session that belongs to none of them.
async fn cast() -> Cast {
    let house = House::open().await;
    let model = Model::start().await;
    let mut root = house.admin().await;
    house.connect(&mut root, &model).await;
    let mut owner = house.person(&mut root, "owner", &[Role::User], "staff").await;
    let token = house.token(&mut owner, "").await;
    let session = house.chat(&token, &hello()).await.header("x-countersign-session").to_owned();
    let mut people = vec![house.stranger()];
    for (login, role) in [("user", Role::User), ("approver", Role::Approver), ("auditor", Role::Auditor)] {
        people.push(house.person(&mut root, login, &[role], "staff").await);
    }
    people.push(root);
    let (person,): (String,) =
        sqlx::query_as("SELECT 'per_' || replace(id::text, '-', '') FROM person WHERE login = 'owner'")
            .fetch_one(house.database.pages())
            .await
            .unwrap();
    // The lists trail the ledger by a moment.
    let listed = async {
        while !people[4].get("/sessions").await.body.contains(&session) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), listed).await.expect("the session is listed");
    Cast { house, _model: model, people, session, person }
}

#[tokio::test]
async fn every_page_for_every_role() {
    let mut cast = cast().await;
    let mut wrong = Vec::new();
    for (page, expected) in PAGES {
        let path = page.replace("SESSION", &cast.session).replace("PERSON", &cast.person);
        for (at, browser) in cast.people.iter_mut().enumerate() {
            let status = if *page == "/live" { live(browser).await } else { browser.get(&path).await.status };
            if status != expected[at] {
                wrong.push(format!("GET {page} as {}: {status}, not {}", WHO[at], expected[at]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// It never ends, so only its head is waited for.
async fn live(browser: &Browser) -> u16 {
    let cookie = browser.cookie().map(|value| format!("__Host-countersign={value}")).unwrap_or_default();
    let headers = [("cookie", cookie.as_str())];
    let running =
        crate::browser::begin(browser.address, http::Method::GET, "/live", &headers, String::new()).await;
    running.unwrap().response.status().as_u16()
}

/// A stream ends with its session, and says that asking again is of no use.
#[tokio::test]
async fn the_feed_ends_when_its_session_ends() {
    use http_body_util::BodyExt as _;
    let house = House::open().await;
    let mut root = house.admin().await;
    let cookie = root.cookie().map(|value| format!("__Host-countersign={value}")).unwrap();
    let headers = [("cookie", cookie.as_str()), ("accept", "text/event-stream")];
    let get = http::Method::GET;
    let running =
        crate::browser::begin(house.address, get.clone(), "/live", &headers, String::new()).await.unwrap();
    assert_eq!(root.post("/sign-out", &[]).await.status, 303);
    let whole = running.response.into_body().collect();
    let whole =
        tokio::time::timeout(std::time::Duration::from_secs(10), whole).await.expect("it ends").unwrap();
    let said = String::from_utf8(whole.to_bytes().to_vec()).unwrap();
    assert!(said.starts_with("event: hello\n"), "what stands is no news: {said}");
    assert!(said.trim_end().ends_with("event: bye\ndata: signed out"), "{said}");
    // A feed that asks all the same hears the same; others see the status.
    let again = crate::browser::send(house.address, get, "/live", &headers, String::new()).await;
    assert_eq!((again.status, again.body.trim_end()), (200, "event: bye\ndata: signed out"));
}

#[tokio::test]
async fn every_form_for_every_role() {
    let mut cast = cast().await;
    let mut listed: Vec<_> = FORMS.iter().map(|(path, _)| (*path).to_owned()).collect();
    let mut routed = posts();
    listed.sort();
    routed.sort();
    assert_eq!(listed, routed, "a form without an expectation");
    let mut wrong = Vec::new();
    for (form, expected) in FORMS {
        let path = form.replace("/entities/{id}", "/entities/ent_00000000000070008000000000000009");
        let path = path.replace("{name}", "fake").replace("{id}", &cast.person).replace("{kind}", "pattern");
        for (at, browser) in cast.people.iter_mut().enumerate() {
            let answer = browser.post(&path, &[]).await;
            if answer.status != expected[at] {
                let words = answer.words();
                wrong.push(format!(
                    "POST {form} as {}: {}, not {} ({words})",
                    WHO[at], answer.status, expected[at]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // With good input too: making tokens is for users and administrators. (The last form signed everybody out.)
    for (at, login) in [(1, "user"), (2, "approver"), (3, "auditor"), (4, "root")] {
        assert_eq!(cast.house.sign_in(&mut cast.people[at], login, PASSWORD).await.status, 303);
    }
    let token = [("label", "mine"), ("lifetime_seconds", "3600"), ("max_uses", "")];
    for (at, expected) in [401, 303, 403, 403, 303].into_iter().enumerate() {
        assert_eq!(
            cast.people[at].post("/connect", &token).await.status,
            expected,
            "/connect as {}",
            WHO[at]
        );
    }
    let (connections,): (i64,) = sqlx::query_as("SELECT count(*) FROM connection WHERE version = 1")
        .fetch_one(cast.house.database.pages())
        .await
        .unwrap();
    assert_eq!(connections, 1, "nothing was changed");
}

/// The server functions are a way in of their own: each asks for its rank itself.
#[tokio::test]
async fn no_server_function_tells_a_stranger_or_a_user_what_is_not_theirs() {
    let mut cast = cast().await;
    let secrets = [cast.session.clone(), cast.person.clone(), "owner".to_owned(), "127.0.0.1:".to_owned()];
    for path in functions() {
        let name = path.trim_start_matches("/api/").trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        let form = [("query", ""), ("name", "fake"), ("id", ""), ("cursor", "")];
        let none = "ent_00000000000070008000000000000009".to_owned();
        let ids = [
            ("load_session", cast.session.clone()),
            ("load_person", cast.person.clone()),
            ("load_entity", none),
        ];
        let id = ids.iter().find(|(of, _)| *of == name).map_or(String::new(), |(_, id)| id.clone());
        let form: Vec<_> =
            form.iter().map(|(key, value)| (*key, if *key == "id" { id.as_str() } else { *value })).collect();
        for (at, browser) in cast.people.iter_mut().enumerate().take(3) {
            let answer = browser.post(&path, &form).await;
            assert!(
                !secrets.iter().any(|secret| answer.body.contains(secret.as_str())),
                "{path} as {}: {} {}",
                WHO[at],
                answer.status,
                answer.body
            );
            assert!(
                at > 0 || answer.status == 401 || name == "setup_state",
                "{path} answers a stranger: {} {}",
                answer.status,
                answer.body
            );
        }
    }
}

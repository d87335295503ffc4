use countersign_model::person::Role;
use countersign_store::setup;

use crate::{NOW, fresh, local};

#[tokio::test]
async fn a_link_works_once_until_it_expires_or_is_replaced() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    let end = NOW.plus_seconds(86_400);
    setup::issue(&mut conn, &[1; 32], NOW, end).await.unwrap();
    assert!(setup::holds(&mut conn, &[1; 32], NOW).await.unwrap());
    assert!(!setup::holds(&mut conn, &[1; 32], end).await.unwrap());
    assert!(!setup::redeem(&mut conn, &[2; 32], NOW).await.unwrap(), "another token");
    assert!(!setup::redeem(&mut conn, &[1; 32], end).await.unwrap(), "expired");
    setup::issue(&mut conn, &[3; 32], NOW, end).await.unwrap();
    assert!(!setup::redeem(&mut conn, &[1; 32], NOW).await.unwrap(), "replaced");
    assert!(setup::redeem(&mut conn, &[3; 32], NOW).await.unwrap());
    assert!(!setup::redeem(&mut conn, &[3; 32], NOW).await.unwrap(), "used");
    assert!(!setup::holds(&mut conn, &[3; 32], NOW).await.unwrap());
}

#[tokio::test]
async fn of_twenty_racing_one_wins_and_none_once_there_is_an_administrator() {
    let database = fresh().await;
    let mut conn = database.pages().acquire().await.unwrap();
    setup::issue(&mut conn, &[1; 32], NOW, NOW.plus_seconds(60)).await.unwrap();
    let races = futures::future::join_all((0..20).map(|_| async {
        let mut conn = database.pages().acquire().await.unwrap();
        setup::redeem(&mut conn, &[1; 32], NOW).await.unwrap()
    }));
    assert_eq!(races.await.into_iter().filter(|won| *won).count(), 1);
    local(&mut conn, 1, "ada", &[Role::Admin]).await;
    setup::issue(&mut conn, &[2; 32], NOW, NOW.plus_seconds(60)).await.unwrap();
    assert!(!setup::redeem(&mut conn, &[2; 32], NOW).await.unwrap());
}

//! No other site can make somebody's browser change anything: every unsafe route of the router, and every server
//! function, refuses what does not come from our own pages.

use http::Method;

use crate::house::House;

/// Every path that the router takes a POST at, read from the router itself.
pub fn posts() -> Vec<String> {
    let source = include_str!("../../src/router.rs");
    let routes = source.split(".route(\"").skip(1).filter_map(|rest| {
        let (path, handler) = rest.split_once("\", ")?;
        (handler.starts_with("post(") && !path.starts_with("/api/")).then(|| path.to_owned())
    });
    let routes: Vec<_> = routes.collect();
    assert!(routes.len() >= 16, "the router is written differently now: {routes:?}");
    routes
}

/// A path with something in its places.
pub fn filled(path: &str) -> String {
    path.replace("{name}", "fake")
        .replace("{id}", "per_00000000000070008000000000000001")
        .replace("{kind}", "pattern")
}

/// The server functions' paths.
pub fn functions() -> Vec<String> {
    let paths: Vec<_> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    assert!(paths.len() >= 12, "{paths:?}");
    paths
}

#[tokio::test]
async fn what_another_site_causes_is_refused_on_every_unsafe_route() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let before = house.rows().await.len();
    let foreign: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site"), ("origin", &house.origin)],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
        &[],
    ];
    for path in posts().iter().map(|path| filled(path)).chain(functions()) {
        for headers in foreign {
            let answer = root.post_with(&path, &[("action", "disable")], headers).await;
            assert_eq!(answer.status, 403, "{path} {headers:?}");
        }
    }
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let answer =
            root.ask(method.clone(), "/account", &[("origin", "https://evil.example")], String::new()).await;
        assert_eq!(answer.status, 403, "{method}");
    }
    assert_eq!(house.rows().await.len(), before, "nothing was done");
    assert_eq!(root.get("/account").await.status, 200, "and nobody was signed out");
}

#[tokio::test]
async fn our_own_pages_are_not_refused() {
    let house = House::open().await;
    let mut root = house.admin().await;
    let origin = house.origin.clone();
    let own: [&[(&str, &str)]; 3] =
        [&[("sec-fetch-site", "same-origin")], &[("sec-fetch-site", "none")], &[("origin", &origin)]];
    for headers in own {
        for path in posts().iter().filter(|path| *path != "/sign-out") {
            let answer = root.post_with(&filled(path), &[], headers).await;
            assert!(![401, 405, 500].contains(&answer.status), "{path} {headers:?}: {}", answer.status);
            assert!(!answer.body.contains("came from another site"), "{path} {headers:?}");
        }
    }
}

//! The root: facts of this page load, live signals, and the table from paths to pages.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::{
    components::frame::Frame,
    context::{Facts, Posted},
    live, pages,
};

/// The whole application. Every route renders completely on the server ([`SsrMode::Async`]): no page needs a script to be read,
/// and a page's status code is known before its first byte leaves.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let facts = SharedValue::new(Facts::of_request).into_inner();
    let form = facts.form.clone();
    provide_context(Posted(RwSignal::new(
        (form != countersign_model::form::FormState::default()).then_some(form),
    )));
    let signed_in = facts.viewer.is_some();
    let theme = facts.theme;
    provide_context(Arc::new(facts));
    live::provide(signed_in, theme);

    view! {
        <Title formatter=|text: String| {
            if text.is_empty() { "Countersign".to_owned() } else { format!("{text} · Countersign") }
        } />
        <Router>
            <Frame>
                <FlatRoutes fallback=|| view! { <pages::missing::Missing /> }>
                    <Route path=path!("/") view=pages::overview::OverviewPage ssr=SsrMode::Async />
                    <Route path=path!("/sign-in") view=pages::sign_in::SignInPage ssr=SsrMode::Async />
                    // Where a sign-in at an issuer begins and ends, when it fails.
                    <Route
                        path=path!("/sign-in/oidc/:issuer")
                        view=pages::sign_in::SignInPage
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=path!("/sign-in/oidc/:issuer/callback")
                        view=pages::sign_in::SignInPage
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("/setup") view=pages::setup::SetupPage ssr=SsrMode::Async />
                    <Route
                        path=path!("/setup/connection")
                        view=pages::setup::SetupConnectionPage
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("/setup/hello") view=pages::setup::SetupHelloPage ssr=SsrMode::Async />
                    <Route path=path!("/setup/done") view=pages::setup::SetupDonePage ssr=SsrMode::Async />
                    <Route path=path!("/connections") view=pages::connections::ConnectionsPage ssr=SsrMode::Async />
                    <Route
                        path=path!("/connections/new")
                        view=pages::connections::NewConnectionPage
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=path!("/connections/:name")
                        view=pages::connection::ConnectionPage
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=path!("/connections/:name/test")
                        view=pages::connection::ConnectionPage
                        ssr=SsrMode::Async
                    />
                    <Route
                        path=path!("/connections/:name/delete")
                        view=pages::connection::DeleteConnectionPage
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("/entities") view=pages::entities::EntitiesPage ssr=SsrMode::Async />
                    <Route
                        path=path!("/entities/new/:kind")
                        view=pages::entities::NewEntityPage
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("/entities/:id") view=pages::entity::EntityPage ssr=SsrMode::Async />
                    <Route
                        path=path!("/entities/:id/delete")
                        view=pages::entity::DeleteEntityPage
                        ssr=SsrMode::Async
                    />
                    <Route path=path!("/connect") view=pages::connect::ConnectPage ssr=SsrMode::Async />
                    <Route path=path!("/connect/revoke") view=pages::connect::ConnectPage ssr=SsrMode::Async />
                    <Route path=path!("/playground") view=pages::playground::PlaygroundPage ssr=SsrMode::Async />
                    <Route path=path!("/sessions") view=pages::sessions::SessionsPage ssr=SsrMode::Async />
                    <Route path=path!("/sessions/:id") view=pages::session::SessionPage ssr=SsrMode::Async />
                    <Route path=path!("/people") view=pages::people::PeoplePage ssr=SsrMode::Async />
                    <Route path=path!("/people/new") view=pages::people::NewPersonPage ssr=SsrMode::Async />
                    <Route path=path!("/people/:id") view=pages::person::PersonPage ssr=SsrMode::Async />
                    <Route path=path!("/audit") view=pages::audit::AuditPage ssr=SsrMode::Async />
                    <Route path=path!("/audit/verify") view=pages::audit::AuditPage ssr=SsrMode::Async />
                    <Route path=path!("/account") view=pages::account::AccountPage ssr=SsrMode::Async />
                </FlatRoutes>
            </Frame>
        </Router>
    }
}

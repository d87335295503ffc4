//! Every URL of the pages: one enum builds and parses them. The server's own paths (`/live`, `/pkg`, …) are not here.

use countersign_model::{OwnEntityId, PersonId, SessionId, own_entity::OwnKind};

use crate::view::query;

/// A page of the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    Overview,
    SignIn,
    Setup,
    SetupConnection,
    SetupHello,
    SetupDone,
    Connections,
    NewConnection,
    Connection(String),
    TestConnection(String),
    DeleteConnection(String),
    Entities,
    NewEntity(OwnKind),
    Entity(OwnEntityId),
    DeleteEntity(OwnEntityId),
    Connect,
    RevokeToken,
    Playground,
    Sessions,
    Session(SessionId),
    People,
    NewPerson,
    Person(PersonId),
    Audit,
    VerifyChain,
    Account,
}

impl Route {
    /// The path, ready for an `href` or an `action`.
    pub fn path(&self) -> String {
        match self {
            Self::Overview => "/".to_owned(),
            Self::SignIn => "/sign-in".to_owned(),
            Self::Setup => "/setup".to_owned(),
            Self::SetupConnection => "/setup/connection".to_owned(),
            Self::SetupHello => "/setup/hello".to_owned(),
            Self::SetupDone => "/setup/done".to_owned(),
            Self::Connections => "/connections".to_owned(),
            Self::NewConnection => "/connections/new".to_owned(),
            Self::Connection(name) => format!("/connections/{}", query::encode(name)),
            Self::TestConnection(name) => format!("/connections/{}/test", query::encode(name)),
            Self::DeleteConnection(name) => format!("/connections/{}/delete", query::encode(name)),
            Self::Entities => "/entities".to_owned(),
            Self::NewEntity(kind) => format!("/entities/new/{}", kind.name()),
            Self::Entity(id) => format!("/entities/{id}"),
            Self::DeleteEntity(id) => format!("/entities/{id}/delete"),
            Self::Connect => "/connect".to_owned(),
            Self::RevokeToken => "/connect/revoke".to_owned(),
            Self::Playground => "/playground".to_owned(),
            Self::Sessions => "/sessions".to_owned(),
            Self::Session(id) => format!("/sessions/{id}"),
            Self::People => "/people".to_owned(),
            Self::NewPerson => "/people/new".to_owned(),
            Self::Person(id) => format!("/people/{id}"),
            Self::Audit => "/audit".to_owned(),
            Self::VerifyChain => "/audit/verify".to_owned(),
            Self::Account => "/account".to_owned(),
        }
    }

    /// The path with query pairs; empty values are left out.
    pub fn with(&self, pairs: &[(&str, &str)]) -> String {
        let text = query::build(pairs);
        if text.is_empty() { self.path() } else { format!("{}?{text}", self.path()) }
    }

    /// Reads a path (no query). `None`: no page of ours.
    pub fn parse(path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        Some(match parts.as_slice() {
            [] => Self::Overview,
            ["sign-in"] => Self::SignIn,
            ["setup"] => Self::Setup,
            ["setup", "connection"] => Self::SetupConnection,
            ["setup", "hello"] => Self::SetupHello,
            ["setup", "done"] => Self::SetupDone,
            ["connections"] => Self::Connections,
            ["connections", "new"] => Self::NewConnection,
            ["connections", name] => Self::Connection(query::decode(name)),
            ["connections", name, "test"] => Self::TestConnection(query::decode(name)),
            ["connections", name, "delete"] => Self::DeleteConnection(query::decode(name)),
            ["entities"] => Self::Entities,
            ["entities", "new", kind] => Self::NewEntity(OwnKind::parse(kind)?),
            ["entities", id] => Self::Entity(id.parse().ok()?),
            ["entities", id, "delete"] => Self::DeleteEntity(id.parse().ok()?),
            ["connect"] => Self::Connect,
            ["connect", "revoke"] => Self::RevokeToken,
            ["playground"] => Self::Playground,
            ["sessions"] => Self::Sessions,
            ["sessions", id] => Self::Session(id.parse().ok()?),
            ["people"] => Self::People,
            ["people", "new"] => Self::NewPerson,
            ["people", id] => Self::Person(id.parse().ok()?),
            ["audit"] => Self::Audit,
            ["audit", "verify"] => Self::VerifyChain,
            ["account"] => Self::Account,
            _ => return None,
        })
    }

    /// The navigation entry this page belongs to.
    pub fn section(&self) -> Option<Section> {
        Some(match self {
            Self::Overview => Section::Overview,
            Self::Sessions | Self::Session(_) => Section::Sessions,
            Self::Connect | Self::RevokeToken => Section::Connect,
            Self::Playground => Section::Playground,
            Self::Connections
            | Self::NewConnection
            | Self::Connection(_)
            | Self::TestConnection(_)
            | Self::DeleteConnection(_) => Section::Connections,
            Self::Entities | Self::NewEntity(_) | Self::Entity(_) | Self::DeleteEntity(_) => {
                Section::Entities
            }
            Self::People | Self::NewPerson | Self::Person(_) => Section::People,
            Self::Audit | Self::VerifyChain => Section::Audit,
            Self::Account => Section::Account,
            Self::SignIn | Self::Setup | Self::SetupConnection | Self::SetupHello | Self::SetupDone => {
                return None;
            }
        })
    }
}

/// An entry of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    Overview,
    Sessions,
    Connect,
    Playground,
    Connections,
    Entities,
    People,
    Audit,
    Account,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Route> {
        let person = "per_01930000000070008000000000000001".parse().unwrap();
        let session = "ses_01930000000070008000000000000002".parse().unwrap();
        let entity = "ent_01930000000070008000000000000003".parse().unwrap();
        vec![
            Route::Overview,
            Route::SignIn,
            Route::Setup,
            Route::SetupConnection,
            Route::SetupHello,
            Route::SetupDone,
            Route::Connections,
            Route::NewConnection,
            Route::Connection("llama-prod".into()),
            Route::TestConnection("llama-prod".into()),
            Route::DeleteConnection("a/b c?".into()),
            Route::Entities,
            Route::NewEntity(OwnKind::Pattern),
            Route::NewEntity(OwnKind::Dictionary),
            Route::Entity(entity),
            Route::DeleteEntity(entity),
            Route::Connect,
            Route::RevokeToken,
            Route::Playground,
            Route::Sessions,
            Route::Session(session),
            Route::People,
            Route::NewPerson,
            Route::Person(person),
            Route::Audit,
            Route::VerifyChain,
            Route::Account,
        ]
    }

    #[test]
    fn every_route_reads_back_what_it_built() {
        for route in all() {
            assert_eq!(Route::parse(&route.path()), Some(route.clone()), "{}", route.path());
        }
    }

    #[test]
    fn foreign_paths_are_no_pages() {
        for path in
            ["/sessions/nonsense", "/people/ses_01930000000070008000000000000002", "/live", "/a/b/c/d"]
        {
            assert_eq!(Route::parse(path), None, "{path}");
        }
    }

    #[test]
    fn empty_query_values_leave_no_trace() {
        assert_eq!(Route::Sessions.with(&[("caller", ""), ("end", "")]), "/sessions");
        assert_eq!(Route::Sessions.with(&[("caller", "a&b")]), "/sessions?caller=a%26b");
    }
}

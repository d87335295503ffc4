//! What the server tells a page: who looks at it, which form was just posted, and the facts of this installation.
//!
//! The server provides one [`Visit`] per request. What the browser may know of it ([`Facts`]) is written into the page once;
//! the actor and the use cases never leave the server.

use std::sync::Arc;

use countersign_model::{PersonId, Timestamp, form::FormState, person::Role};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The person who looks at the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    pub person: PersonId,
    pub login: String,
    pub display_name: String,
    pub roles: Vec<Role>,
    pub groups: Vec<String>,
}

impl Viewer {
    /// Whether they hold the role.
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// Whether they may have tokens and call models.
    pub fn calls(&self) -> bool {
        self.is(Role::User) || self.is(Role::Admin)
    }

    /// Whether they may read everybody's sessions and the ledger.
    pub fn audits(&self) -> bool {
        self.is(Role::Auditor) || self.is(Role::Admin)
    }
}

/// Light, dark, or what the system says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    Light,
    Dark,
    #[default]
    System,
}

impl Theme {
    /// All, in display order.
    pub const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::System];

    /// The value in the cookie, the form and `data-theme`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }

    /// Reads a cookie or form value; anything unknown is [`Theme::System`].
    pub fn parse(text: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.name() == text).unwrap_or_default()
    }
}

/// An OpenID Connect issuer one can sign in with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    /// The path segment in `/sign-in/oidc/{name}`.
    pub name: String,
    /// What the button says after “Continue with”.
    pub label: String,
}

/// The built-in sample model, if this installation serves one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// Its base URL, as a connection needs it.
    pub base_url: String,
    /// The model name it answers to.
    pub model: String,
    /// The key it asks for. No secret: it is filled in where a real model server's would be typed.
    pub key: String,
}

/// Paths of the browser's files, with their hashes; empty `js`: pages work without a script.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteAssets {
    /// Such as `/pkg/countersign.1a2b3c.js`.
    pub js: String,
    /// Such as `/pkg/countersign.1a2b3c.wasm`.
    pub wasm: String,
    /// Such as `/pkg/countersign.1a2b3c.css`.
    pub css: String,
    pub detector: DetectorAssets,
}

/// Paths of the detector, which only pages that need it load; empty: it was not built.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectorAssets {
    /// What begins the worker, such as `/pkg/worker.1a2b3c.js`.
    pub script: String,
    /// Such as `/pkg/detector.1a2b3c.wasm`.
    pub module: String,
}

/// What is the same for every request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Site {
    pub assets: SiteAssets,
    /// What callers reach the gateway by, such as `https://cs.example`.
    pub public_url: String,
    pub issuers: Vec<Issuer>,
    pub sample: Option<Sample>,
    /// The gateway's version.
    pub version: String,
    /// How to check the ledger without this server.
    pub check: crate::api::audit::CheckCommand,
}

/// One request to a page or a server function, as the server hands it over.
#[cfg(feature = "ssr")]
#[derive(Clone)]
pub struct Visit {
    pub admin: Arc<countersign_admin::Admin>,
    /// `None`: nobody is signed in.
    pub actor: Option<countersign_admin::Actor>,
    pub form: FormState,
    pub theme: Theme,
    pub site: Arc<Site>,
    /// The clock's reading for this page.
    pub now: Timestamp,
}

#[cfg(feature = "ssr")]
impl Visit {
    /// Puts the visit into the context of the page about to be rendered. Call it in `…_with_context` closures.
    pub fn provide(self) {
        provide_context(self);
    }
}

/// What the browser is told, once per page load.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Facts {
    pub viewer: Option<Viewer>,
    pub theme: Theme,
    pub public_url: String,
    pub issuers: Vec<Issuer>,
    pub sample: Option<Sample>,
    pub version: String,
    pub now: Timestamp,
    pub form: FormState,
    pub detector: DetectorAssets,
}

impl Facts {
    fn unknown() -> Self {
        Self {
            viewer: None,
            theme: Theme::System,
            public_url: String::new(),
            issuers: Vec::new(),
            sample: None,
            version: String::new(),
            now: Timestamp(0),
            form: FormState::default(),
            detector: DetectorAssets::default(),
        }
    }

    /// What this request provided. Without a request (listing the routes) everything is unknown.
    pub fn of_request() -> Self {
        #[cfg(feature = "ssr")]
        if let Some(visit) = use_context::<Visit>() {
            let viewer = visit.actor.map(|actor| Viewer {
                person: actor.person,
                login: actor.login,
                display_name: actor.display_name,
                roles: actor.roles,
                groups: actor.groups,
            });
            return Self {
                viewer,
                theme: visit.theme,
                public_url: visit.site.public_url.clone(),
                issuers: visit.site.issuers.clone(),
                sample: visit.site.sample.clone(),
                version: visit.site.version.clone(),
                now: visit.now,
                form: visit.form,
                detector: visit.site.assets.detector.clone(),
            };
        }
        Self::unknown()
    }
}

/// The facts of this page load.
pub fn facts() -> Arc<Facts> {
    use_context::<Arc<Facts>>().unwrap_or_else(|| Arc::new(Facts::unknown()))
}

/// Who looks at the page.
pub fn viewer() -> Option<Viewer> {
    facts().viewer.clone()
}

/// The form posted to this page, until the first navigation away from it.
#[derive(Clone, Copy)]
pub struct Posted(pub RwSignal<Option<FormState>>);

/// The form state for the page being built; the default when nothing was posted to it.
pub fn posted() -> FormState {
    use_context::<Posted>().and_then(|posted| posted.0.get_untracked()).unwrap_or_default()
}

//! What handlers share. Cheap to clone; each handler takes only the slice it needs.

use std::{net::IpAddr, sync::Arc};

use app::context::Site;
use axum::extract::FromRef;
use countersign_admin::Admin;
use countersign_gateway::directory::Directory;
use countersign_identity::Issuers;
use countersign_model::{Clock, Mint};
use rustls::ClientConfig;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::{
    http::{
        assets::Files, detect::Detector, flash::Flashes, live::Pulse, proxy::Door, session::PostgresSessions,
    },
    readiness::Readiness,
};

/// The parts.
#[derive(Clone, FromRef)]
pub struct AppState {
    pub leptos: leptos::config::LeptosOptions,
    pub admin: Arc<Admin>,
    pub door: Door,
    pub directory: Arc<Directory>,
    pub issuers: Arc<Issuers>,
    pub site: Arc<Site>,
    pub files: Files,
    /// Tasks that are waited for when the server stops.
    pub tracker: TaskTracker,
    pub pulse: Pulse,
    pub detector: Detector,
    #[from_ref(skip)]
    pub flashes: Flashes,
    #[from_ref(skip)]
    pub sessions: PostgresSessions,
    pub readiness: Readiness,
    /// The pages' routes, as Leptos lists them.
    pub routes: Arc<Vec<leptos_axum::AxumRouteListing>>,
    #[from_ref(skip)]
    pub trusted_proxies: Arc<[IpAddr]>,
    #[from_ref(skip)]
    pub public_url: Arc<Url>,
    #[from_ref(skip)]
    pub tls: ClientConfig,
    #[from_ref(skip)]
    pub clock: Arc<dyn Clock>,
    #[from_ref(skip)]
    pub mint: Arc<dyn Mint>,
}

//! Makes the parts and joins them.

use std::sync::{Arc, atomic::AtomicU64};

use app::context::{Issuer, Sample, Site};
use countersign_admin::{Admin, Parts, Settings};
use countersign_detect::MarkKey;
use countersign_gateway::{Gateway, directory::Directory, tls};
use countersign_identity::{AccessTokenSettings, AccessTokens, IssuerSettings, Issuers, Outbound, Timing};
use countersign_ledger::{Kind, Origin};
use countersign_model::{Clock, Mint, Secret};
use countersign_store::{
    Database, Ledger, LedgerReader, MasterKey,
    ledger::{LedgerConfig, OnRestore, Orphans, Running, Sources},
    projection::Projector,
    token_secret::TokenKey,
};
use leptos::config::LeptosOptions;
use tokio::sync::{Notify, mpsc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower_sessions::SessionManagerLayer;

use super::Fault;
use crate::{
    config::{Config, identity},
    http::{assets::Files, detect::Detector, flash::Flashes, live::Pulse, oidc, proxy::Door, session},
    keys,
    readiness::Readiness,
    sample,
    state::AppState,
    wiring::{callers::StoreCallers, changes::Watch, journal::LedgerJournal},
};

/// Longest wait for an issuer's answer.
const ISSUER_WAIT: std::time::Duration = std::time::Duration::from_secs(5);

/// Which tasks end when.
#[derive(Default)]
pub struct Lifetimes {
    /// Outcomes of exchanges.
    pub outcomes: TaskTracker,
    /// Closing of late intents; lives as long as the writer.
    pub late: TaskTracker,
    pub give_up: CancellationToken,
    pub writer: TaskTracker,
    pub stop_writer: CancellationToken,
}

/// The joined parts.
pub struct Built {
    pub state: AppState,
    pub sessions: SessionManagerLayer<session::PostgresSessions>,
    pub ledger: Ledger,
    pub database: Database,
    pub callers: Arc<StoreCallers>,
    pub watch: Watch,
    pub projector: Projector,
    /// Rung when the ledger has grown.
    pub wake: Arc<Notify>,
    /// Rows of exchanges this process has written.
    pub written: Arc<AtomicU64>,
    pub clock: Arc<dyn Clock>,
}

/// Opens the ledger for writing.
pub async fn open_ledger(
    config: &Config,
    database: &Database,
    master: &Arc<MasterKey>,
    clock: &Arc<dyn Clock>,
    mint: &Arc<dyn Mint>,
    on_restore: OnRestore,
    lifetimes: &Lifetimes,
) -> Result<(Ledger, LedgerReader), Fault> {
    let reader = LedgerReader::new(database, Some(Arc::clone(master)));
    let origin = origin(config, &reader).await?;
    let mut ledger_config = LedgerConfig::new(origin, config.data_dir.join("ledger"));
    ledger_config.on_restore = on_restore;
    let sources = Sources { clock: Arc::clone(clock), mint: Arc::clone(mint), master: Arc::clone(master) };
    let (late, mut receipts) = mpsc::unbounded_channel();
    let running = Running { tasks: lifetimes.writer.clone(), stop: lifetimes.stop_writer.clone(), late };
    let ledger = Ledger::open(database, ledger_config, sources, running).await?;
    // An intent that was committed after its request had given up: nobody else will close it.
    let (closing, stop) = (ledger.clone(), lifetimes.stop_writer.clone());
    lifetimes.late.spawn(async move {
        loop {
            let receipt = tokio::select! {
                () = stop.cancelled() => return,
                receipt = receipts.recv() => receipt,
            };
            let Some(receipt) = receipt else { return };
            if let (Kind::Intent, Some(exchange)) = (receipt.kind, receipt.exchange)
                && let Err(error) = closing.close_orphans(Orphans::Exchange(exchange)).await
            {
                tracing::warn!(%error, %exchange, "a late intent could not be closed; the next start will");
            }
        }
    });
    Ok((ledger, reader))
}

/// The log's name: what its first record says, else the public address.
pub async fn origin(config: &Config, reader: &LedgerReader) -> Result<Origin, Fault> {
    if let Some(first) = reader.records(0..1).await?.into_iter().next() {
        return Ok(first.record.origin);
    }
    let host = config.public_url.host_str().unwrap_or("localhost");
    let name = match config.public_url.port() {
        Some(port) => format!("{host}:{port}/countersign"),
        None => format!("{host}/countersign"),
    };
    Ok(name.parse()?)
}

/// Makes everything that a request may meet.
pub async fn build(
    config: &Config,
    lifetimes: &Lifetimes,
    database: &Database,
    clock: &Arc<dyn Clock>,
    mint: &Arc<dyn Mint>,
    stop: &CancellationToken,
) -> Result<Built, Fault> {
    let key = keys::master(config.master_key.as_deref(), &config.data_dir, &**mint)?;
    let token_key = Arc::new(TokenKey::derive(&key));
    let marks = MarkKey::derive(&key);
    let master = Arc::new(MasterKey::new(key)?);
    let (ledger, reader) =
        open_ledger(config, database, &master, clock, mint, OnRestore::Refuse, lifetimes).await?;
    let closed = ledger.close_orphans(Orphans::EarlierBoots).await?;
    if closed > 0 {
        tracing::info!(closed, "exchanges that an earlier run left open were closed as unknown");
    }

    let outbound = Outbound::new(ISSUER_WAIT, &[])?;
    let issuers = config.issuers.iter().map(issuer).collect::<Result<Vec<_>, Fault>>()?;
    let issuers = Arc::new(Issuers::new(issuers, Timing::default(), &outbound, clock)?);

    let settings = Settings {
        idle_timeout_s: config.sessions.idle_seconds,
        absolute_timeout_s: config.sessions.absolute_seconds,
        lockout_after: config.lockout.failures,
        lockout_s: config.lockout.seconds,
        ..Settings::new(config.public_url.clone())
    };
    let wake = Arc::new(Notify::new());
    let projector = Projector::new(database.clone(), reader.clone(), Arc::clone(&wake));
    let admin = Arc::new(Admin::new(Parts {
        database: database.clone(),
        ledger: ledger.clone(),
        reader,
        master: Arc::clone(&master),
        token_key: Arc::clone(&token_key),
        clock: Arc::clone(clock),
        mint: Arc::clone(mint),
        settings,
    })?);

    let callers = Arc::new(StoreCallers::new(
        database.clone(),
        token_key,
        AccessTokens::new(Arc::clone(&issuers)),
        Arc::clone(clock),
    ));
    let written = Arc::new(AtomicU64::new(0));
    let directory = Arc::new(Directory::default());
    let tls = tls::client_config()?;
    let gateway = Arc::new(Gateway::new(countersign_gateway::Parts {
        callers: callers.clone(),
        journal: Arc::new(LedgerJournal::new(
            ledger.clone(),
            lifetimes.give_up.clone(),
            Arc::clone(&written),
        )),
        directory: Arc::clone(&directory),
        marks,
        clock: Arc::clone(clock),
        mint: Arc::clone(mint),
        tracker: lifetimes.outcomes.clone(),
        tls: tls.clone(),
    }));
    let pulse = Pulse::new(stop.clone());
    let watch = Watch {
        database: database.clone(),
        master,
        directory: Arc::clone(&directory),
        callers: Arc::clone(&callers),
        pulse: pulse.clone(),
        looked_for: Arc::default(),
    };
    watch.read().await;

    let trusted_proxies: Arc<[std::net::IpAddr]> = config.trusted_proxies.clone().into();
    let files = Files::new(config.site_dir.clone());
    let site = Arc::new(Site {
        assets: files.assets(),
        public_url: config.public_url.as_str().trim_end_matches('/').to_owned(),
        issuers: config
            .issuers
            .iter()
            .filter(|issuer| issuer.sign_in)
            .map(|issuer| Issuer {
                name: issuer.name.clone(),
                label: issuer.label.clone().unwrap_or_else(|| issuer.name.clone()),
            })
            .collect(),
        sample: config.sample_model.map(|at| Sample {
            base_url: format!("http://{at}/v1"),
            model: sample::MODEL.to_owned(),
            key: sample::KEY.to_owned(),
        }),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        check: crate::verify::command(config),
    });
    let store =
        session::PostgresSessions::new(database.clone(), Arc::clone(clock), config.sessions.absolute_seconds);
    let state = AppState {
        leptos: LeptosOptions::builder().output_name("countersign").build(),
        admin,
        door: Door {
            gateway,
            clock: Arc::clone(clock),
            mint: Arc::clone(mint),
            trusted_proxies: Arc::clone(&trusted_proxies),
        },
        directory: Arc::clone(&directory),
        issuers,
        site,
        files,
        tracker: lifetimes.outcomes.clone(),
        pulse,
        detector: Detector::new(directory),
        readiness: Readiness::new(ledger.health()),
        routes: Arc::new(leptos_axum::generate_route_list_with_exclusions(app::shell, Some(oidc::paths()))),
        trusted_proxies,
        public_url: Arc::new(config.public_url.clone()),
        tls,
        clock: Arc::clone(clock),
        mint: Arc::clone(mint),
        flashes: Flashes::new(database.clone(), Arc::clone(clock)),
        sessions: store.clone(),
    };
    let sessions = session::layer(store, config.sessions.idle_seconds);
    Ok(Built {
        state,
        sessions,
        ledger,
        database: database.clone(),
        callers,
        watch,
        projector,
        wake,
        written,
        clock: Arc::clone(clock),
    })
}

fn issuer(from: &identity::Issuer) -> Result<IssuerSettings, Fault> {
    let secret = match &from.client_secret_file {
        None => None,
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                format!("oidc {}: client_secret_file {}: {error}", from.name, path.display())
            })?;
            Some(Secret::new(text.trim().to_owned()))
        }
    };
    let mut role_map = Vec::new();
    for (group, names) in &from.roles {
        for name in names {
            let role =
                name.parse().map_err(|()| format!("oidc {}: roles: `{name}` is no role", from.name))?;
            role_map.push((group.clone(), role));
        }
    }
    Ok(IssuerSettings {
        client_secret: secret,
        scopes: from.scopes.clone(),
        groups_claim: from.groups_claim.clone(),
        role_map,
        sign_in: from.sign_in,
        access_tokens: from
            .audience
            .clone()
            .map(|audience| AccessTokenSettings { audience, typ_strict: !from.relaxed_typ }),
        ..IssuerSettings::new(&from.name, &from.issuer, &from.client_id)
    })
}

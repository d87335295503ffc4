//! Every trusted issuer, by name for sign-in and by identifier for access tokens.

use std::{collections::HashSet, sync::Arc};

use countersign_model::{Clock, Timestamp};

use crate::{
    outbound::Outbound,
    provider::Provider,
    settings::{IssuerSettings, SettingsError, Timing},
};

/// The trusted issuers of this process.
pub struct Issuers {
    providers: Vec<Arc<Provider>>,
}

/// How an issuer stands, for a page or a health answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    pub name: String,
    pub issuer: String,
    /// When its keys were last fetched; `None`: never in this process.
    pub fetched_at: Option<Timestamp>,
    pub fresh_until: Option<Timestamp>,
    /// Keys in hand.
    pub keys: usize,
    /// Fetches that failed since the last success; `None` while one is under way.
    pub failures: Option<u32>,
}

impl Issuers {
    /// Checks the settings; asks nobody.
    pub fn new(
        settings: Vec<IssuerSettings>,
        timing: Timing,
        outbound: &Outbound,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, SettingsError> {
        let mut names = HashSet::new();
        let mut tokens = HashSet::new();
        for one in &settings {
            one.check()?;
            if !names.insert(one.name.as_str()) {
                return Err(SettingsError::NameTwice(one.name.clone()));
            }
            if one.access_tokens.is_some() && !tokens.insert(one.issuer.as_str()) {
                return Err(SettingsError::AccessTokensTwice(one.issuer.clone()));
            }
        }
        let provider = |one| Arc::new(Provider::new(one, timing, outbound.clone(), Arc::clone(clock)));
        Ok(Self { providers: settings.into_iter().map(provider).collect() })
    }

    /// The issuers people may sign in with, in the order of the settings.
    pub fn for_sign_in(&self) -> impl Iterator<Item = &IssuerSettings> {
        self.providers.iter().map(|provider| &provider.settings).filter(|settings| settings.sign_in)
    }

    /// The issuer with this name.
    pub(crate) fn named(&self, name: &str) -> Option<&Arc<Provider>> {
        self.providers.iter().find(|provider| provider.settings.name == name)
    }

    /// The issuer with exactly this identifier, if its access tokens are accepted.
    pub(crate) fn for_access_tokens(&self, issuer: &str) -> Option<&Arc<Provider>> {
        self.providers
            .iter()
            .find(|provider| provider.settings.issuer == issuer && provider.settings.access_tokens.is_some())
    }

    /// Fetches metadata and keys whose fresh time is half over. For a job that runs about once a minute; requests
    /// fetch by themselves what it has not.
    pub async fn refresh_due(&self) {
        futures::future::join_all(self.providers.iter().map(|provider| async move {
            // A failure is logged where it happens and counted in `standing`.
            let _ = provider.refresh_early().await;
        }))
        .await;
    }

    /// How each issuer stands.
    pub fn standing(&self) -> Vec<Standing> {
        let one = |provider: &Arc<Provider>| {
            let held = provider.held();
            Standing {
                name: provider.settings.name.clone(),
                issuer: provider.settings.issuer.clone(),
                fetched_at: held.as_ref().map(|known| known.fetched_at),
                fresh_until: held.as_ref().map(|known| known.fresh_until),
                keys: held.map_or(0, |known| known.keys.len()),
                failures: provider.failures(),
            }
        };
        self.providers.iter().map(one).collect()
    }
}

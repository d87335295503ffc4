//! What every test needs: a clock that can be moved, randomness, and issuers set up over them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use countersign_identity::{AccessTokenSettings, AccessTokens, IssuerSettings, Issuers, Outbound, Timing};
use countersign_model::{Clock, Mint, Secret, Timestamp, person::Role};
use serde_json::{Value, json};

pub const AUDIENCE: &str = "urn:countersign:gateway";
pub const CLIENT: &str = "countersign";

/// The real time plus what a test adds.
#[derive(Default)]
pub struct MovedClock(AtomicI64);

impl MovedClock {
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds * 1_000_000_000, Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    #[expect(clippy::disallowed_methods, reason = "tokens of a real provider carry the real time")]
    fn now(&self) -> Timestamp {
        let real = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        Timestamp(i64::try_from(real.as_nanos()).unwrap() + self.0.load(Ordering::SeqCst))
    }
}

pub struct RandomMint;

impl Mint for RandomMint {
    fn fill(&self, bytes: &mut [u8]) {
        aws_lc_rs::rand::fill(bytes).unwrap();
    }
}

pub struct Scene {
    pub clock: Arc<MovedClock>,
    pub issuers: Arc<Issuers>,
    pub access: AccessTokens,
}

/// Settings as in the documentation: people sign in, access tokens for our audience.
pub fn settings(issuer: &str) -> IssuerSettings {
    let mut settings = IssuerSettings::new("company", issuer, CLIENT);
    settings.client_secret = Some(Secret::new("countersign-test-secret".into()));
    settings.scopes.push("groups".into());
    settings.role_map = vec![("admins".into(), Role::Admin), ("analysts".into(), Role::User)];
    settings.access_tokens = Some(AccessTokenSettings { audience: AUDIENCE.into(), typ_strict: true });
    settings
}

/// Patient, for machines that are busy with other things.
pub fn outbound() -> Outbound {
    Outbound::new(Duration::from_secs(30), b"").unwrap()
}

impl Scene {
    pub fn new(settings: IssuerSettings) -> Self {
        Self::over(&outbound(), settings)
    }

    pub fn over(outbound: &Outbound, settings: IssuerSettings) -> Self {
        let clock = Arc::new(MovedClock::default());
        let shared: Arc<dyn Clock> = clock.clone();
        let issuers = Arc::new(Issuers::new(vec![settings], Timing::default(), outbound, &shared).unwrap());
        Self { clock, access: AccessTokens::new(Arc::clone(&issuers)), issuers }
    }

    pub fn seconds(&self) -> i64 {
        self.clock.now().seconds()
    }

    /// Claims of a good access token.
    pub fn claims(&self, issuer: &str) -> Value {
        let now = self.seconds();
        json!({"iss": issuer, "aud": AUDIENCE, "sub": "user-ana", "client_id": "cli", "jti": "t1", "iat": now,
               "exp": now + 300, "scope": "models:call other", "groups": ["admins"], "preferred_username": "ana"})
    }
}

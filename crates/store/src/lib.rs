//! The only SQL: the ledger, sealed payloads, and the database they live in.
//!
//! Every statement is literal text. No ledger row is ever changed or removed from here.
#![forbid(unsafe_code)]

pub mod changes;
pub mod connections;
pub mod error;
pub mod events;
pub mod exchanges;
pub mod ledger;
mod moment;
pub mod overview;
pub mod own_entities;
pub mod people;
pub mod pool;
pub mod projection;
pub mod seal;
pub mod sessions;
pub mod setup;
#[cfg(feature = "testing")]
pub mod testing;
pub mod token_secret;
pub mod tokens;
pub mod web_sessions;

pub use error::StoreError;
pub use ledger::{Ledger, LedgerReader};
pub use pool::{Database, DatabaseOptions, Durability, SelfCheck};
pub use seal::MasterKey;
pub use sqlx::{PgConnection, PgTransaction};

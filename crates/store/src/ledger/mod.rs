//! The audit log in Postgres: one writer for each process, readers, and verification.
//!
//! Promise: when [`Ledger::append`] returns a receipt, the record is committed, hashed into the tree and covered by a
//! signature. Rows are only ever added. A head that this process cannot explain is never extended.

mod chain;
mod commit;
mod contents;
mod data_keys;
mod entry;
mod keeper;
mod open;
mod orphans;
mod queue;
mod reader;
mod statements;
mod verify;
mod writer;

pub use chain::Poison;
pub use contents::{Contents, RawRecord};
pub use entry::{AppendError, Entry, Health, LateReceipt, Receipt};
pub use keeper::{KeeperError, remembered};
pub use open::{Ledger, LedgerConfig, Limits, OnRestore, OpenError, Running, Sources};
pub use orphans::{Orphans, SweepError};
pub use reader::{LedgerReader, StoredRecord};
pub use verify::{Verdict, VerifyOptions};

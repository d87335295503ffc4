//! Nouns that every room of Countersign shares.
//!
//! Plain data only: no I/O, no clock, no randomness, so every crate (and the browser) can hold them.
//! Time and fresh ids come from [`Clock`] and [`Mint`], which the process passes in.
#![forbid(unsafe_code)]

pub mod action;
pub mod analyzer;
pub mod audit;
pub mod caller;
pub mod clock;
pub mod connection;
pub mod coverage;
pub mod entity;
pub mod exchange;
pub mod form;
pub mod id;
pub mod mark;
pub mod own_entity;
pub mod page;
pub mod person;
pub mod reason;
pub mod risk;
pub mod secret;
pub mod token;
pub mod trial;
pub mod unseen;

pub use clock::{Clock, Mint, Timestamp};
pub use id::{
    BootId, ConnectionId, ExchangeId, NodeId, OwnEntityId, PersonId, RequestId, SessionId, TokenId,
};
pub use secret::Secret;

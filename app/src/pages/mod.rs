//! One module per page. A page loads its data in its leaf, shows it, and posts plain forms; it decides nothing.

pub(crate) mod account;
pub(crate) mod audit;
pub(crate) mod connect;
pub(crate) mod connection;
pub(crate) mod connections;
pub(crate) mod entities;
pub(crate) mod entity;
pub(crate) mod missing;
pub(crate) mod overview;
pub(crate) mod people;
pub(crate) mod person;
pub(crate) mod playground;
pub(crate) mod session;
pub(crate) mod sessions;
pub(crate) mod setup;
pub(crate) mod sign_in;

//! The product as people and clients meet it: the whole server in this process, a database of its own for each test,
//! browsers that keep cookies, and a model server that counts what reaches it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test: what does not hold must stop it, also in its helpers"
)]

mod analyzer;
mod audit;
mod browser;
mod detect;
mod detect_api;
mod early;
mod entities;
mod forms;
mod framing;
mod house;
mod killed;
mod model;
mod oidc;
mod origin;
mod pages;
mod privacy;
mod roles;
mod setup;
mod sign_in;
mod store_down;
mod verify;

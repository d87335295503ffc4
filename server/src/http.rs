//! The HTTP edge: what comes in at the one listening port, in front of the proxy and the pages.

pub mod assets;
pub mod bare;
pub mod detect;
pub mod flash;
pub mod forms;
pub mod health;
pub mod linger;
pub mod live;
pub mod oidc;
pub mod origin;
pub mod pages;
pub mod peer;
pub mod proxy;
pub mod security;
pub mod session;
pub mod viewer;
pub mod whole;

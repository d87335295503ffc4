//! The gateway's stages as one, over ports in memory and an upstream of raw TCP that counts every byte it sees.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::allow_attributes,
    reason = "a test: what does not hold must stop it, also in its helpers"
)]

mod access;
mod actions;
mod analyzer;
mod counted;
mod hostile;
mod leaving;
mod masking;
mod memory;
mod presidio;
mod recording;
mod risks;
mod scene;
mod shapes;
mod upstream;

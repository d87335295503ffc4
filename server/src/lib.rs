//! The process: reads its settings, joins the parts, serves, stops. The binary is `main.rs`; this library exists so that
//! tests can start the same process inside their own.

// Leptos: erased views. A server without it does not link, and would not fit the browser's build.
#[cfg(not(erase_components))]
compile_error!("build with --cfg=erase_components (see .cargo/config.toml; do not set RUSTFLAGS)");

pub mod cli;
pub mod clock;
pub mod config;
pub mod detect;
pub mod hello;
pub mod http;
pub mod keys;
pub mod postgres;
pub mod readiness;
pub mod router;
pub mod sample;
pub mod serve;
pub mod state;
pub mod storage;
pub mod verify;
pub mod wiring;

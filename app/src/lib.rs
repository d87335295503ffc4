//! What people see: the pages of Countersign, rendered by the server and hydrated in the browser.
//!
//! Features `ssr` (the server links it) and `hydrate` (the browser runs it) never meet in one build. Every page is complete and
//! every form works with scripts switched off; the browser adds live numbers, relative times, copying and keys.
#![forbid(unsafe_code)]

pub mod api;
mod app;
mod components;
pub mod context;
pub mod error;
mod live;
mod pages;
pub mod routes;
#[cfg(feature = "ssr")]
mod shell;
pub mod view;

pub use app::App;
#[cfg(feature = "ssr")]
pub use shell::shell;

/// Takes over the server's page in the browser.
#[cfg(feature = "hydrate")]
pub fn hydrate() {
    live::browser::report_panics();
    live::browser::mark_scripted();
    leptos::mount::hydrate_body(App);
}

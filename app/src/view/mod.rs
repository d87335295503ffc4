//! View logic without Leptos: pure functions from model values to what a page shows. Unit-tested, no clock, no browser.

pub mod chart;
pub mod done;
pub mod entries;
pub mod filter;
pub mod happened;
pub mod lanes;
pub mod masks;
pub mod numbers;
pub mod playground;
pub mod proof;
pub mod query;
pub mod snippet;
pub mod text;
pub mod time;
pub mod words;

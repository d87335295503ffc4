//! Where everything meets: store types become the gateway's ports.

pub mod callers;
pub mod changes;
pub mod journal;

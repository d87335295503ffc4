//! The crate from outside: golden fixtures, properties over every cutting, endings.

mod bodies;
mod endings;
mod golden;
mod streams;
mod toy;

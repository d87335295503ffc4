//! Numbers that states and institutions give to people and firms, a file a country or area.

pub mod asia;
mod checks;
pub mod east;
pub mod france;
pub mod germany;
pub mod india;
pub mod latin_america;
pub mod mediterranean;
pub mod nordic;
pub mod oceania_africa;
pub mod united_kingdom;
pub mod united_states;

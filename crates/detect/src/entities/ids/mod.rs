//! Numbers that states and institutions give to people and firms, a file a country.

pub mod united_kingdom;

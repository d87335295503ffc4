//! Building blocks of the pages. They hold no data of their own and fetch nothing.

pub(crate) mod badge;
pub(crate) mod chain;
pub(crate) mod field;
pub(crate) mod frame;
pub(crate) mod help;
pub(crate) mod loaded;
pub(crate) mod mark;
pub(crate) mod masked;
pub(crate) mod moment;
pub(crate) mod notice;
pub(crate) mod shown;
pub(crate) mod tokens;

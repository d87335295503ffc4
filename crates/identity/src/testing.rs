//! What reads a token before any key is asked for, open to tests from outside. No part of what this crate promises.

pub use crate::claims::{Untimely, check_times, moment, scope, subject, texts};
pub use crate::jws::{Jws, JwsError, TOKEN_MAX, looks_like_one};
pub use crate::strict::{Object, object};

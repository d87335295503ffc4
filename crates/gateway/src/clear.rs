//! Stage 6: nobody has to be asked, or somebody said yes. Takes [`Masked`], gives [`Cleared`].
//!
//! No policy can ask for an approval yet, so every masked request is clear. The room stands so that `journal` takes a
//! [`Cleared`] and nothing else.

use crate::redact::Masked;

/// A request that waits for nobody.
pub struct Cleared(Masked);

impl Cleared {
    pub(crate) fn into_masked(self) -> Masked {
        self.0
    }
}

/// Clears a request.
pub const fn clear(masked: Masked) -> Cleared {
    Cleared(masked)
}

//! The names of what can be found. Presidio's names where it has the entity; and those an administrator gives.

use serde::{Serialize, Serializer};

use crate::own::OwnName;

/// Makes the enum of the list that `model` keeps, which the pages name too.
macro_rules! entities {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Entity {
            $($(#[$doc])* $variant,)*
            /// Named by an administrator.
            Own(OwnName),
        }

        /// The standard ones, to count them.
        enum Ordinal {
            $($variant,)*
            Own,
        }

        impl Entity {
            /// The standard ones.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Such as `EMAIL_ADDRESS`. Stable: it is written to the ledger.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                    Self::Own(own) => own.name(),
                }
            }

            /// What stands in place of the value, such as `[EMAIL_ADDRESS]`.
            pub fn label(self) -> &'static str {
                match self {
                    $(Self::$variant => concat!("[", $name, "]"),)*
                    Self::Own(own) => own.label(),
                }
            }

            /// Its place in [`Entity::ALL`]; those of administrators come behind all of them.
            pub const fn number(self) -> usize {
                match self {
                    $(Self::$variant => Ordinal::$variant as usize,)*
                    Self::Own(_) => Ordinal::Own as usize,
                }
            }
        }
    };
}

countersign_model::standard_entities!(entities);

impl Serialize for Entity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Entity {
    /// The standard entity of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|entity| entity.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_labels_and_serde_agree() {
        for (number, entity) in Entity::ALL.iter().enumerate() {
            assert_eq!(entity.number(), number);
            assert_eq!(Entity::named(entity.name()), Some(*entity));
            assert_eq!(entity.label(), format!("[{}]", entity.name()));
            assert_eq!(serde_json::to_string(entity).unwrap(), format!("\"{}\"", entity.name()));
        }
    }
}

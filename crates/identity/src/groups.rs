//! Groups in claims: where they are, and when it must be said that they are somewhere else.
//!
//! Promises: a list that the issuer left out for its length is an error, never an empty list. Groups decide what a
//! person may do, so what cannot be read is refused rather than guessed.

use serde_json::Value;
use thiserror::Error;

use crate::{claims::texts, strict::Object};

/// More groups than a token can sensibly carry.
const GROUPS_MAX: usize = 2000;

/// Why groups cannot be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum GroupsError {
    #[error(
        "the issuer left the groups out of the token because the person is in too many (the overage marker of \
         Microsoft Entra); assign the groups to the application or use application roles"
    )]
    Elsewhere,
    #[error("the groups claim is not a list of names")]
    Unreadable,
    #[error("the groups claim has more than {GROUPS_MAX} entries")]
    TooMany,
}

/// The groups at `pointer` (RFC 6901), `None` when the claim is not there.
pub fn read(claims: &Object, pointer: &str) -> Result<Option<Vec<String>>, GroupsError> {
    let mut steps = pointer.split('/').skip(1).map(|step| step.replace("~1", "/").replace("~0", "~"));
    let Some(first) = steps.next() else { return Ok(None) };
    let referred = claims.get("_claim_names").and_then(Value::as_object);
    let flagged = claims.get("hasgroups").is_some_and(|flag| flag == true || flag == "true");
    if referred.is_some_and(|names| names.contains_key(&first)) || (flagged && first == "groups") {
        return Err(GroupsError::Elsewhere);
    }
    let found = steps.try_fold(claims.get(&first), |at, step| match at {
        Some(Value::Object(object)) => Ok(object.get(&step)),
        Some(Value::Null) | None => Ok(None),
        Some(_) => Err(GroupsError::Unreadable),
    })?;
    match found {
        None | Some(Value::Null) => Ok(None),
        Some(value) => {
            let mut groups = texts(value).ok_or(GroupsError::Unreadable)?;
            if groups.len() > GROUPS_MAX {
                return Err(GroupsError::TooMany);
            }
            groups.sort_unstable();
            groups.dedup();
            Ok(Some(groups))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(claims: Value, pointer: &str) -> Result<Option<Vec<String>>, GroupsError> {
        read(claims.as_object().unwrap(), pointer)
    }

    #[test]
    fn reads_groups_wherever_the_pointer_says() {
        let some = |names: &[&str]| Ok(Some(names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>()));
        assert_eq!(of(json!({"groups": ["b", "a", "b"]}), "/groups"), some(&["a", "b"]));
        assert_eq!(of(json!({"groups": "one"}), "/groups"), some(&["one"]));
        assert_eq!(of(json!({"groups": []}), "/groups"), some(&[]));
        assert_eq!(of(json!({"realm_access": {"roles": ["r"]}}), "/realm_access/roles"), some(&["r"]));
        assert_eq!(of(json!({"https://x/g": ["r"]}), "/https:~1~1x~1g"), some(&["r"]));
        assert_eq!(of(json!({}), "/groups"), Ok(None));
        assert_eq!(of(json!({"realm_access": {}}), "/realm_access/roles"), Ok(None));
        assert_eq!(of(json!({"groups": null}), "/groups"), Ok(None));
    }

    #[test]
    fn fails_closed() {
        let entra =
            json!({"_claim_names": {"groups": "src1"}, "_claim_sources": {"src1": {"endpoint": "x"}}});
        assert_eq!(of(entra.clone(), "/groups"), Err(GroupsError::Elsewhere));
        assert_eq!(of(json!({"hasgroups": true}), "/groups"), Err(GroupsError::Elsewhere));
        assert_eq!(of(json!({"hasgroups": "true"}), "/groups"), Err(GroupsError::Elsewhere));
        assert_eq!(of(entra, "/roles"), Ok(None), "application roles are not affected");
        assert_eq!(of(json!({"groups": [1]}), "/groups"), Err(GroupsError::Unreadable));
        assert_eq!(of(json!({"groups": {"a": 1}}), "/groups"), Err(GroupsError::Unreadable));
        assert_eq!(of(json!({"realm_access": "x"}), "/realm_access/roles"), Err(GroupsError::Unreadable));
        assert_eq!(of(json!({"groups": vec!["x"; 2001]}), "/groups"), Err(GroupsError::TooMany));
    }
}

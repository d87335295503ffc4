//! Passwords: which are accepted, how they are hashed and checked. argon2id (RFC 9106); rules after NIST SP 800-63B.
//!
//! A password is never stored, logged or given back. Hashing runs on the blocking pool, a few at a time, so that a
//! burst of sign-ins neither stops the pages nor takes all the memory.

mod common;

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version,
    password_hash::phc::PasswordHash,
};
use countersign_model::Mint;
use tokio::sync::Semaphore;
use zeroize::Zeroizing;

use crate::settings::PasswordCost;

/// Shortest password, characters.
pub const MIN_CHARS: usize = 12;
/// Longest password, bytes: longer ones only cost hashing time.
pub const MAX_BYTES: usize = 512;
/// Hashes computed at the same time.
const AT_ONCE: usize = 4;
const SALT_LEN: usize = 16;

/// Hashing failed; nothing a person can do about it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HashingError {
    #[error("argon2: {0}")]
    Argon2(String),
    #[error("the hashing task ended early")]
    Stopped,
}

/// Hashes and checks with this installation's cost.
pub(crate) struct Passwords {
    argon2: Argon2<'static>,
    /// The hash of a password nobody has, checked when there is no account, so that the answer takes as long.
    nobody: String,
    turns: Arc<Semaphore>,
}

impl Passwords {
    /// Fails when the cost is not one that argon2 can have.
    pub(crate) fn new(cost: PasswordCost, mint: &dyn Mint) -> Result<Self, HashingError> {
        let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(argon2_error)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = phc(&argon2, &mint.bytes32(), &salt(mint))?;
        Ok(Self { argon2, nobody, turns: Arc::new(Semaphore::new(AT_ONCE)) })
    }

    /// The PHC string to store.
    pub(crate) async fn hash(&self, password: &str, mint: &dyn Mint) -> Result<String, HashingError> {
        let password = Zeroizing::new(password.as_bytes().to_vec());
        let (argon2, salt) = (self.argon2.clone(), salt(mint));
        self.in_turn(move || phc(&argon2, &password, &salt)).await?
    }

    /// Whether the password is the one that was hashed. Without a hash: `false`, after the same work.
    pub(crate) async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, HashingError> {
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.nobody).to_owned();
        // Longer ones were never accepted; hashing them would only cost time.
        let password =
            Zeroizing::new(password.as_bytes().get(..MAX_BYTES).unwrap_or(password.as_bytes()).to_vec());
        let argon2 = self.argon2.clone();
        let matches = self
            .in_turn(move || {
                let stored = PasswordHash::new(&stored).map_err(argon2_error)?;
                Ok::<_, HashingError>(argon2.verify_password(password.as_slice(), &stored).is_ok())
            })
            .await??;
        Ok(known && matches)
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashingError> {
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| HashingError::Stopped)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(|_| HashingError::Stopped)
    }
}

/// What is wrong with a new password, in one sentence; `None`: it is accepted.
pub(crate) fn refuse(password: &str, login: &str) -> Option<&'static str> {
    let lower = password.to_lowercase();
    let login = login.to_lowercase();
    if password.chars().count() < MIN_CHARS {
        Some("Use at least 12 characters; a few unrelated words are easy to remember.")
    } else if password.len() > MAX_BYTES {
        Some("Use at most 512 bytes.")
    } else if login.len() >= 3 && lower.contains(&login) {
        Some("Do not use the login inside the password.")
    } else if common::is_common(&lower) {
        Some("This password is one of the first to be tried; choose another.")
    } else {
        None
    }
}

fn salt(mint: &dyn Mint) -> [u8; SALT_LEN] {
    let mut salt = [0; SALT_LEN];
    mint.fill(&mut salt);
    salt
}

fn phc(argon2: &Argon2<'_>, password: &[u8], salt: &[u8]) -> Result<String, HashingError> {
    Ok(argon2.hash_password_with_salt(password, salt).map_err(argon2_error)?.to_string())
}

fn argon2_error(error: impl std::fmt::Display) -> HashingError {
    HashingError::Argon2(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed;

    impl Mint for Fixed {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(7);
        }
    }

    const LIGHT: PasswordCost = PasswordCost { memory_kib: 64, passes: 1, lanes: 1 };

    #[tokio::test]
    async fn the_right_password_and_no_other() {
        let passwords = Passwords::new(LIGHT, &Fixed).unwrap();
        let stored = passwords.hash("correct horse battery", &Fixed).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert!(passwords.verify("correct horse battery", Some(&stored)).await.unwrap());
        assert!(!passwords.verify("correct horse batterz", Some(&stored)).await.unwrap());
        assert!(!passwords.verify("", Some(&stored)).await.unwrap());
        assert!(passwords.verify("x", Some("not a hash")).await.is_err());
    }

    #[tokio::test]
    async fn without_an_account_nothing_matches_not_even_the_dummy() {
        let passwords = Passwords::new(LIGHT, &Fixed).unwrap();
        let dummy = String::from_utf8(vec![7; 32]).unwrap();
        assert!(!passwords.verify(&dummy, None).await.unwrap());
    }

    #[test]
    fn the_default_cost_is_owasps() {
        let passwords = Passwords::new(PasswordCost::default(), &Fixed).unwrap();
        assert!(passwords.nobody.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", passwords.nobody);
    }

    #[test]
    fn weak_passwords_are_named_as_such() {
        for (password, login) in [
            ("short", "ada"),
            ("elevenchars", "ada"),
            ("ada.lovelace 1815", "ada.lovelace"),
            ("my ADA.Lovelace", "ada.lovelace"),
            ("password1234", "ada"),
            ("Password123456!", "ada"),
            ("qwertyuiopas", "ada"),
            ("123456789012", "ada"),
            ("aaaaaaaaaaaa", "ada"),
            ("abababababab", "ada"),
            ("administrator", "ada"),
        ] {
            assert!(refuse(password, login).is_some(), "{password}");
        }
        assert!(refuse(&"x1".repeat(300), "ada").is_some());
        for password in ["correct horse battery", "ein Bär im Wald 3", "tr0ub4dor&3xyz-q"] {
            assert_eq!(refuse(password, "ada"), None, "{password}");
        }
    }
}

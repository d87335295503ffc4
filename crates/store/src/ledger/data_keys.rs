//! The data key of each session: loaded or made when first needed, stored with the first batch that uses it.

use std::{
    collections::{BTreeSet, HashMap},
    num::NonZeroUsize,
    sync::Arc,
};

use countersign_ledger::{Commitment, Digest, Group, SALT_LEN, commitment};
use countersign_model::Mint;
use lru::LruCache;
use sqlx::{PgConnection, Row as _};
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    StoreError,
    seal::{DataKey, MasterKey, Place, SealError},
};

/// How many sessions' keys are kept at hand.
const CACHED: NonZeroUsize = NonZeroUsize::new(4_096).unwrap();

/// Data keys by scope (a session's or a boot's UUID).
pub(super) struct DataKeys {
    master: Arc<MasterKey>,
    stored: LruCache<Uuid, Arc<DataKey>>,
    /// Made but not committed yet, with the wrapped form to be stored.
    fresh: HashMap<Uuid, (Arc<DataKey>, Vec<u8>)>,
}

/// Content of one entry, sealed: what goes into its record and into `ledger_payload`.
#[derive(Debug, Clone)]
pub(super) struct SealedEntry {
    pub commitments: Vec<Commitment>,
    pub payloads: Vec<(Group, Vec<u8>)>,
}

impl DataKeys {
    pub fn new(master: Arc<MasterKey>) -> Self {
        Self { master, stored: LruCache::new(CACHED), fresh: HashMap::new() }
    }

    /// A key for each of these scopes.
    pub async fn get(
        &mut self,
        connection: &mut PgConnection,
        scopes: &BTreeSet<Uuid>,
        mint: &dyn Mint,
    ) -> Result<HashMap<Uuid, Arc<DataKey>>, StoreError> {
        let mut found = HashMap::with_capacity(scopes.len());
        let mut unknown = Vec::new();
        for scope in scopes {
            match self.stored.get(scope).or_else(|| self.fresh.get(scope).map(|(key, _)| key)) {
                Some(key) => {
                    found.insert(*scope, Arc::clone(key));
                }
                None => unknown.push(*scope),
            }
        }
        if unknown.is_empty() {
            return Ok(found);
        }
        let rows = sqlx::query("SELECT session, wrapped FROM session_key WHERE session = ANY($1)")
            .bind(&unknown)
            .fetch_all(connection)
            .await?;
        for row in rows {
            let scope: Uuid = row.try_get(0)?;
            let key = Arc::new(self.master.unwrap(row.try_get(1)?, place_of_key(&scope))?);
            self.stored.put(scope, Arc::clone(&key));
            found.insert(scope, key);
        }
        for scope in unknown {
            if let std::collections::hash_map::Entry::Vacant(vacant) = found.entry(scope) {
                let key = Arc::new(DataKey::fresh(mint)?);
                let wrapped = self.master.wrap(&key, place_of_key(&scope), mint)?;
                self.fresh.insert(scope, (Arc::clone(&key), wrapped));
                vacant.insert(key);
            }
        }
        Ok(found)
    }

    /// Those of these scopes whose key is not stored yet, with what to store.
    pub fn unstored(&self, scopes: &BTreeSet<Uuid>) -> (Vec<Uuid>, Vec<Vec<u8>>) {
        scopes.iter().filter_map(|scope| self.fresh.get(scope).map(|(_, w)| (*scope, w.clone()))).unzip()
    }

    /// The keys of these scopes have been committed.
    pub fn committed(&mut self, scopes: &[Uuid]) {
        for scope in scopes {
            if let Some((key, _)) = self.fresh.remove(scope) {
                self.stored.put(*scope, key);
            }
        }
    }

    /// Another node stored a key for one of our sessions first: ask again.
    pub fn forget_fresh(&mut self) {
        self.fresh.clear();
    }
}

/// Seals the contents of one entry, each with a fresh salt.
pub(super) fn seal_contents(
    contents: &[(Group, Vec<u8>)],
    key: &DataKey,
    mint: &dyn Mint,
) -> Result<SealedEntry, SealError> {
    let mut sealed = SealedEntry { commitments: Vec::new(), payloads: Vec::new() };
    for (group, content) in contents {
        let salt: [u8; SALT_LEN] = mint.bytes32();
        let promise = commitment(*group, &salt, content);
        let mut plain = Zeroizing::new(Vec::with_capacity(SALT_LEN + content.len()));
        plain.extend_from_slice(&salt);
        plain.extend_from_slice(content);
        let ciphertext = key.seal(&plain, place_of_payload(&promise, *group), mint)?;
        let hash = Digest::of(&[&ciphertext]);
        sealed.commitments.push(Commitment { group: *group, content: promise, ciphertext: hash });
        sealed.payloads.push((*group, ciphertext));
    }
    Ok(sealed)
}

/// Opens a payload and checks that it is what its record committed to; `None` when it is something else.
pub(super) fn open_content(
    promised: &Commitment,
    ciphertext: &[u8],
    key: &DataKey,
) -> Result<Option<Zeroizing<Vec<u8>>>, SealError> {
    let plain = key.open(ciphertext, place_of_payload(&promised.content, promised.group))?;
    let (salt, content) = plain.split_first_chunk::<SALT_LEN>().ok_or(SealError::Malformed)?;
    let kept = commitment(promised.group, salt, content) == promised.content;
    Ok(kept.then(|| Zeroizing::new(content.to_vec())))
}

/// Where a session's wrapped key lives.
pub(super) fn place_of_key(scope: &Uuid) -> Place<'_> {
    Place { table: "session_key", row: scope.as_bytes(), field: "wrapped" }
}

/// Where a payload lives. Its row is named by the commitment (unique by its salt), since the sequence number is not
/// known before the head is locked, and sealing under the lock would make every node wait.
fn place_of_payload(promise: &Digest, group: Group) -> Place<'_> {
    Place { table: "ledger_payload", row: promise.as_bytes(), field: group.name() }
}

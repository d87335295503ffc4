//! The ports, in memory, failing as a test tells them to.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use async_trait::async_trait;
use countersign_gateway::ports::{
    Callers, Entry, EntryKind, Journal, JournalUnavailable, NotACaller, Receipt,
};
use countersign_model::{
    Clock, ExchangeId, Mint, Secret, Timestamp, TokenId,
    caller::{Caller, Proof},
    exchange::{AnswerPart, OutcomeFacts, SegmentFacts, assemble},
};
use tokio::time::sleep;

/// What happens to one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Failed, not persisted.
    Lost,
    /// Failed, persisted anyway.
    Unconfirmed,
    /// Nothing comes back, ever, and nothing is persisted.
    Hangs,
    /// Persisted and confirmed, but only after this long.
    Late(Duration),
}

/// A journal that keeps the port's promises, except where a fault says otherwise.
#[derive(Default)]
pub struct MemoryJournal {
    rows: Mutex<Vec<Entry>>,
    faults: Mutex<VecDeque<(EntryKind, Fault)>>,
}

impl MemoryJournal {
    /// The next row of this kind fails like this.
    pub fn fail(&self, kind: EntryKind, fault: Fault) {
        self.faults.lock().unwrap().push_back((kind, fault));
    }

    pub fn rows(&self) -> Vec<Entry> {
        self.rows.lock().unwrap().clone()
    }

    pub fn count(&self, kind: EntryKind) -> usize {
        self.rows().iter().filter(|row| row.kind == kind).count()
    }

    /// The outcomes, read back.
    pub fn outcomes(&self) -> Vec<OutcomeFacts> {
        let rows = self.rows();
        let outcomes = rows.iter().filter(|row| row.kind == EntryKind::Outcome);
        outcomes.map(|row| serde_json::from_slice(&row.facts).unwrap()).collect()
    }

    /// The one answer on record, as a page would show it.
    pub fn answer(&self) -> String {
        let parts = self.rows().into_iter().filter_map(|row| {
            let (parts, offsets) = match row.kind {
                EntryKind::Segment => {
                    let facts: SegmentFacts = serde_json::from_slice(&row.facts).unwrap();
                    (facts.parts, facts.offsets)
                }
                EntryKind::Outcome => {
                    let facts: OutcomeFacts = serde_json::from_slice(&row.facts).unwrap();
                    (facts.parts, facts.offsets)
                }
                EntryKind::Intent | EntryKind::Refused => return None,
            };
            let turns = row.response.map_or_else(Vec::new, |turns| serde_json::from_slice(&turns).unwrap());
            Some(AnswerPart { parts, offsets, turns })
        });
        assemble(parts).into_iter().map(|turn| turn.text).collect()
    }

    /// Intents without an outcome: what the sweep at the next start would close.
    pub fn open(&self) -> Vec<ExchangeId> {
        let rows = self.rows();
        let closed =
            |exchange| rows.iter().any(|row| row.kind == EntryKind::Outcome && row.exchange == exchange);
        rows.iter()
            .filter(|row| row.kind == EntryKind::Intent && !closed(row.exchange))
            .map(|row| row.exchange)
            .collect()
    }

    fn fault(&self, kind: EntryKind) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap();
        let at = faults.iter().position(|(of, _)| *of == kind)?;
        faults.remove(at).map(|(_, fault)| fault)
    }

    fn persist(&self, entry: Entry) -> Receipt {
        let mut rows = self.rows.lock().unwrap();
        let second = entry.kind == EntryKind::Outcome
            && rows.iter().any(|row| row.kind == EntryKind::Outcome && row.exchange == entry.exchange);
        assert!(!second, "a second outcome for {}", entry.exchange);
        let seq = i64::try_from(rows.len()).unwrap();
        rows.push(entry);
        Receipt { seq, leaf_hash: [u8::try_from(seq % 251).unwrap(); 32] }
    }
}

#[async_trait]
impl Journal for MemoryJournal {
    async fn append(&self, entry: Entry) -> Result<Receipt, JournalUnavailable> {
        match self.fault(entry.kind) {
            None => Ok(self.persist(entry)),
            Some(Fault::Lost) => Err(JournalUnavailable),
            Some(Fault::Unconfirmed) => {
                self.persist(entry);
                Err(JournalUnavailable)
            }
            Some(Fault::Hangs) => std::future::pending().await,
            Some(Fault::Late(after)) => {
                sleep(after).await;
                Ok(self.persist(entry))
            }
        }
    }

    /// Tries again, as the port says; a try that was persisted anyway is found by the next one.
    async fn close(&self, entry: Entry) -> Result<Receipt, JournalUnavailable> {
        let mut persisted = None;
        loop {
            let fault = self.fault(EntryKind::Outcome);
            match (fault, persisted) {
                (None, Some(receipt)) => return Ok(receipt),
                (None, None) => return Ok(self.persist(entry)),
                (Some(Fault::Unconfirmed), None) => persisted = Some(self.persist(entry.clone())),
                (Some(Fault::Lost | Fault::Unconfirmed), _) => {}
                (Some(Fault::Hangs), _) => std::future::pending().await,
                (Some(Fault::Late(after)), _) => sleep(after).await,
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Tokens by their text, with uses.
#[derive(Default)]
pub struct MemoryCallers {
    tokens: Mutex<HashMap<String, (TokenId, Option<i32>)>>,
    uses: Mutex<HashMap<TokenId, i32>>,
    /// What callers of requests under way are told.
    pub ended: AtomicBool,
    /// How often that was asked.
    pub asked: AtomicUsize,
    /// How long `redeem` and `refund` take.
    pub slow: Mutex<Duration>,
}

impl MemoryCallers {
    /// A token good for so many uses; `None`: not counted.
    pub fn token(&self, text: &str, max_uses: Option<i32>) -> TokenId {
        let mut tokens = self.tokens.lock().unwrap();
        let id: TokenId = format!("tok_{:032x}", tokens.len() + 1).parse().unwrap();
        tokens.insert(text.to_owned(), (id, max_uses));
        id
    }

    /// Uses that are taken and were not given back.
    pub fn uses(&self, id: TokenId) -> i32 {
        self.uses.lock().unwrap().get(&id).copied().unwrap_or(0)
    }

    async fn take_a_while(&self) {
        let slow = *self.slow.lock().unwrap();
        sleep(slow).await;
    }
}

#[async_trait]
impl Callers for MemoryCallers {
    async fn identify(&self, presented: &Secret<String>, now: Timestamp) -> Result<Caller, NotACaller> {
        assert_ne!(presented.expose(), "a-fault-of-ours");
        let (token, max_uses) =
            self.tokens.lock().unwrap().get(presented.expose()).copied().ok_or(NotACaller::Invalid)?;
        Ok(Caller {
            person: None,
            label: "ana".into(),
            groups: vec!["staff".into()],
            scope: None,
            proof: Proof::GatewayToken { token, counted: max_uses.is_some() },
            expires_at: now.plus_seconds(60),
        })
    }

    async fn still_valid(&self, _caller: &Caller, _now: Timestamp) -> bool {
        self.asked.fetch_add(1, SeqCst);
        !self.ended.load(SeqCst)
    }

    async fn redeem(&self, proof: &Proof, _now: Timestamp) -> Result<(), NotACaller> {
        let Proof::GatewayToken { token, .. } = proof else { panic!("only tokens are redeemed") };
        self.take_a_while().await;
        let tokens = self.tokens.lock().unwrap();
        let most =
            tokens.values().find(|(id, _)| id == token).and_then(|(_, most)| *most).unwrap_or(i32::MAX);
        let mut uses = self.uses.lock().unwrap();
        let used = uses.entry(*token).or_default();
        if *used >= most {
            return Err(NotACaller::Spent);
        }
        *used += 1;
        Ok(())
    }

    async fn refund(&self, proof: &Proof) {
        let Proof::GatewayToken { token, .. } = proof else { panic!("only tokens are refunded") };
        self.take_a_while().await;
        let mut uses = self.uses.lock().unwrap();
        let used = uses.get_mut(token).unwrap();
        *used -= 1;
        assert!(*used >= 0, "more uses were given back than taken");
    }
}

/// A moment that does not pass.
pub struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        Timestamp(1_760_000_000_000_000_000)
    }
}

/// Numbers instead of randomness: every id is new.
#[derive(Default)]
pub struct Counting(Arc<Mutex<u64>>);

impl Mint for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let mut next = self.0.lock().unwrap();
        *next += 1;
        for (byte, of) in bytes.iter_mut().rev().zip(next.to_le_bytes()) {
            *byte = of;
        }
    }
}

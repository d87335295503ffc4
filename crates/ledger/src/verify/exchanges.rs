//! Exactly one outcome for each intent, in memory bounded by what is open.

use std::collections::{HashMap, VecDeque};

use countersign_model::ExchangeId;

use super::{LISTED_OPEN_INTENTS, OpenIntent, Reason};
use crate::Kind;

/// How many closed exchanges are remembered, so that a doubled outcome can be told from one without an intent.
/// Both are findings; only the name of an old one differs.
const REMEMBERED: usize = 4_096;

#[derive(Debug, Default)]
pub struct Exchanges {
    open: HashMap<ExchangeId, u64>,
    closed: VecDeque<ExchangeId>,
    closed_set: std::collections::HashSet<ExchangeId>,
}

impl Exchanges {
    /// Takes one record of an exchange into account.
    pub fn step(&mut self, kind: Kind, exchange: ExchangeId, seq: u64) -> Result<(), Reason> {
        match kind {
            Kind::Intent if self.closed_set.contains(&exchange) => Err(Reason::SecondIntent),
            Kind::Intent => match self.open.insert(exchange, seq) {
                None => Ok(()),
                Some(_) => Err(Reason::SecondIntent),
            },
            Kind::Segment if self.open.contains_key(&exchange) => Ok(()),
            Kind::Outcome if self.open.remove(&exchange).is_some() => {
                self.remember(exchange);
                Ok(())
            }
            Kind::Outcome if self.closed_set.contains(&exchange) => Err(Reason::SecondOutcome),
            Kind::Segment | Kind::Outcome => Err(Reason::OutcomeWithoutIntent),
            _ => Ok(()),
        }
    }

    fn remember(&mut self, exchange: ExchangeId) {
        if self.closed.len() == REMEMBERED
            && let Some(oldest) = self.closed.pop_front()
        {
            self.closed_set.remove(&oldest);
        }
        self.closed.push_back(exchange);
        self.closed_set.insert(exchange);
    }

    /// How many are open.
    pub fn open(&self) -> u64 {
        self.open.len() as u64
    }

    /// The oldest open ones.
    pub fn list(&self) -> Vec<OpenIntent> {
        let mut open: Vec<_> =
            self.open.iter().map(|(exchange, seq)| OpenIntent { seq: *seq, exchange: *exchange }).collect();
        open.sort_unstable_by_key(|intent| intent.seq);
        open.truncate(LISTED_OPEN_INTENTS);
        open
    }
}

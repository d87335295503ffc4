//! Patterns and dictionaries: made, changed, removed. None is kept that the detector could not use, and whose samples do
//! not come out as they should. Neither terms nor samples go on record, only how many.

use countersign_detect::{Custom, Dictionary, Fault, OWN_BYTES_MAX, OWN_MAX, OWN_TERMS_MAX, Place};
use countersign_model::{
    OwnEntityId,
    own_entity::{OwnEntity, OwnEntitySummary, OwnRule},
};
use countersign_store::own_entities::{self, Most, Saved, Written};
use sha2::{Digest as _, Sha256};

use super::Administrator;
use crate::{
    AdminError,
    form_rules::{self, Complaints},
    record::Fact,
};

const MOST: Most = Most { each: OWN_MAX, terms: OWN_TERMS_MAX, bytes: OWN_BYTES_MAX };

/// A rule as somebody wants it.
#[derive(Debug, Clone, PartialEq)]
pub struct WantedEntity {
    pub description: String,
    pub enabled: bool,
    pub rule: OwnRule,
}

impl Administrator<'_> {
    /// All rules, by name.
    pub async fn own_entities(&self) -> Result<Vec<OwnEntitySummary>, AdminError> {
        let mut conn = self.admin.conn().await?;
        own_entities::list(&mut conn).await.map_err(|error| self.admin.fault(error))
    }

    /// One rule, whole.
    pub async fn own_entity(&self, id: OwnEntityId) -> Result<Option<OwnEntity>, AdminError> {
        let mut conn = self.admin.conn().await?;
        own_entities::by_id(&mut conn, id).await.map_err(|error| self.admin.fault(error))
    }

    /// Makes a rule; every node looks for it within a second.
    pub async fn create_own_entity(&self, wanted: WantedEntity) -> Result<OwnEntitySummary, AdminError> {
        let wanted = self.checked(wanted).await?;
        if self.own_entities().await?.iter().any(|other| other.name == wanted.rule.name()) {
            return Err(name_taken());
        }
        let id = OwnEntityId::from_uuid(self.admin.mint.uuid(self.admin.now()));
        let fact = describe(Fact::by(&self.actor, "own_entity.created", wanted.rule.name()), &wanted)
            .with("id", id.to_string());
        self.admin
            .change(fact, async {
                let mut conn = self.admin.conn().await?;
                let written = written(&wanted);
                let saved = own_entities::insert(&mut conn, id, &written, MOST, self.admin.now())
                    .await
                    .map_err(|error| self.admin.fault(error))?;
                outcome(saved)
            })
            .await
    }

    /// Changes a rule that still is in `version`.
    pub async fn update_own_entity(
        &self,
        id: OwnEntityId,
        version: i64,
        wanted: WantedEntity,
    ) -> Result<OwnEntitySummary, AdminError> {
        let old = self.own_entity(id).await?.ok_or(AdminError::NotFound)?;
        if old.summary.version != version {
            return Err(AdminError::Stale);
        }
        let wanted = self.checked(wanted).await?;
        if wanted.rule.kind() != old.summary.kind {
            return Err(AdminError::field(
                "kind",
                "A pattern stays a pattern, and a dictionary a dictionary.",
            ));
        }
        let before = WantedEntity {
            description: old.summary.description,
            enabled: old.summary.enabled,
            rule: old.rule,
        };
        let fact = Fact::by(&self.actor, "own_entity.updated", before.rule.name())
            .with("id", id.to_string())
            .with("version", version.to_string());
        let fact = values(&before)
            .into_iter()
            .zip(values(&wanted))
            .fold(fact, |fact, ((name, old), (_, new))| fact.changed(name, old, new));
        self.admin
            .change(fact, async {
                let mut conn = self.admin.conn().await?;
                let written = written(&wanted);
                let saved = own_entities::update(&mut conn, id, version, &written, MOST, self.admin.now())
                    .await
                    .map_err(|error| self.admin.fault(error))?;
                outcome(saved)
            })
            .await
    }

    /// Removes a rule that still is in `version`: what it found is not looked for any more.
    pub async fn delete_own_entity(&self, id: OwnEntityId, version: i64) -> Result<(), AdminError> {
        let old = self.own_entity(id).await?.ok_or(AdminError::NotFound)?;
        if old.summary.version != version {
            return Err(AdminError::Stale);
        }
        let wanted = WantedEntity {
            description: old.summary.description,
            enabled: old.summary.enabled,
            rule: old.rule,
        };
        let fact = describe(Fact::by(&self.actor, "own_entity.deleted", wanted.rule.name()), &wanted)
            .with("id", id.to_string())
            .with("version", version.to_string());
        self.admin
            .change(fact, async {
                let mut conn = self.admin.conn().await?;
                let gone = own_entities::delete(&mut conn, id, version)
                    .await
                    .map_err(|error| self.admin.fault(error))?;
                if gone { Ok(()) } else { Err(AdminError::Stale) }
            })
            .await
    }

    /// The rule, tidied, when the detector can use it. Compiling may take some milliseconds, so it is done beside the others.
    async fn checked(&self, mut wanted: WantedEntity) -> Result<WantedEntity, AdminError> {
        wanted.description = wanted.description.trim().to_owned();
        let compiled = tokio::task::spawn_blocking(move || {
            let usable = match &wanted.rule {
                OwnRule::Pattern(text) => Custom::new(text).map(drop),
                OwnRule::Dictionary(text) => Dictionary::new(text).map(drop),
            };
            (wanted, usable)
        });
        let (wanted, usable) = compiled.await.map_err(|error| self.admin.fault(error))?;
        let mut complaints = Complaints::default();
        complaints.note("description", form_rules::line(&wanted.description, 500));
        if let Err(fault) = usable {
            complaints.require(false, field(&fault, &wanted.rule), sentence(&fault));
        }
        complaints.done()?;
        Ok(wanted)
    }
}

/// The form's field that is wrong.
const fn field(fault: &Fault, rule: &OwnRule) -> &'static str {
    match fault.place {
        Place::Name => "name",
        Place::Score => "score",
        Place::Term(_) => "terms",
        Place::Word(_) => "words",
        Place::Pattern(_) => "pattern",
        Place::Hit(_) => "hits",
        Place::Miss(_) => "misses",
        Place::Whole => match rule {
            OwnRule::Pattern(_) => "pattern",
            OwnRule::Dictionary(_) => "terms",
        },
    }
}

/// What is wrong, and in which of several or at which character.
fn sentence(fault: &Fault) -> String {
    let message = &fault.message;
    match fault.place {
        Place::Whole | Place::Name | Place::Score => message.clone(),
        Place::Pattern(character) => format!("At character {character}: {message}"),
        Place::Term(number) => format!("Term {number}: {message}"),
        Place::Word(number) => format!("Word {number}: {message}"),
        Place::Hit(number) | Place::Miss(number) => format!("Sample {number}: {message}"),
    }
}

fn name_taken() -> AdminError {
    AdminError::field("name", "There is already a pattern or dictionary with this name.")
}

fn written(wanted: &WantedEntity) -> Written<'_> {
    Written { description: &wanted.description, enabled: wanted.enabled, rule: &wanted.rule }
}

fn outcome(saved: Saved) -> Result<OwnEntitySummary, AdminError> {
    match saved {
        Saved::Done(summary) => Ok(summary),
        Saved::NameTaken => Err(name_taken()),
        Saved::Stale => Err(AdminError::Stale),
        Saved::TooMuch => Err(AdminError::Conflict(format!(
            "There can be {OWN_MAX} patterns and {OWN_MAX} dictionaries with {OWN_TERMS_MAX} terms in all, of at most 8 MiB. \
             Remove some first."
        ))),
    }
}

/// Every setting by name, as one short text each. The samples and terms are not among them: their number and a digest are.
fn values(wanted: &WantedEntity) -> [(&'static str, String); 8] {
    let digest = |lines: &[&[String]]| {
        let text = lines.iter().map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n");
        let digest = Sha256::digest(text);
        let first = digest.first_chunk().copied().unwrap_or_default();
        format!("{:016x}", u64::from_be_bytes(first))
    };
    let (pattern, ignore_case, words, content) = match &wanted.rule {
        OwnRule::Pattern(text) => (
            text.pattern.clone(),
            text.ignore_case,
            text.words.join(", "),
            format!(
                "score {}; {} samples, digest {}",
                text.score,
                text.hits.len() + text.misses.len(),
                digest(&[&text.hits, &text.misses])
            ),
        ),
        OwnRule::Dictionary(text) => (
            String::new(),
            text.ignore_case,
            String::new(),
            format!("{} terms, digest {}", text.terms.len(), digest(&[&text.terms])),
        ),
    };
    [
        ("name", wanted.rule.name().to_owned()),
        ("kind", wanted.rule.kind().name().to_owned()),
        ("description", wanted.description.clone()),
        ("enabled", wanted.enabled.to_string()),
        ("pattern", pattern),
        ("ignore_case", ignore_case.to_string()),
        ("words", words),
        ("content", content),
    ]
}

fn describe(fact: Fact, wanted: &WantedEntity) -> Fact {
    let said = values(wanted).into_iter().filter(|(_, value)| !value.is_empty());
    said.fold(fact, |fact, (name, value)| fact.with(name, value))
}

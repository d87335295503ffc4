//! `countersign verify`: checks the whole chain from the database, against what this node remembers outside it, and names
//! the first bad row.

use std::{fmt::Write as _, sync::Arc};

use app::api::audit::CheckCommand;
use countersign_ledger::Origin;
use countersign_model::Mint;
use countersign_store::{
    Database, LedgerReader, MasterKey, StoreError,
    ledger::{Verdict, VerifyOptions, remembered},
};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::{config::Config, keys, serve::Fault, storage::StorageError};

/// What was found, in words and as JSON.
pub struct Finding {
    pub sound: bool,
    pub words: String,
    pub json: serde_json::Value,
}

/// The words that check this installation's ledger from any folder. A database's address may hold a password: it is left
/// to fill in.
pub fn command(config: &Config) -> CheckCommand {
    let folder = config.data_dir.canonicalize().unwrap_or_else(|_| config.data_dir.clone());
    let verify = format!("countersign verify --data-dir {}", quoted(&folder.display().to_string()));
    match &config.database_url {
        None => CheckCommand { text: verify, needs_database: false },
        Some(_) => CheckCommand { text: format!("DATABASE_URL='…' {verify}"), needs_database: true },
    }
}

/// As one word for a shell (POSIX 2.2.2).
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// Verifies the chain.
pub async fn verify(
    config: &Config,
    database: &Database,
    mint: &dyn Mint,
    progress: fn(u64),
) -> Result<Finding, Fault> {
    // Without its key file the hashes are checked all the same; only sealed content is not opened.
    let has_key = config.master_key.is_some() || config.data_dir.join(keys::FILE).exists();
    let master = if has_key {
        let key = keys::master(config.master_key.as_deref(), &config.data_dir, mint)?;
        Some(Arc::new(MasterKey::new(key)?))
    } else {
        None
    };
    let opened = master.is_some();
    let reader = LedgerReader::new(database, master);
    if !reader.is_there().await? {
        return Err(StorageError::NoLedger("this database".to_owned()).into());
    }
    let milestones: Vec<_> = remembered(&config.data_dir.join("ledger")).into_iter().collect();
    let seen = milestones.first().map_or(0, |head| head.size);
    let Some(first) = reader.records(0..1).await?.into_iter().next() else {
        let stored = match reader.head().await {
            Ok(head) => head.size,
            // No head at all: an empty log has one too.
            Err(StoreError::Corrupt(_)) => {
                return Ok(Finding {
                    sound: false,
                    words: "NOT SOUND: record 0: the log is empty, and so is the table of its head\n".into(),
                    json: json!({"sound": false, "finding": {"seq": 0, "reason": "head_mismatch"}, "remembered": seen}),
                });
            }
            Err(error) => return Err(error.into()),
        };
        if seen > 0 || stored > 0 {
            let rows = seen.max(stored);
            return Ok(Finding {
                sound: false,
                words: format!(
                    "NOT SOUND: record 0: the log is empty, and should have at least {rows} rows\n"
                ),
                json: json!({"sound": false, "finding": {"seq": 0, "reason": "missing"}, "remembered": seen}),
            });
        }
        return Ok(Finding {
            sound: true,
            words: "The log is empty, and this machine remembers no other: there is nothing to verify.\n"
                .into(),
            json: json!({"sound": true, "rows": 0}),
        });
    };
    let origin: Origin = first.record.origin;
    let remembered = milestones.first().map(|head| head.size);
    let options = VerifyOptions { milestones, trusted_keys: None };
    let verdict = reader.verify(&origin, options, &CancellationToken::new(), progress).await?;
    Ok(match verdict {
        Verdict::Sound(report) => {
            let mut words = format!(
                "Every row holds: {} rows in {} signed batches, {} intents without an outcome yet.\nLog   {origin}\nHead  size {}, root {}\nLast  {}\n",
                report.rows,
                report.batches,
                report.open,
                report.head.size,
                report.head.root,
                report.last_leaf,
            );
            for (key, batches) in &report.keys {
                let _ = writeln!(words, "Key   {key} signed {batches} batches");
            }
            words.push_str(match report.anchored {
                Some(_) => "The head that this node remembers outside the database lies in the chain.\n",
                None => "This machine remembers no head of its own: a log that was shortened or rewritten as a whole, with its keys, would look the same.\n",
            });
            if !opened {
                words.push_str(
                    "Sealed content was not opened: the master key is not here. Its hashes were checked.\n",
                );
            }
            Finding {
                sound: true,
                words,
                json: json!({"sound": true, "report": report, "remembered": remembered, "opened": opened}),
            }
        }
        Verdict::Tampered(finding) => Finding {
            sound: false,
            words: format!("NOT SOUND: {finding}\n"),
            json: json!({"sound": false, "finding": finding, "remembered": remembered, "opened": opened}),
        },
        Verdict::Cancelled => return Err("the verification was cancelled".into()),
    })
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn folders_are_one_word() {
        assert_eq!(quoted("/var/lib/countersign"), "/var/lib/countersign");
        assert_eq!(quoted("/srv/my data/it's"), r"'/srv/my data/it'\''s'");
    }
}

//! `onehop import records STREAM FILE`: records from a file, in batches, each there whole or not at all;
//! `onehop import git`, the history of a clone; and `onehop import evals`, the results of a suite.

mod evals;
mod git;
mod reader;

use std::path::{Path, PathBuf};

use anyhow::bail;
use serde::Serialize;

use super::say;
use crate::clock::Clock;
use crate::figures::{self, Because};
use crate::ingest::{self, Delivery, Outcome, StreamName};
use crate::store::registry;
use crate::store::{Db, changes};

/// Take records in from a file, the history of a git clone, or the results of an evaluation tool.
#[derive(clap::Args, Debug)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand, Debug)]
enum What {
    Records(Records),
    Git(git::Git),
    Evals(evals::Evals),
}

/// Take in records of one stream: a JSON array, or one JSON object a line.
///
/// Safe to repeat, also after it was killed: what is known already is passed over. Good records are
/// kept even when others are refused; each refusal is listed with its field and reason.
#[derive(clap::Args, Debug)]
struct Records {
    /// changes, reviews, deployments, incidents, defects, runs, artifacts, evaluations, suite_runs,
    /// approvals or policy_decisions.
    stream: StreamName,
    /// The file; `-` reads from standard input.
    file: PathBuf,
    /// Say what became of the records as JSON.
    #[arg(long)]
    json: bool,
}

/// The most refusals that are listed one by one; all are kept in the database.
const LISTED: usize = 20;

/// What an import did.
#[derive(Debug, Serialize)]
struct Imported {
    #[serde(flatten)]
    outcome: Outcome,
    /// How many weeks were computed again.
    weeks: u64,
    /// Services that changes name and the registry does not.
    unregistered_services: Vec<String>,
}

impl Args {
    pub async fn run(self, db: &Db, clock: &Clock) -> anyhow::Result<()> {
        match self.what {
            What::Records(records) => records.run(db, clock).await,
            What::Git(git) => git.run(db, clock).await,
            What::Evals(evals) => evals.run(db, clock).await,
        }
    }
}

impl Records {
    async fn run(self, db: &Db, clock: &Clock) -> anyhow::Result<()> {
        let progress = say::Progress::start();
        let mut batches = reader::batches(&self.file)?;
        let mut outcome = Outcome::default();
        let mut broken_off = None;
        while let Some(batch) = batches.recv().await {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => {
                    broken_off = Some(error);
                    break;
                }
            };
            let texts: Vec<&str> = batch.records.iter().map(String::as_str).collect();
            let delivery = Delivery {
                source: "import",
                records: &texts,
                received_at_ms: clock(),
            };
            outcome.append(ingest::take(db, self.stream, delivery).await?);
            progress.at(
                "taking records in (bytes)",
                batch.bytes_read,
                batches.total_bytes(),
            );
        }
        let weeks = figures::refresh(db, &Because::records(clock()), &|what, done, of| {
            progress.at(what, done, of);
        })
        .await?;
        progress.finish();
        let named_services = self.stream == StreamName::Changes && outcome.accepted > 0;
        let imported = Imported {
            unregistered_services: if named_services {
                unregistered(db).await?
            } else {
                Vec::new()
            },
            outcome,
            weeks,
        };
        imported.say(self.stream, self.json)?;
        match broken_off {
            Some(error) => Err(error),
            None => imported.checked(&self.file),
        }
    }
}

impl Imported {
    fn say(&self, stream: StreamName, as_json: bool) -> anyhow::Result<()> {
        let outcome = &self.outcome;
        if as_json {
            say::json(self)?;
        } else {
            for refused in outcome.refused.iter().take(LISTED) {
                let id = refused.id.as_deref().unwrap_or("without id");
                let field = refused
                    .field
                    .as_deref()
                    .map(|field| format!("{field}: "))
                    .unwrap_or_default();
                say::line(&format!(
                    "refused record {} ({id}): {field}{}",
                    refused.index, refused.reason
                ))?;
            }
            if outcome.refused.len() > LISTED {
                say::line(&format!(
                    "and {} more; --json lists them all",
                    outcome.refused.len() - LISTED
                ))?;
            }
            say::line(&format!(
                "{stream}: {} accepted, {} repeated, {} refused; weeks computed again: {}",
                outcome.accepted,
                outcome.repeated,
                outcome.refused.len(),
                self.weeks
            ))?;
            if !self.unregistered_services.is_empty() {
                say::line(&format!(
                    "not registered, so counted in the company only: {}; declare each with [[service]] slug = \"…\" and `onehop apply`",
                    self.unregistered_services.join(", ")
                ))?;
            }
        }
        Ok(())
    }

    /// An import of nothing good has failed.
    fn checked(&self, file: &Path) -> anyhow::Result<()> {
        let outcome = &self.outcome;
        if outcome.accepted + outcome.repeated > 0 {
            return Ok(());
        }
        if outcome.refused.is_empty() {
            bail!(
                "{} holds no record, and nothing was changed; write a JSON array, or one JSON object a line",
                file.display()
            );
        }
        bail!(
            "no record was taken in: all {} were refused; what was there before is unchanged. Mend what is listed and import the file again",
            outcome.refused.len()
        )
    }
}

async fn unregistered(db: &Db) -> anyhow::Result<Vec<String>> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let known = |slug: &String| {
        registry
            .services
            .iter()
            .any(|service| service.slug == *slug)
    };
    Ok(changes::services(&mut tx)
        .await?
        .into_iter()
        .filter(|slug| !known(slug))
        .collect())
}

//! `onehop import git PATH --service SLUG`: the history of a clone as changes and deployments.
//!
//! A second import sends only what is new, and what the last one could not read. That saves time and nothing else: sent again, everything
//! is a repeat.

mod closing;
mod gaps;
mod marks;
mod position;
mod record;
mod words;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use serde_json::Value;
use tokio::sync::mpsc;

use crate::cli::apply::check_slug;
use crate::cli::say;
use crate::clock::Clock;
use crate::connectors::git::{Change, Content, Dates, Failure, History, Release, SameBy};
use crate::figures::{self, Because};
use crate::ingest::{self, Delivery, Outcome, StreamName};
use crate::store::Db;

use closing::Closing;
use gaps::Gaps;
use position::{Position, Start};

/// Take in the history of a git clone.
///
/// Each commit of the first-parent line is a change: a merge with the commits it brought, a squash
/// known by `(#n)`, or a plain commit. Each matching tag is a deployment to production. Nothing is
/// fetched and nothing in the clone is run or changed. Safe to repeat; ends in sentences on what
/// is known now and what is not.
#[derive(clap::Args, Debug)]
pub(super) struct Git {
    /// The clone: its folder, bare or with files.
    path: PathBuf,
    /// The service that the repository's changes and deployments belong to.
    #[arg(long, value_name = "SLUG")]
    service: String,
    /// Tags that are deployments to production, as `git tag --list` takes it.
    #[arg(long, value_name = "GLOB", default_value = "v*")]
    tags: String,
    /// Say what is known now as JSON.
    #[arg(long)]
    json: bool,
}

/// The source that the records name.
const SOURCE: &str = "git";

/// Deployments a transaction, and bytes of them: each names all its changes.
const BATCH_RECORDS: usize = 500;
const BATCH_BYTES: usize = 8 << 20;

impl Git {
    pub(super) async fn run(self, db: &Db, clock: &Clock) -> anyhow::Result<()> {
        check_slug(&self.service)?;
        let progress = say::Progress::start();
        let dates = Dates::seen_at(clock() / 1_000);
        let history = self.read(dates, &progress).await?;
        let before = Position::stored(db, &self.service, &history).await?;
        let start = Start::after(before.as_ref(), &history);
        let mut import = Import {
            db,
            clock,
            service: &self.service,
            history: &history,
            progress: &progress,
            gaps: Gaps::default(),
        };
        let changes = import.changes(start.places.clone()).await?;
        let releases = history.releases();
        let position = Position::now(&history, &releases, &import.gaps).after(before.as_ref());
        let mut deployments = Deployed::of(&self.service, &releases);
        match &before {
            Some(before) if before.is_newer_than(&position) => deployments.is_outdated = true,
            before => {
                let known = before
                    .as_ref()
                    .map_or(0, |before| before.known_releases(&releases));
                deployments.outcome = import.deployments(&releases, known, &position).await?;
            }
        }
        let gaps = import.gaps;
        let weeks = figures::refresh(db, &Because::records(clock()), &|what, done, of| {
            progress.at(what, done, of);
        })
        .await?;
        if !deployments.is_outdated && before.as_ref() != Some(&position) {
            position.store(db, &self.service, &history, clock()).await?;
        }
        progress.finish();
        let closing = Closing {
            service: &self.service,
            tags: &self.tags,
            history: &history,
            start,
            changes,
            deployments,
            gaps,
            weeks_computed: weeks,
        };
        closing.say(db, self.json).await
    }

    async fn read(&self, dates: Dates, progress: &say::Progress) -> anyhow::Result<Arc<History>> {
        let (path, tags) = (self.path.clone(), self.tags.clone());
        let progress = progress.clone();
        let read = tokio::task::spawn_blocking(move || {
            History::read(&path, &tags, dates, &|read| {
                progress.at("reading commits", read, None);
            })
        });
        let history = read
            .await
            .context("reading the clone broke off, and nothing was imported")?;
        Ok(Arc::new(history.context("nothing was imported")?))
    }
}

/// What became of the deployments.
#[derive(Debug, Default)]
struct Deployed {
    /// How many tags are deployments.
    tags: usize,
    outcome: Outcome,
    /// Deployments that name no changes, as there are too many to name.
    unnamed: Vec<String>,
    /// Deployments that name no changes, as the clone is cut off behind them.
    cut_off: Vec<String>,
    /// Deployments with commits that are no change, and how many.
    unmatched: Vec<(String, usize)>,
    /// How many changes deployments hold as other commits, by what says so.
    picked: BTreeMap<SameBy, usize>,
    /// The clone is older than one that was imported before.
    is_outdated: bool,
}

impl Deployed {
    /// Before any of them is sent.
    fn of(service: &str, releases: &[Release]) -> Deployed {
        let named = |release: &Release| release.name.clone();
        let too_large = releases
            .iter()
            .filter(|release| record::is_too_large(service, release));
        let cut_off = releases
            .iter()
            .filter(|release| release.content == Content::CutOff);
        let unmatched = releases
            .iter()
            .filter(|release| release.unmatched_commits > 0);
        let mut picked = BTreeMap::new();
        for one in releases.iter().flat_map(|release| &release.picked) {
            *picked.entry(one.by).or_default() += 1;
        }
        Deployed {
            tags: releases.len(),
            outcome: Outcome::default(),
            unnamed: too_large.map(named).collect(),
            cut_off: cut_off.map(named).collect(),
            unmatched: unmatched
                .map(|release| (named(release), release.unmatched_commits))
                .collect(),
            picked,
            is_outdated: false,
        }
    }
}

/// One import under way.
struct Import<'a> {
    db: &'a Db,
    clock: &'a Clock,
    service: &'a str,
    history: &'a Arc<History>,
    progress: &'a say::Progress,
    gaps: Gaps,
}

impl Import<'_> {
    /// Takes the changes at these places in, slice by slice, while the next are read.
    async fn changes(&mut self, places: Vec<usize>) -> anyhow::Result<Outcome> {
        let total = places.len() as u64;
        let (sender, mut receiver) = mpsc::channel::<Vec<Change>>(2);
        let history = Arc::clone(self.history);
        let reading = std::thread::spawn(move || {
            history.read_changes(&places, &|changes| sender.blocking_send(changes).is_ok())
        });
        let mut outcome = Outcome::default();
        let mut taken = 0;
        while let Some(changes) = receiver.recv().await {
            taken += changes.len() as u64;
            outcome.append(self.take_changes(&changes).await?);
            self.progress.at("taking changes in", taken, Some(total));
        }
        match reading.join() {
            Ok(read) => read?,
            Err(_) => bail!(Failure::BrokeOff),
        }
        Ok(outcome)
    }

    async fn take_changes(&mut self, changes: &[Change]) -> anyhow::Result<Outcome> {
        let records: Vec<Value> = changes
            .iter()
            .map(|change| {
                self.gaps.note(change);
                record::change(self.service, change)
            })
            .collect();
        self.take(StreamName::Changes, &records).await
    }

    /// Takes the releases in, but for those that are known from the first on.
    async fn deployments(
        &self,
        releases: &[Release],
        known: usize,
        now: &Position,
    ) -> anyhow::Result<Outcome> {
        let mut outcome = Outcome::default();
        let mut waiting = Vec::new();
        let mut bytes = 0;
        for release in &releases[known..] {
            let record = record::deployment(self.service, self.history, release, now);
            let named = record["changes"].as_array().map_or(0, Vec::len);
            bytes += record::LEAST_BYTES * (named + 1);
            waiting.push(record);
            if waiting.len() >= BATCH_RECORDS || bytes >= BATCH_BYTES {
                let batch = std::mem::take(&mut waiting);
                outcome.append(self.take(StreamName::Deployments, &batch).await?);
                bytes = 0;
            }
        }
        if !waiting.is_empty() {
            outcome.append(self.take(StreamName::Deployments, &waiting).await?);
        }
        Ok(outcome)
    }

    async fn take(&self, stream: StreamName, records: &[Value]) -> anyhow::Result<Outcome> {
        let texts: Vec<String> = records.iter().map(Value::to_string).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut outcome = Outcome::default();
        for records in batches(&texts) {
            let delivery = Delivery {
                source: SOURCE,
                records,
                received_at_ms: (self.clock)(),
            };
            outcome.append(ingest::take(self.db, stream, delivery).await?);
        }
        Ok(outcome)
    }
}

/// Records cut where the next would make a transaction too large.
fn batches<'a>(texts: &'a [&'a str]) -> Vec<&'a [&'a str]> {
    let mut batches = Vec::new();
    let (mut begin, mut bytes) = (0, 0);
    for (at, text) in texts.iter().enumerate() {
        if at > begin && bytes + text.len() > BATCH_BYTES {
            batches.push(&texts[begin..at]);
            (begin, bytes) = (at, 0);
        }
        bytes += text.len();
    }
    batches.push(&texts[begin..]);
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_ends_before_it_grows_too_large_and_no_record_is_lost() {
        let large = "x".repeat(BATCH_BYTES - 1);
        let texts = [large.as_str(), "y", "z", &large, "w"];
        let sizes: Vec<usize> = batches(&texts).into_iter().map(<[&str]>::len).collect();
        assert_eq!(sizes, [2, 2, 1]);
    }
}

//! How far a repository's history was imported, and what it lacked: all else need not be sent again.
//!
//! Kept by service and by the oldest commit of the line, so that another clone of the same repository,
//! wherever it lies, goes on where the first one ended.

use std::collections::BTreeSet;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::gaps::Gaps;
use super::record::RULES;
use super::words::were;
use crate::connectors::git::{History, Release};
use crate::store::{Db, cursors};

/// Of the milliseconds in a second, those that tell how many tags are known.
const MOST_TAGS_TOLD: i64 = 900;

/// What an import has sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    rules: i64,
    /// The newest commit of the line.
    tip: String,
    /// Where the clone is cut off; empty for a whole one.
    boundary: Vec<String>,
    /// Places on the line of the changes of which something may be known next time that is not now.
    /// Positions of the first rules do not say.
    #[serde(default)]
    incomplete: Vec<usize>,
    /// The newest instant that the clone knows.
    newest_s: i64,
    /// How many releases there were, and a digest of them all.
    releases: usize,
    digest: String,
    /// What the versions of the releases are dated with.
    knowledge_ms: i64,
}

impl Position {
    /// What the last import of this repository into this service has sent.
    pub(super) async fn stored(
        db: &Db,
        service: &str,
        history: &History,
    ) -> anyhow::Result<Option<Position>> {
        let mut tx = db.read().await?;
        let stored = cursors::get(&mut tx, super::SOURCE, &stream(service, history)).await?;
        stored
            .map(|text| serde_json::from_str(&text))
            .transpose()
            .context("the position of the last import cannot be read")
    }

    /// What an import of this history sends.
    pub(super) fn now(history: &History, releases: &[Release], gaps: &Gaps) -> Position {
        let newest_s = history.newest_s().unwrap_or_default();
        let tags = i64::try_from(releases.len()).unwrap_or(i64::MAX);
        let lacking = gaps.incomplete.iter().filter_map(|sha| history.place(sha));
        let misdated = history.misdated().into_iter();
        let ahead = misdated.filter(|one| one.is_ahead).map(|one| one.place);
        let incomplete: BTreeSet<usize> = lacking.chain(ahead).collect();
        Position {
            rules: RULES,
            tip: history.tip(),
            boundary: history.boundary(),
            incomplete: incomplete.into_iter().collect(),
            newest_s,
            releases: releases.len(),
            digest: digest(releases),
            knowledge_ms: newest_s * 1_000 + tags.min(MOST_TAGS_TOLD),
        }
    }

    /// As it follows the last one: a tag that was moved or taken away, with nothing newer beside it,
    /// is still newer.
    pub(super) fn after(mut self, before: Option<&Position>) -> Position {
        if let Some(before) = before.filter(|before| before.newest_s == self.newest_s) {
            let is_same = before.digest == self.digest;
            let least_ms = before.knowledge_ms + i64::from(!is_same);
            self.knowledge_ms = self.knowledge_ms.max(least_ms);
        }
        self
    }

    pub(super) async fn store(
        &self,
        db: &Db,
        service: &str,
        history: &History,
        now_ms: i64,
    ) -> anyhow::Result<()> {
        let mut tx = db.write().await?;
        let text = serde_json::to_string(self)?;
        cursors::set(
            &mut tx,
            super::SOURCE,
            &stream(service, history),
            &text,
            now_ms,
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// The instant that a deployment's version carries.
    pub(super) fn knowledge_ms(&self) -> i64 {
        self.knowledge_ms
    }

    /// What is incomplete, and what follows the place of the tip.
    fn continued(&self, tip: usize, changes: usize) -> Start {
        let incomplete = self.incomplete.iter().copied();
        let again = were(self.incomplete.len(), "change", "changes");
        Start {
            places: incomplete.chain(tip + 1..changes).collect(),
            again: (!self.incomplete.is_empty())
                .then(|| format!("{again} sent again, as something was not known the last time")),
        }
    }

    pub(super) fn is_newer_than(&self, other: &Position) -> bool {
        self.newest_s > other.newest_s
    }

    /// How many of these releases, from the first on, were sent just so.
    pub(super) fn known_releases(&self, releases: &[Release]) -> usize {
        let known = releases.get(..self.releases);
        let are_same =
            self.rules == RULES && known.is_some_and(|known| digest(known) == self.digest);
        if are_same { self.releases } else { 0 }
    }
}

/// Which changes an import sends, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Their places on the line, in order.
    pub places: Vec<usize>,
    /// Why changes that were imported before are sent again.
    pub again: Option<String>,
}

impl Start {
    pub(super) fn after(before: Option<&Position>, history: &History) -> Start {
        let from_the_first = |again: Option<String>| Start {
            places: (0..history.changes()).collect(),
            again,
        };
        let Some(before) = before else {
            return from_the_first(None);
        };
        if before.rules != RULES || before.boundary != history.boundary() {
            let why = "the clone reaches back to another commit than the last one, or the rules of the import have changed";
            return from_the_first(Some(format!("{why}, so that every change was sent again")));
        }
        match history.place(&before.tip) {
            Some(place) => before.continued(place, history.changes()),
            None => from_the_first(Some(format!(
                "the tip of the last import, {}, is not on the first-parent line any more, so that every change was sent again; changes that have left the line stay",
                &before.tip[..before.tip.len().min(10)]
            ))),
        }
    }
}

fn stream(service: &str, history: &History) -> String {
    format!("{service}@{}", history.sha(0))
}

fn digest(releases: &[Release]) -> String {
    let mut hash = Sha256::new();
    for release in releases {
        hash.update(format!("{release:?}\n"));
    }
    hex::encode(hash.finalize())
}

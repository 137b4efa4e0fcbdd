//! What could not be read of single changes, counted and listed by reason.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::connectors::git::{Change, Unmeasured};

/// The gaps of the changes that were read.
#[derive(Debug, Default)]
pub(super) struct Gaps {
    by_what: BTreeMap<&'static str, Vec<String>>,
    /// Commits of which something was not in the clone, or could not be read, that may be there next
    /// time.
    pub incomplete: Vec<String>,
}

/// Changes that lack the same thing for the same reason.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Gap {
    pub what: &'static str,
    pub changes: usize,
    pub commits: Vec<String>,
}

impl Gaps {
    pub(super) fn note(&mut self, change: &Change) {
        if change.size.is_err_and(may_be_mended) {
            self.incomplete.push(change.sha.clone());
        }
        let has_odd_commits = change
            .commits
            .iter()
            .any(|commit| commit.authored_at_s.is_none());
        let found = [
            change.size.err().map(unmeasured),
            change.committed_at_s.is_none().then_some(
                "no date, so that they count in no week",
            ),
            has_odd_commits.then_some(
                "commits without a date that a clock can have shown; those are left out, and where none is left the beginning is unknown",
            ),
            (!change.is_whole).then_some(
                "parents that are not in the clone, so that some of their commits are unknown",
            ),
            (change.commits_left_out > 0).then_some(
                "more commits than are kept; the first 1000 by authoring are",
            ),
            (change.paths_left_out > 0).then_some(
                "more files than are kept; the first 300 by path are, and all lines count",
            ),
        ];
        for what in found.into_iter().flatten() {
            self.by_what
                .entry(what)
                .or_default()
                .push(change.sha.clone());
        }
    }

    pub(super) fn list(self) -> Vec<Gap> {
        let gaps = self.by_what.into_iter().map(|(what, mut commits)| {
            commits.sort();
            Gap {
                what,
                changes: commits.len(),
                commits,
            }
        });
        gaps.collect()
    }
}

/// Whether a size may be known next time; behind a boundary it is only once that has moved.
fn may_be_mended(why: Unmeasured) -> bool {
    match why {
        Unmeasured::TreeMissing | Unmeasured::ContentsMissing | Unmeasured::Unreadable => true,
        Unmeasured::BeyondBoundary | Unmeasured::TooManyFiles => false,
    }
}

fn unmeasured(why: Unmeasured) -> &'static str {
    match why {
        Unmeasured::BeyondBoundary => {
            "no size: what came before lies beyond the boundary of the shallow clone"
        }
        Unmeasured::TreeMissing => "no size and no files: a folder's list is not in the clone",
        Unmeasured::ContentsMissing => "no size: a file's contents are not in the clone",
        Unmeasured::Unreadable => "no size: an object behind it cannot be read",
        Unmeasured::TooManyFiles => "no size: more than 50000 files",
    }
}

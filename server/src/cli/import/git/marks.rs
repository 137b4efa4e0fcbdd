//! What share of a service's changes carries an agent's mark, and on what evidence.

use std::collections::BTreeMap;

use serde::Serialize;

use super::words::{NAMED, many};
use crate::links::{Evidence, Level, Segment};
use crate::store::links::changes::Marked;

/// What the store knows of the service's merged changes.
#[derive(Debug, Default, PartialEq, Serialize)]
pub(super) struct Marks {
    merged: i64,
    agent: i64,
    assisted: i64,
    unmarked: i64,
    /// Marked changes by their strongest evidence.
    recorded: i64,
    declared: i64,
    inferred: i64,
    /// The commonest pieces of evidence, and how many changes rest on each.
    evidence: Vec<(String, i64)>,
    /// Changes whose first commit is not known.
    pub not_begun: i64,
}

impl Marks {
    pub(super) fn of(rows: Vec<Marked>) -> Marks {
        let mut marks = Marks::default();
        let mut by_evidence: BTreeMap<String, i64> = BTreeMap::new();
        for row in rows {
            marks.merged += row.changes;
            marks.not_begun += row.changes - row.begun;
            match Segment::parse(&row.segment) {
                Some(Segment::Agent) => marks.agent += row.changes,
                Some(Segment::Assisted) => marks.assisted += row.changes,
                Some(Segment::Unmarked) | None => {
                    marks.unmarked += row.changes;
                    continue;
                }
            }
            let evidence: Vec<Evidence> = serde_json::from_str(&row.evidence).unwrap_or_default();
            match evidence.iter().map(|piece| piece.level).min() {
                Some(Level::Recorded) => marks.recorded += row.changes,
                Some(Level::Declared) => marks.declared += row.changes,
                Some(Level::Inferred) => marks.inferred += row.changes,
                None => {}
            }
            for piece in evidence {
                *by_evidence.entry(piece.what).or_default() += row.changes;
            }
        }
        marks.evidence = by_evidence.into_iter().collect();
        marks.evidence.sort_by_key(|(_, changes)| -changes);
        marks.evidence.truncate(NAMED);
        marks
    }

    pub(super) fn sentence(&self) -> String {
        let marked = self.agent + self.assisted;
        let of = format!(
            "of {}",
            many(self.merged, "merged change", "merged changes")
        );
        if marked == 0 {
            return format!(
                "No agent's mark is on any {of}, which is not the same as work without agents: marks can be switched off."
            );
        }
        let share = 100.0 * marked as f64 / self.merged as f64;
        let evidence = self
            .evidence
            .iter()
            .map(|(what, changes)| format!("{what} ({changes})"));
        format!(
            "An agent's mark is on {marked} {of} ({share:.1} %): {} by agents, {} assisted; {} recorded by a platform or the registry, {} declared in the work itself, {} inferred; most often: {}. The rest is unmarked, which is not the same as made without agents.",
            self.agent,
            self.assisted,
            self.recorded,
            self.declared,
            self.inferred,
            evidence.collect::<Vec<_>>().join(", ")
        )
    }
}

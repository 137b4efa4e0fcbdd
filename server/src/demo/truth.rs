//! What is really true of a generated week, counted while the week is made.
//!
//! Nothing is derived from the finished records: a change's start, segment and workflows are known
//! here because the generator chose them.

use std::collections::BTreeMap;

/// The true values of one week, by scope (`company`, `service:SLUG`, `workflow:SLUG`) and segment
/// (`all`, `agent`, `assisted`, `unmarked`). What never happened has no entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Truth {
    /// How many changes were merged.
    pub merged: BTreeMap<(String, String), u64>,
    /// Merge − start of each merged change whose start the records tell, sorted.
    pub cycle_time_ms: BTreeMap<(String, String), Vec<i64>>,
    /// First review − opened of each merged change that was reviewed and whose opening the records
    /// tell, sorted.
    pub review_wait_ms: BTreeMap<(String, String), Vec<i64>>,
    /// How many merged changes no other person looked at in time.
    pub unreviewed: BTreeMap<(String, String), u64>,
    /// Lines added and deleted by each merged change, sorted.
    pub lines: BTreeMap<(String, String), Vec<i64>>,
}

/// What is true of one merged change.
#[derive(Clone, Copy)]
pub(super) struct True {
    pub segment: &'static str,
    /// None when no record tells the start.
    pub cycle_time_ms: Option<i64>,
    /// None when nobody reviewed it in time, or no record tells when it was opened.
    pub review_wait_ms: Option<i64>,
    pub is_reviewed: bool,
    pub lines: i64,
}

impl Truth {
    /// Adds merged changes to a scope.
    pub(super) fn count(&mut self, scope: &str, changes: &[True]) {
        for segment in ["all", "agent", "assisted", "unmarked"] {
            let counted = || {
                changes
                    .iter()
                    .filter(|change| segment == "all" || change.segment == segment)
            };
            if counted().next().is_none() {
                continue;
            }
            let key = (scope.to_owned(), segment.to_owned());
            *self.merged.entry(key.clone()).or_default() += counted().count() as u64;
            let unreviewed = counted().filter(|change| !change.is_reviewed).count();
            *self.unreviewed.entry(key.clone()).or_default() += unreviewed as u64;
            let times = self.cycle_time_ms.entry(key.clone()).or_default();
            times.extend(counted().filter_map(|change| change.cycle_time_ms));
            let waits = self.review_wait_ms.entry(key.clone()).or_default();
            waits.extend(counted().filter_map(|change| change.review_wait_ms));
            let lines = self.lines.entry(key).or_default();
            lines.extend(counted().map(|change| change.lines));
        }
    }

    pub(super) fn sort(&mut self) {
        for values in [
            &mut self.cycle_time_ms,
            &mut self.review_wait_ms,
            &mut self.lines,
        ] {
            values
                .values_mut()
                .for_each(|values| values.sort_unstable());
            values.retain(|_, values| !values.is_empty());
        }
    }
}

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
}

/// What is true of one merged change.
#[derive(Clone, Copy)]
pub(super) struct True {
    pub segment: &'static str,
    /// None when no record tells the start.
    pub cycle_time_ms: Option<i64>,
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
            let times = self.cycle_time_ms.entry(key).or_default();
            times.extend(counted().filter_map(|change| change.cycle_time_ms));
        }
    }

    pub(super) fn sort(&mut self) {
        for times in self.cycle_time_ms.values_mut() {
            times.sort_unstable();
        }
        self.cycle_time_ms.retain(|_, times| !times.is_empty());
    }
}

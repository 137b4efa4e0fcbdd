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
pub(super) struct True<'a> {
    pub service: &'a str,
    pub workflows: Vec<&'a str>,
    pub segment: &'static str,
    /// None when no record tells the start.
    pub cycle_time_ms: Option<i64>,
}

impl Truth {
    pub(super) fn count(&mut self, change: &True) {
        let mut scopes = vec!["company".to_owned(), format!("service:{}", change.service)];
        let workflows = change.workflows.iter();
        scopes.extend(workflows.map(|slug| format!("workflow:{slug}")));
        for scope in scopes {
            for segment in ["all", change.segment] {
                let key = (scope.clone(), segment.to_owned());
                if let Some(cycle_time_ms) = change.cycle_time_ms {
                    self.cycle_time_ms
                        .entry(key.clone())
                        .or_default()
                        .push(cycle_time_ms);
                }
                *self.merged.entry(key).or_default() += 1;
            }
        }
    }

    pub(super) fn sort(&mut self) {
        for times in self.cycle_time_ms.values_mut() {
            times.sort_unstable();
        }
    }
}

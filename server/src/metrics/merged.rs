//! A merged change as metrics see it.

use super::pr_cycle_time::CycleTime;

/// What is settled about a merged change before any metric asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    pub time: CycleTime,
    /// Whether a person other than the author reviewed it in time; none where no review of any
    /// change of its service is known.
    pub is_reviewed: Option<bool>,
    /// Lines added and deleted.
    pub lines: Option<i64>,
}

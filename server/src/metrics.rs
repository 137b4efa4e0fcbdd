//! The vocabulary of metrics, and the pure functions that compute them: no store, no clock.
//!
//! Callers hand in facts that links have settled and get a [`Computed`] back; nothing here knows
//! of scopes, segments or sources. The same input gives the same output, to the byte.

pub mod catalogue;
pub mod change_size;
pub mod changes_merged;
pub mod definition;
pub mod merged;
pub mod merged_without_review;
pub mod pool;
pub mod pr_cycle_time;
pub mod proportion;
pub mod quantile;
pub mod review_wait;
pub mod week;
pub mod xmr;

/// A median, ratio or amount of money that stands on fewer records is hollow: shown, but in no rule.
pub const HOLLOW_BELOW: u64 = 5;

/// What a metric's function says of one week, scope and segment. What is absent is `None`, never zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Computed {
    pub value: Option<f64>,
    /// How many records are listed behind the value.
    pub sample: u64,
    /// Of a pooled ratio.
    pub numerator: Option<u64>,
    pub denominator: Option<u64>,
    /// Nearest rank ⌈0.9 n⌉, for medians.
    pub p90: Option<f64>,
    /// 95 % interval of the value.
    pub interval: Option<[f64; 2]>,
    /// Why there is no value.
    pub reason: Option<String>,
}

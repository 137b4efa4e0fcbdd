//! The vocabulary of metrics, and the pure functions that compute them: no store, no clock.
//!
//! Callers hand in facts that links have settled and get a [`Computed`] back; nothing here knows
//! of scopes, segments or sources. The same input gives the same output, to the byte.

pub mod above_tier_actions;
pub mod adversarial_pass_rate;
pub mod agent_share;
pub mod answer;
pub mod approval_wait;
pub mod artifact;
pub mod auditability;
pub mod cache_share;
pub mod catalogue;
pub mod change_fail_rate;
pub mod change_lead_time;
pub mod change_size;
pub mod changes_delivered;
pub mod changes_merged;
pub mod cost_per_run;
pub mod defect;
pub mod defect_escape_rate;
pub mod definition;
pub mod delivered;
pub mod deployed;
pub mod deployment_frequency;
pub mod deployment_rework_rate;
pub mod escaped_defects_per_100;
pub mod evaluation_coverage;
pub mod failed_deployment_recovery_time;
pub mod freeze_time;
pub mod freshness;
pub mod handover_rate;
pub mod hop;
pub mod incident;
pub mod incident_frequency;
pub mod landed_after_failed_evaluation;
pub mod level;
pub mod merged;
pub mod merged_without_review;
pub mod mix;
pub mod month;
pub mod poisson;
pub mod policy_denials;
pub mod pool;
pub mod pr_cycle_time;
pub mod proportion;
pub mod quantile;
pub mod review_wait;
pub mod run;
pub mod run_success;
pub mod shift;
pub mod stages;
pub mod suite_pass_rate;
pub mod suite_run;
pub mod tool_error_rate;
pub mod week;
pub mod xmr;

/// A median, ratio or amount of money that stands on fewer records is hollow: shown, but in no rule.
pub const HOLLOW_BELOW: u64 = 5;

/// What a record adds to a figure, in milliseconds, lines or units of one; or why it is left out.
pub type Contribution = Result<i64, &'static str>;

/// A record's own part and whole, where a figure is the sum of the one over the sum of the other; or why
/// it is left out.
pub type Sums = Result<[i64; 2], &'static str>;

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
    /// Bounds from the records of which too little is known.
    pub bounds: Option<[f64; 2]>,
    /// For each hundred of what the metric is measured against.
    pub per_hundred: Option<f64>,
    /// Why there is no value.
    pub reason: Option<String>,
}

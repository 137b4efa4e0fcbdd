//! What is really true of a generated company, and what its figures made of it.

use serde::{Deserialize, Serialize};

use super::signal::Signal;

/// What `/demo` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demo {
    pub seed: u64,
    /// Where something changed, a chapter for each service.
    pub chapters: Vec<Chapter>,
    /// Where nothing did.
    pub quiet: Vec<Chapter>,
}

/// What really happened in one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chapter {
    pub title: String,
    pub what: String,
    /// `service:SLUG`.
    pub scope: String,
    pub service_name: String,
    /// The first week of which it is true.
    pub begins: String,
    pub findings: Vec<Finding>,
}

/// What became of one metric, and what was seen of it, week by week with what was known then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The metric's name in words.
    pub name: String,
    pub truth: Truth,
    /// The first week since the change whose signal said so.
    pub seen: Option<Seen>,
    /// Weeks with a verdict since the change.
    pub weeks_since: u64,
    /// Weeks with a verdict in which nothing had changed.
    pub quiet_weeks: u64,
    /// Those of them that raised a signal.
    pub false_alarms: Vec<Alarm>,
}

/// What really became of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Truth {
    Better,
    Worse,
    Unchanged,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    pub week: String,
    /// 1 when it was seen in the first week in which it was true.
    pub after_weeks: u64,
    pub records_url: String,
}

/// A signal of a week in which nothing had changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alarm {
    pub week: String,
    pub signal: Signal,
    pub records_url: String,
}

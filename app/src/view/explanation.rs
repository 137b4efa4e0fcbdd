//! What the one who answers for a series says about a week of it.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::review::Row;

/// What `/explanations/{metric}` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// The figure with its signal and rule.
    pub row: Row,
    /// Where: the company, a service or a workflow, in words.
    pub scope_name: String,
    /// IANA name of the company's time zone.
    pub time_zone: String,
    /// The newest first; it is what stands.
    pub written: Vec<Written>,
    /// Who may explain it, when this reader may not.
    pub closed_to_reader: Option<String>,
    /// What was sent and not taken.
    pub asked: Option<Asked>,
}

/// What was said once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The week that it is about.
    pub week: String,
    pub cause: Cause,
    pub said: String,
    pub by: String,
    /// In the company's time.
    pub at: DateTime<FixedOffset>,
}

/// What it claims to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    KnownCause,
    StillLooking,
}

/// What was sent, to be sent again, and why it was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub said: String,
    pub cause: Option<Cause>,
    pub refused: String,
}

//! What moved of a frozen week after it had settled.

use chrono::{DateTime, FixedOffset};
use serde::{Deserialize, Serialize};

use super::correction::Standing;
use super::figure::Unit;

/// One figure that moved, once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Restatement {
    /// The metric's name in words.
    pub name: String,
    pub unit: Unit,
    /// None where there was or is no figure.
    pub before: Option<Standing>,
    pub after: Option<Standing>,
    /// In the company's time.
    pub at: DateTime<FixedOffset>,
    pub reason: String,
    pub records_url: String,
}

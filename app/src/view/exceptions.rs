//! What stands out this week, of all that is watched.

use serde::{Deserialize, Serialize};

use super::explanation::Written;
use super::figure::Figure;

/// The list under the answer, and of how many series it was drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Exceptions {
    /// How many series (metric × scope) have enough weeks for a verdict.
    pub watched: u32,
    /// Ranked: outside the limits first, then worse before better.
    pub found: Vec<Exception>,
}

/// A series outside its normal range.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exception {
    /// Where: the company, a service or a workflow, in words.
    pub scope_name: String,
    /// The metric's name in words.
    pub name: String,
    /// Of the latest week that has settled, with its signal and rule.
    pub figure: Figure,
    /// What the sample counts, in the plural.
    pub records_noun: String,
    /// How many points stand behind the normal range.
    pub usable_weeks: u32,
    /// The first week that the signal rests on.
    pub since: String,
    /// Who answers for the workflow, where one does.
    pub owner: Option<String>,
    /// Whether it is told each time, whatever the normal range says.
    #[serde(default)]
    pub is_always_told: bool,
    /// The newest that was said about a week its signal rests on.
    #[serde(default)]
    pub explanation: Option<Written>,
    /// Who may explain it besides operators, by e-mail in lower case; made anew at each reading, and no
    /// part of what is kept or leaves as data.
    #[serde(default, skip_serializing)]
    pub explainers: Vec<String>,
}

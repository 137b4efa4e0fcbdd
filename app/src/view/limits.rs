//! The limits of one series, and the form that has them begin anew.

use serde::{Deserialize, Serialize};

use super::chart::Chart;
use super::figure::Figure;

/// What `/limits/{metric}` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// The metric's name in words.
    pub name: String,
    pub scope_name: String,
    /// Of the latest complete week.
    pub figure: Figure,
    pub chart: Chart,
    /// The weeks from which new limits may begin, the newest first.
    pub weeks: Vec<String>,
    /// What was sent, when it comes back.
    pub sent: Proposal,
    /// Why what was sent was not taken.
    pub refused: Option<String>,
    /// Who may propose, when the reader may not.
    pub closed_to_reader: Option<String>,
}

/// The week from which on a process is to be judged anew, and the four answers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Proposal {
    pub week: String,
    pub what_changed: String,
    pub cause: String,
    pub why_wanted: String,
    pub why_lasting: String,
}

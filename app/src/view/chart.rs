//! Some weeks of one figure, with what they are judged by.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::explanation::Written;
use super::review::Point;
use super::signal::{Rule, Signal};

/// The weeks of a process chart up to the shown one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// Oldest first; a week without value keeps its place.
    pub points: Vec<Point>,
    /// What the weeks are judged by, oldest first: one stretch, and one more for each divider.
    pub limits: Vec<Limits>,
    /// The weeks that stood out when each was the newest.
    pub signals: Vec<Marked>,
    /// Where limits began anew, in the order of their weeks.
    pub dividers: Vec<Divider>,
    /// What was said about its weeks: the newest word about each, in the order of the weeks.
    pub notes: Vec<Written>,
    /// How many points stand behind the normal range of the shown week: usable weeks, or gaps between
    /// rare events.
    pub usable_weeks: u32,
}

/// The natural process limits of a stretch of weeks, in the figure's unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limits {
    /// First and last week, both included.
    pub from: String,
    pub to: String,
    pub centre: f64,
    /// As drawn: within 0 and, for ratios, 1.
    pub normal_range: [f64; 2],
    /// A third of the way from the centre to an undrawn limit.
    pub sigma: f64,
    /// How many weeks they rest on.
    pub weeks: u32,
    /// The week with which there were enough to lock them.
    pub locked_with: Option<String>,
}

/// A week that stood out, and by which rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marked {
    pub week: String,
    pub signal: Signal,
    pub rule: Rule,
}

/// The week from which on a process is judged anew, with the four answers that were asked for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Divider {
    pub week: String,
    pub what_changed: String,
    pub cause: String,
    pub why_wanted: String,
    pub why_lasting: String,
    /// Who set it, and on which day.
    pub set_by: String,
    pub set_on: NaiveDate,
}

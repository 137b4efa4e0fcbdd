//! The last months of a figure, to be seen beside its last weeks.

use serde::{Deserialize, Serialize};

/// The last twelve months that have ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Months {
    /// Oldest first; a month without value keeps its place.
    pub months: Vec<Month>,
    pub made_of: MadeOf,
}

/// A month, which holds the weeks whose Thursday lies in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Month {
    /// Such as `2026-10`.
    pub month: String,
    /// How many weeks it holds.
    pub weeks: u32,
    pub value: Option<f64>,
    /// How many records lie in its weeks.
    pub sample: u64,
    /// Too few records to take for more than a value.
    pub hollow: bool,
}

/// What a month's value is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MadeOf {
    /// The mean of its weeks.
    Weeks,
    /// The sums of its weeks, one over the other.
    Sums,
    /// The median of all its records.
    Records,
}

//! What a metric means: the text a reader sees is the text the code was written from.

use serde::{Deserialize, Serialize};

/// What `/definitions/{metric}` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    pub metric: String,
    pub name: String,
    /// One sentence: what question it answers.
    pub answers: String,
    /// The formula, one step a paragraph.
    pub formula: Vec<String>,
    /// What is left out, and why.
    pub leaves_out: Vec<String>,
    /// In words: "seconds", "count".
    pub unit: String,
    /// In words: "lower is better", "neither side is better".
    pub direction: String,
    /// Which records it is made of and which instant decides their week.
    pub records: String,
    pub week_of: String,
    pub settles: String,
    /// The streams that it needs, and what becomes of it without them.
    pub needs: String,
    /// How interval, normal range and signal come about.
    pub statistics: Vec<String>,
    /// Where the formula comes from.
    pub source: String,
    /// Newest first.
    pub versions: Vec<Version>,
    /// The company's latest list.
    pub records_url: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    pub version: u32,
    /// Day it came into force, such as `2026-11-22`.
    pub since: String,
    pub change: String,
}

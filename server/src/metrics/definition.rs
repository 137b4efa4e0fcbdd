//! What a metric means, in the words that its definition page shows.
//!
//! The text and the code are the same thing under one version: who changes a formula changes its
//! text here and adds a dated version. From the text alone two people get the same numbers.

pub mod changes_merged;
pub mod pr_cycle_time;

/// A metric's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// One sentence: what question it answers.
    pub answers: &'static str,
    /// One step a paragraph.
    pub formula: &'static [&'static str],
    /// What is left out, and why.
    pub leaves_out: &'static [&'static str],
    /// Which records it is made of.
    pub records: &'static str,
    /// Which instant decides a record's week.
    pub week_of: &'static str,
    pub settles: &'static str,
    /// How interval, normal range and signal come about.
    pub statistics: &'static [&'static str],
    /// Where the formula comes from.
    pub source: &'static str,
    /// Newest first.
    pub versions: &'static [Version],
}

/// One wording of a formula, and since when it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    pub version: u32,
    /// Day it came into force, such as `2026-11-22`.
    pub since: &'static str,
    pub change: &'static str,
}

//! How the week's question is answered: the sentence, its reason, and every number it stands on.

use serde::{Deserialize, Serialize};

/// The sentence that answers the week's question, and all that it stands on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// One of twelve.
    pub sentence: String,
    pub reason: String,
    /// What stands beside the reason: the second metrics, whether work moved, what speed was traded for.
    pub beside: Vec<String>,
    /// What would have to be there for a verdict, one point a line; empty once there is one.
    pub missing: Vec<String>,
    pub speed: Side,
    pub quality: Side,
    /// How many percentage points worse quality may have become and still be called no worse.
    pub margin_points: f64,
}

/// One of the two metrics that decide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    pub metric: String,
    /// In words.
    pub name: String,
    pub records_noun: String,
    pub word: Word,
    /// The weeks that are compared; none while there are too few.
    pub spans: Option<Spans>,
    pub compared: Option<Compared>,
    /// Why it can't be told.
    pub why_not: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    Faster,
    Slower,
    NoVisibleChange,
    Sloppier,
    NoSloppier,
    CantTell,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spans {
    pub recent: Span,
    pub baseline: Span,
}

/// From one week to another, both included, and how many records lie in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub from: String,
    pub to: String,
    pub records: u64,
}

/// What the comparison came to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    /// Recent durations ÷ those of the baseline.
    Durations {
        ratio: f64,
        low: f64,
        high: f64,
        level_percent: f64,
    },
    /// Bad records of all, and the interval of recent − baseline at both levels.
    Shares {
        recent: [u64; 2],
        baseline: [u64; 2],
        sloppier: [f64; 2],
        sloppier_percent: f64,
        no_sloppier: [f64; 2],
        no_sloppier_percent: f64,
    },
}

/// What `/definitions/answer` shows: the rule, and how one week's sentence came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AnswerDefinition {
    pub week: String,
    pub scope: String,
    pub scope_name: String,
    pub answer: Answer,
    /// What leadership decided of it, up to the freeze where the week is frozen.
    pub decided: Vec<Decided>,
    /// The rule, a step a paragraph.
    pub rule: Vec<String>,
}

/// A decision, since when it stands, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// "Margin", "Baseline", "Deciding metrics".
    pub what: String,
    /// As it was decided, in words.
    pub said: String,
    /// RFC 3339, UTC.
    pub at: String,
    pub by: String,
}

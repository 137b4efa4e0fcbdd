//! Agent metrics beside the business metrics that they are meant to move.

use serde::{Deserialize, Serialize};

use super::review::Row;

/// The section of the review; sorted by workflow and agent metric, never by outcome.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hops {
    /// At most twelve.
    pub rows: Vec<Hop>,
    /// How many more there are.
    pub more: u32,
    /// How many are left out, as an end of theirs is not measured yet.
    pub left_out: u32,
    /// The ids of those metrics, each once.
    pub unmeasured: Vec<String>,
}

/// Both ends of a hop, of the same weeks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hop {
    /// The workflow's name in words.
    pub workflow: String,
    pub agent: Row,
    pub business: Row,
    /// What was expected of the business metric when the hop was declared: `better`, `worse`, `up` or
    /// `down`.
    pub expected: Option<String>,
    /// What both did together; none where there is no word for it.
    pub word: Option<String>,
}

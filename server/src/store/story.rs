//! What is really true of a generated company, as its generator knows it: kept with the company, so
//! that figures can be held against it.

use serde::{Deserialize, Serialize};

/// What is true of one service from one week on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chapter {
    /// The service's slug.
    pub service: String,
    pub title: String,
    /// A sentence or two.
    pub what: String,
    /// The Monday of the first week of which it is true, such as `2026-08-10`.
    pub begins: String,
    pub kind: Kind,
    pub metrics: Vec<Moved>,
}

/// What a chapter tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    FasterAndSloppier,
    FasterNoSloppier,
    NothingChanged,
}

/// A metric, and what really becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moved {
    pub metric: String,
    pub direction: Direction,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Better,
    Worse,
    Unchanged,
}

//! How fresh a source is.

use serde::{Deserialize, Serialize};

/// How a source with a rhythm stands, or stood when a week froze.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub name: String,
    pub freshness: Freshness,
    /// What has not come and since when, where it is not fresh.
    pub reason: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Within its rhythm.
    Fresh,
    /// One rhythm missed.
    Late,
    /// Two missed.
    Stale,
    /// Some of its streams are stale, and others are not.
    Partial,
    NeverLoaded,
}

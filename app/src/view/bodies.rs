//! What went into a run and its calls and came out, as far as it is kept.

use serde::{Deserialize, Serialize};

/// What `/bodies/{run}` shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bodies {
    pub run: String,
    pub title: String,
    /// The run, then its calls in their order; none for whom it is closed.
    pub steps: Vec<Step>,
    /// How many calls are not listed.
    pub more: u64,
    /// Who may read it, in words, where this reader may not.
    pub closed_to_reader: Option<String>,
}

/// A run as a whole, or one of its calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub name: String,
    /// RFC 3339.
    pub started_at: String,
    pub bodies: Vec<Body>,
}

/// What went in, came out or went wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Body {
    /// `input`, `output` or `error`.
    pub name: String,
    /// In bytes, as it came.
    pub size: u64,
    /// Redacted and cut; none where it is not kept.
    pub text: Option<String>,
}

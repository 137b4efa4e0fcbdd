//! What surrounds every page: who is reading, in which theme, under which nonce.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// None on pages that need no sign-in.
    pub person: Option<Person>,
    pub theme: Theme,
    /// Whether keys pressed alone do something, where there is script.
    pub single_keys: bool,
    /// For the one inline script, which starts the islands.
    pub nonce: String,
    /// Whether the islands were built; pages are complete without them.
    pub islands: bool,
    /// Sent back by every form.
    pub csrf: String,
    /// The path and query of this page, for forms that come back to it.
    pub path: String,
    /// Set when the company was generated: the mark that says so.
    pub generated: Option<Generated>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub email: String,
    /// In words: "executive", "DRI", "finance", "operator".
    pub role: String,
    /// Whether the role may put records right, where the work is theirs.
    pub corrects: bool,
    /// Whether that is so of anybody's work.
    pub operates: bool,
    /// Whether the role adds actions.
    pub decides: bool,
}

/// A made-up company, and the seed it was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generated {
    pub seed: u64,
}

impl Generated {
    /// The sentence that stands wherever its figures do.
    pub fn in_words(self) -> String {
        format!(
            "Generated company: every name and number here is made up (seed {}).",
            self.seed
        )
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the system has it.
    #[default]
    Auto,
    Light,
    Dark,
}

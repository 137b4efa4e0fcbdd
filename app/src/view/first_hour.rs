//! What leads from an empty install to the first figure.

use serde::{Deserialize, Serialize};

/// What is declared while no record has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstHour {
    /// Services by slug.
    pub services: Vec<String>,
    /// Workflows by name.
    pub workflows: Vec<String>,
    /// So many weeks of records stand behind a first verdict.
    pub verdict_weeks: u32,
}

//! The form that adds a workflow or edits one.

use serde::{Deserialize, Serialize};

/// What `/workflows/new` and `/workflows/{slug}/edit` show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkflowForm {
    /// None where it is new.
    pub slug: Option<String>,
    /// What stands, or what was sent when it comes back.
    pub sent: Sent,
    /// All services, by name, each with its slug.
    pub services: Vec<(String, String)>,
    /// Whether the reader may also say who answers for it and what it covers.
    pub may_own: bool,
    /// Why what was sent was not taken.
    pub refused: Option<String>,
}

/// The fields of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sent {
    /// Of a new one only.
    pub slug: String,
    pub name: String,
    /// E-mail of the person who answers for it.
    pub dri: String,
    /// Slugs of what it covers.
    #[serde(skip)]
    pub services: Vec<String>,
    /// As the registry names it; empty when it was not said.
    pub pattern: String,
    /// 0 to 3; of a new one only.
    pub tier: String,
    pub escalation: String,
    pub playbook: String,
    pub playbook_practised_on: String,
    pub rules: String,
}

//! The form that connects a system.

use serde::{Deserialize, Serialize};

/// What `/sources/connect` shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connect {
    /// The systems that can be read.
    pub systems: Vec<System>,
    /// What was sent when it comes back, without its secrets.
    pub sent: Sent,
    /// Why it was not connected.
    pub refused: Option<String>,
}

/// A kind of system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    /// As the registry names it.
    pub kind: String,
    pub name: String,
    /// What it adds, in a sentence.
    pub adds: String,
    /// What a token needs, and what that fills.
    pub permissions: Vec<(String, String)>,
}

/// The fields of the form but its secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sent {
    pub kind: String,
    pub name: String,
    pub base_url: String,
    /// One a line.
    pub organisations: String,
    pub repositories: String,
    pub since: String,
    pub app_id: String,
    pub installation_id: String,
}

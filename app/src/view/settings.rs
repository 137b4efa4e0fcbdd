//! What can be set, by whom it was set, and who may sign in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What `/settings` shows one reader. Instants are RFC 3339, UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    pub company: Company,
    pub decisions: Decisions,
    pub registry: Registry,
    /// For operators only.
    pub people: Option<Vec<Person>>,
    /// For operators only.
    pub tokens: Option<Vec<Token>>,
    /// The reader's own.
    pub sessions: Vec<Session>,
    /// What was just made and is shown this once.
    pub once: Option<Once>,
    /// What was just refused.
    pub refused: Option<Refused>,
}

/// What only `apply` sets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Company {
    /// Each as it stands, in words.
    pub facts: Vec<Fact>,
    /// The lines of the registry's file that say the same.
    pub toml: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub name: String,
    pub said: String,
    /// Nobody has set it.
    pub is_usual: bool,
}

/// What executives decide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decisions {
    pub margin: Decided<f64>,
    /// None: the weeks before the first agent.
    pub baseline: Decided<Option<Span>>,
    pub deciding: Decided<Deciding>,
    /// Which margins are within reach, a sentence a line.
    pub reach: Vec<String>,
    pub speed_choices: Vec<Metric>,
    pub quality_choices: Vec<Metric>,
    pub may_decide: bool,
}

/// What stands, and whose word that is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decided<T> {
    pub stands: T,
    /// Nobody has set it.
    pub is_usual: bool,
    /// None where `apply` set it, or nobody.
    pub act: Option<Signed>,
}

/// Who decided, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    pub at: String,
    pub by: String,
}

/// From one week to another, both included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub from: String,
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deciding {
    pub speed: Metric,
    pub quality: Metric,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metric {
    pub id: String,
    pub name: String,
}

/// What is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registry {
    pub services: Vec<Service>,
    pub workflows: Vec<Workflow>,
    pub agents: Vec<Agent>,
    /// How many people there are of each role, as commands write it.
    pub roles: BTreeMap<String, u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    pub slug: String,
    pub name: Option<String>,
    /// "deployments to production", "each merge".
    pub delivered_by: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workflow {
    pub slug: String,
    pub name: Option<String>,
    pub dri: Option<String>,
    pub tier: Option<u8>,
    /// A line each: services, paths, labels, topics.
    pub covers: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    pub id: String,
    pub name: Option<String>,
    pub workflow: Option<String>,
    pub tier: Option<u8>,
}

/// Someone who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub email: String,
    pub name: String,
    /// As commands write it: `executive`, `dri`, `finance`, `operator`.
    pub role: String,
    pub signed_in: Option<String>,
}

/// What a script signs in with; never the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub name: String,
    pub scope: String,
    pub created: String,
    /// To within a minute.
    pub used: Option<String>,
}

/// A browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Names it, and opens nothing.
    pub id: String,
    pub created: String,
    pub seen: String,
    /// The one that reads this.
    pub is_this: bool,
}

/// A secret that is shown to whoever made it, this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Once {
    Link { email: String, url: String },
    Token { name: String, token: String },
}

/// A part of the page with a form of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    Decisions,
    People,
    Tokens,
    Sessions,
}

/// Why nothing was changed, and what was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub part: Part,
    pub why: String,
    pub typed: BTreeMap<String, String>,
}

impl Part {
    /// Its anchor, and the last part of where its forms are sent to.
    pub fn name(self) -> &'static str {
        match self {
            Part::Decisions => "decisions",
            Part::People => "people",
            Part::Tokens => "tokens",
            Part::Sessions => "sessions",
        }
    }
}

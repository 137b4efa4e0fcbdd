//! A receipt: one thing, what is known of it and how well, and every number it went into.
//!
//! All of it is text and whole numbers, so that what is signed can be written again byte for byte.

use serde::{Deserialize, Serialize};

use super::correction::Made;
use super::records::{Evidence, Level};

/// What a receipt is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Change,
    Run,
    /// Agent or assisted work that landed and is no change.
    Artifact,
    Deployment,
    Incident,
    Defect,
}

impl Kind {
    pub const ALL: [Kind; 6] = [
        Kind::Change,
        Kind::Run,
        Kind::Artifact,
        Kind::Deployment,
        Kind::Incident,
        Kind::Defect,
    ];

    /// As an address names it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Change => "change",
            Kind::Run => "run",
            Kind::Artifact => "artifact",
            Kind::Deployment => "deployment",
            Kind::Incident => "incident",
            Kind::Defect => "defect",
        }
    }
}

/// Whether it stands behind a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Counted,
    NotCounted,
    /// A person said what stands; it counts, or does not, by that word.
    Corrected,
}

/// What `/receipts/{kind}/{id}` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    pub kind: Kind,
    pub id: String,
    pub title: String,
    /// What it is, in words: "change", "ticket", "rollback".
    pub what: String,
    /// Where its source shows it.
    pub url: Option<String>,
    pub company: String,
    /// Of the local times.
    pub time_zone: String,
    /// The week that it counts in, first of all.
    pub week: Option<String>,
    pub service: Option<String>,
    pub workflows: Vec<Accountable>,
    pub agent: Option<Agent>,
    pub state: State,
    /// The seven questions, always in the same order.
    pub answers: Vec<Answer>,
    pub timeline: Vec<Event>,
    /// Which sources told of it, and which did not.
    pub sources: Vec<Source>,
    pub computed: Vec<Computed>,
    /// What is asked for to reconstruct it; empty for what is not agents' work.
    pub items: Vec<Item>,
    pub counted: Vec<Counted>,
    pub not_counted: Vec<NotCounted>,
    pub attribution: Attribution,
    pub cost: Vec<Cost>,
    /// Why no cost is known, where none is.
    pub no_cost: Option<String>,
    pub quality: Vec<Quality>,
    pub raw: Vec<Raw>,
    /// How many more there are.
    pub more_raw: u64,
    /// Where it is put right, for kinds of which something can be.
    pub correction_url: Option<String>,
    /// Where the texts of a run are read, while some are kept.
    pub bodies_url: Option<String>,
}

/// A workflow, and who answers for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accountable {
    pub slug: String,
    pub name: String,
    pub dri: Option<String>,
    pub tier: Option<String>,
}

/// The agent behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    pub name: String,
    /// How far it may go; none where nobody declared it.
    pub tier: Option<String>,
    pub is_registered: bool,
}

/// One of the seven questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    Did,
    Touched,
    Allowed,
    Checked,
    Approved,
    Reversed,
    Next,
}

impl Question {
    pub const ALL: [Question; 7] = [
        Question::Did,
        Question::Touched,
        Question::Allowed,
        Question::Checked,
        Question::Approved,
        Question::Reversed,
        Question::Next,
    ];

    pub fn in_words(self) -> &'static str {
        match self {
            Question::Did => "What did the agent do?",
            Question::Touched => "What data did it touch?",
            Question::Allowed => "Which policy allowed it?",
            Question::Checked => "What checks ran before it landed?",
            Question::Approved => "Who approved it?",
            Question::Reversed => "How is it reversed?",
            Question::Next => "What happened next?",
        }
    }
}

/// An answer: what was found, or why nothing is recorded, or both where a part is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    pub question: Question,
    pub found: Vec<Found>,
    pub missing: Option<String>,
}

/// One piece of an answer, and how well it is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub what: String,
    pub link: Option<Link>,
    pub level: Level,
    /// The source that said so.
    pub by: Option<String>,
    /// Whether it is one of the things that should not have been.
    pub is_exception: bool,
}

/// A way to another receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub text: String,
    pub url: String,
}

/// Something that happened, by instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// RFC 3339, UTC.
    pub at: String,
    /// In the company's own time, in words.
    pub local: String,
    pub what: String,
    pub link: Option<Link>,
    pub source: Option<String>,
    /// The record that says so: its stream and its id.
    pub record: Option<String>,
    /// How long nothing happened before it, where that was over a day.
    pub gap: Option<String>,
}

/// A source, and how many records of this came from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    pub name: String,
    pub records: u64,
    /// When it last brought anything at all (RFC 3339, UTC).
    pub newest_at: Option<String>,
}

/// A metric with this item's own numbers in its formula.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computed {
    pub metric: String,
    pub name: String,
    pub said: String,
    pub note: Option<String>,
}

/// One piece of evidence that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub item: String,
    pub is_met: bool,
    /// None of what is missing.
    pub level: Option<Level>,
    pub what: String,
}

/// A figure that it stands behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    pub metric: String,
    pub name: String,
    pub week: String,
    /// What it adds, in words.
    pub contribution: String,
    pub records_url: String,
}

/// A figure that it might have stood behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotCounted {
    pub metric: String,
    pub name: String,
    pub reason: String,
}

/// Whose work it is taken for, or what it is taken for, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution {
    /// `agent`, `assisted` or `unmarked`; else the kind's own word, such as `rollback`.
    pub stands: String,
    pub evidence: Vec<Evidence>,
    /// Why nothing better was found.
    pub reason: Option<String>,
    /// The words of people over it, newest first.
    pub made: Vec<Made>,
}

/// What something of it cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    pub of: Link,
    /// A decimal text with its currency; none without a price.
    pub amount: Option<String>,
    /// How it was reached, or why it is not known.
    pub how: String,
}

/// Something that speaks for it or against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quality {
    /// "Review", "Evaluation", "Suite", "Incident", "Revert".
    pub what: String,
    pub said: String,
    pub link: Option<Link>,
    pub at: Option<String>,
    pub is_bad: bool,
}

/// A record as it is kept, without names, texts and tokens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Raw {
    pub stream: String,
    pub id: String,
    /// None once the delivery is no longer kept.
    pub source: Option<String>,
    pub received_at: Option<String>,
    /// SHA-256 of the record as it is kept.
    pub hash: String,
    pub record: Option<serde_json::Value>,
}

//! What people put right: one thing with the words over it, and the list of what waits for one.

use serde::{Deserialize, Serialize};

use super::figure::Unit;
use super::records::Evidence;

/// What can be put right, each in one respect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Its segment.
    Change,
    /// Planned, rollback or fix.
    Deployment,
    /// The deployment it is laid to.
    Incident,
    /// Where it was found.
    Defect,
}

/// What `/corrections/{kind}/{id}` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    pub kind: Kind,
    pub id: String,
    pub title: Option<String>,
    pub url: Option<String>,
    /// Empty where it names none.
    pub service: String,
    /// The instant that puts it into a week (RFC 3339, UTC); none for a change that is not merged.
    pub at: Option<String>,
    /// What stands, in the vocabulary of its kind.
    pub stands: String,
    pub evidence: Vec<Evidence>,
    /// Why nothing better was found.
    pub reason: Option<String>,
    /// The answers to choose from.
    pub choices: Vec<Choice>,
    /// The words over it so far, newest first.
    pub made: Vec<Made>,
    /// Who may put it right, when this reader may not.
    pub closed_to_reader: Option<String>,
    /// What this reader wants to stand, once they have said so.
    pub asked: Option<Asked>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub value: String,
    /// Where the value is the id of a deployment.
    pub deployment: Option<Candidate>,
}

/// A deployment before an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    pub title: String,
    pub finished_at: String,
}

/// One correction, as it was kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    pub at: String,
    pub by: String,
    pub was: String,
    /// Empty where it takes earlier ones back.
    pub value: String,
    pub reason: String,
}

/// A correction on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    pub value: String,
    pub reason: String,
    pub outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// Not taken, and why.
    Refused(String),
    /// The figures it would change; nothing is kept yet.
    WouldMove(Vec<MovedWeek>),
}

/// What a correction would change in one week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MovedWeek {
    pub week: String,
    /// Figures of all segments together.
    pub figures: Vec<MovedFigure>,
    /// How many figures of single segments change beside them.
    pub by_segment: u64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MovedFigure {
    /// The metric's name in words.
    pub name: String,
    pub records_noun: String,
    pub scope_name: String,
    pub unit: Unit,
    pub before: Option<Standing>,
    pub after: Option<Standing>,
    pub records_url: String,
}

/// What stands for a figure, with its parts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    pub value: Option<f64>,
    pub sample: u64,
    pub numerator: Option<u64>,
    pub denominator: Option<u64>,
}

/// What `/corrections` shows: what waits for a person's word, and what has been put right.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Corrections {
    /// Laid to no deployment, the latest first.
    pub incidents: Waiting,
    /// Nobody says where they were found, the latest first.
    pub defects: Waiting,
    /// The latest corrections of anything.
    pub made: Vec<MadeOf>,
}

/// The first of what waits, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    pub first: Vec<Open>,
    pub count: u64,
}

/// One thing that waits for a word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    pub id: String,
    pub title: Option<String>,
    pub service: String,
    pub at: String,
    pub reason: Option<String>,
}

/// A kept correction and the thing it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeOf {
    pub kind: Kind,
    pub id: String,
    pub made: Made,
}

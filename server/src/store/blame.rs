//! What a record blames: the one thing that its sender holds to have brought the trouble about.
//!
//! Nothing here knows whether there is such a thing, or whether the sender is right.

use serde::Deserialize;

use super::{Result, from_word};

/// What is blamed, by what it is and how its own source names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blamed {
    pub kind: Kind,
    pub id: String,
}

/// What can be blamed: an incident on a deployment, a change or a commit; a defect on a deployment,
/// a change or a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Deployment,
    Change,
    Commit,
    Release,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Kind::Deployment => "deployment",
            Kind::Change => "change",
            Kind::Commit => "commit",
            Kind::Release => "release",
        }
    }
}

impl Blamed {
    /// From the two columns that hold it; both are filled or neither.
    pub(crate) fn read(kind: Option<String>, id: Option<String>) -> Result<Option<Blamed>> {
        let kind = from_word("the kind of what is blamed", kind)?;
        Ok(kind.zip(id).map(|(kind, id)| Blamed { kind, id }))
    }
}

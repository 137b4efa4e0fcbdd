//! What an agent leaves behind beside changes: tickets, configuration and the like, told by the run
//! itself, by a record of its own, or by both.

use serde_json::Value;

use super::hours::rfc3339;
use super::object::{add_known, object};
use super::runs::{Left, reversal};

pub(super) struct Artifact {
    pub kind: &'static str,
    pub reference: String,
    /// None when it never lands within the generated weeks.
    pub landed: Option<i64>,
    /// What takes it back.
    pub reversal: Option<String>,
    /// What its own record names beside it.
    pub named: Named,
}

/// Whose an artifact is, as its own record tells.
#[derive(Clone, Default)]
pub(super) struct Named {
    pub run: Option<String>,
    pub workflow: Option<String>,
    pub agent: Option<String>,
}

/// Who tells of an artifact.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    ByRun,
    ByItself,
    ByBoth,
    /// The run names it before it has landed; its own record tells when it did.
    Later,
}

impl Artifact {
    /// As its run lists it, if it does.
    pub(super) fn left(&self, told: Told) -> Option<Left> {
        let is_listed = told != Told::ByItself;
        is_listed.then(|| Left {
            kind: self.kind,
            reference: self.reference.clone(),
            landed: self.landed.filter(|_| told != Told::Later),
            reversal: self.reversal.clone(),
        })
    }

    /// Its own record, once it has landed.
    pub(super) fn record(&self, landed: i64) -> Value {
        let landed_at = rfc3339(landed);
        let mut record = object([
            ("id", format!("artifact/{}", self.reference).into()),
            ("kind", self.kind.into()),
            ("ref", self.reference.as_str().into()),
            ("updated_at", landed_at.as_str().into()),
            ("landed_at", landed_at.into()),
        ]);
        let text = |own: &Option<String>| own.as_deref().map(Value::from);
        add_known(
            &mut record,
            [
                ("run", text(&self.named.run)),
                ("workflow", text(&self.named.workflow)),
                ("agent", text(&self.named.agent)),
                ("reversal", self.reversal.as_deref().map(reversal)),
            ],
        );
        record
    }
}

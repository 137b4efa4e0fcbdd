//! A thing that can be put right: where it stands, what stands for it now, and what a word over it
//! sets in motion.

use crate::links::NO_DEPLOYMENT;
use crate::links::changes::{self, Because};
use crate::store::corrections::AS_FOUND;
use crate::store::links::{
    changes as change_links, defects as defect_links, deployments as deployment_links,
    incidents as incident_links,
};
use crate::store::registry::Registry;
use crate::store::touched;
use crate::store::{self, Tx, changes as change_rows, defects, from_json, incidents};

/// What can be put right, each in one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Change, Kind::Deployment, Kind::Incident, Kind::Defect];

    pub fn parse(text: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Change => "change",
            Kind::Deployment => "deployment",
            Kind::Incident => "incident",
            Kind::Defect => "defect",
        }
    }

    /// The field as corrections name it.
    pub fn field(self) -> &'static str {
        match self {
            Kind::Change => "segment",
            Kind::Deployment => "kind",
            Kind::Incident => "deployment",
            Kind::Defect => "found_in",
        }
    }

    /// The values there are; an incident takes a deployment's id besides.
    pub fn values(self) -> &'static [&'static str] {
        match self {
            Kind::Change => &["agent", "assisted", "unmarked"],
            Kind::Deployment => &["planned", "rollback", "fix"],
            Kind::Incident => &[NO_DEPLOYMENT],
            Kind::Defect => &["production", "pre_release"],
        }
    }
}

/// Whether a value is one that a kind may have.
pub(super) async fn takes(tx: &mut Tx, kind: Kind, value: &str) -> store::Result<bool> {
    if value == AS_FOUND || kind.values().contains(&value) {
        return Ok(true);
    }
    if kind != Kind::Incident {
        return Ok(false);
    }
    let found = deployment_links::find(tx, &[value]).await?;
    Ok(found.iter().any(|ended| ended.link.standing != "ignored"))
}

/// A thing as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: Kind,
    pub id: String,
    /// Empty where it names none.
    pub service: String,
    /// The instant that puts it into a week; none for a change that is not merged.
    pub at_ms: Option<i64>,
    /// What stands, in the kind's vocabulary.
    pub stands: String,
    /// JSON, as links keep it.
    pub evidence: String,
    pub reason: Option<String>,
    /// Slugs of the workflows that cover it.
    pub workflows: Vec<String>,
}

/// The thing of this kind and id, once it is linked.
pub async fn find(tx: &mut Tx, kind: Kind, id: &str) -> store::Result<Option<Subject>> {
    match kind {
        Kind::Change => change(tx, id).await,
        Kind::Deployment => deployment(tx, id).await,
        Kind::Incident => incident(tx, id).await,
        Kind::Defect => defect(tx, id).await,
    }
}

async fn change(tx: &mut Tx, id: &str) -> store::Result<Option<Subject>> {
    let Some(row) = change_rows::find(tx, &[id]).await?.into_iter().next() else {
        return Ok(None);
    };
    let found = change_links::find(tx, &[(&row.version.home, id)]).await?;
    let Some(found) = found.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(Subject {
        kind: Kind::Change,
        id: id.to_owned(),
        service: row.version.home,
        at_ms: found.link.merged_at,
        stands: found.link.segment,
        evidence: found.link.evidence,
        reason: None,
        workflows: from_json("workflows", &found.link.workflows)?,
    }))
}

async fn deployment(tx: &mut Tx, id: &str) -> store::Result<Option<Subject>> {
    let found = deployment_links::find(tx, &[id]).await?;
    let Some(ended) = found.into_iter().next() else {
        return Ok(None);
    };
    let link = ended.link;
    Ok(Some(Subject {
        kind: Kind::Deployment,
        id: id.to_owned(),
        service: link.service,
        at_ms: Some(link.finished_at),
        stands: link.kind,
        evidence: link.evidence,
        reason: link.reason,
        workflows: from_json("workflows", &link.workflows)?,
    }))
}

async fn incident(tx: &mut Tx, id: &str) -> store::Result<Option<Subject>> {
    let Some(row) = incidents::find(tx, &[id]).await?.into_iter().next() else {
        return Ok(None);
    };
    let found = incident_links::find(tx, &[(&row.version.home, id)]).await?;
    let Some(link) = found.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(Subject {
        kind: Kind::Incident,
        id: id.to_owned(),
        service: row.version.home,
        at_ms: Some(link.started_at),
        stands: link
            .deployment_id
            .unwrap_or_else(|| NO_DEPLOYMENT.to_owned()),
        evidence: link.evidence,
        reason: link.reason,
        workflows: from_json("workflows", &link.workflows)?,
    }))
}

async fn defect(tx: &mut Tx, id: &str) -> store::Result<Option<Subject>> {
    let Some(row) = defects::find(tx, &[id]).await?.into_iter().next() else {
        return Ok(None);
    };
    let found = defect_links::find(tx, &[(&row.version.home, id)]).await?;
    let Some(link) = found.into_iter().next() else {
        return Ok(None);
    };
    Ok(Some(Subject {
        kind: Kind::Defect,
        id: id.to_owned(),
        service: row.version.home,
        at_ms: Some(link.found_at),
        stands: link.place,
        evidence: link.evidence,
        reason: None,
        workflows: from_json("workflows", &link.workflows)?,
    }))
}

impl Subject {
    /// Marks what has to be linked again because of a word over it; answers the instants whose weeks
    /// moved already.
    pub(super) async fn mark(&self, tx: &mut Tx, registry: &Registry) -> store::Result<Vec<i64>> {
        let key = (self.service.as_str(), self.id.as_str());
        match self.kind {
            Kind::Change => {
                let rows = change_rows::find(tx, &[&self.id]).await?;
                let again = (rows.as_slice(), Because::OthersMoved);
                return changes::relink(tx, registry, again, &[key]).await;
            }
            Kind::Deployment => {
                touched::service(tx, &self.service, self.at_ms.unwrap_or_default()).await?;
            }
            Kind::Incident => touched::things(tx, touched::Kind::Incident, &[key]).await?,
            Kind::Defect => touched::things(tx, touched::Kind::Defect, &[key]).await?,
        }
        Ok(Vec::new())
    }
}

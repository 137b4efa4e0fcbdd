//! Whether a deployment failed, and when all was well again.
//!
//! It failed when another one put it right, or an incident is laid to it, or, being a failed rollout,
//! the next attempt is a rollback or a fix. All is well again with the latest resolution of its
//! incidents; without incidents, with its latest remedy.

use super::segment::{Evidence, Level};
use crate::store::links::deployments::DeploymentLink;
use crate::store::links::incidents::IncidentLink;
use crate::store::links::remedies::Remedy;

/// How a deployment ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    pub is_failed: bool,
    pub evidence: Vec<Evidence>,
    pub well_again_at: Option<i64>,
    pub not_recovered: Option<&'static str>,
}

/// Words for why a failed deployment has no recovery.
const UNRESOLVED: &str = "unresolved";
const UNREMEDIED: &str = "unremedied";
const TOO_EARLY: &str = "too_early";

/// The outcome of a deployment, by the remedies and incidents that point at it.
pub(super) fn outcome(
    link: &DeploymentLink,
    remedies: &[&Remedy],
    incidents: &[&IncidentLink],
) -> Outcome {
    let counts_anyway = link.standing == "failure" && link.next_is_remedy == 1;
    let is_failed = !incidents.is_empty() || !remedies.is_empty() || counts_anyway;
    if !is_failed {
        return Outcome::default();
    }
    let (well_again_at, not_recovered) = match recovery(remedies, incidents) {
        Ok(at) if at < link.finished_at => (Some(at), Some(TOO_EARLY)),
        Ok(at) => (Some(at), None),
        Err(reason) => (None, Some(reason)),
    };
    Outcome {
        is_failed,
        evidence: evidence(remedies, incidents, counts_anyway),
        well_again_at,
        not_recovered,
    }
}

fn recovery(remedies: &[&Remedy], incidents: &[&IncidentLink]) -> Result<i64, &'static str> {
    if incidents.is_empty() {
        let last = remedies.iter().map(|remedy| remedy.remedy_at).max();
        return last.ok_or(UNREMEDIED);
    }
    let mut last = i64::MIN;
    for incident in incidents {
        last = last.max(incident.resolved_at.ok_or(UNRESOLVED)?);
    }
    Ok(last)
}

fn evidence(
    remedies: &[&Remedy],
    incidents: &[&IncidentLink],
    counts_anyway: bool,
) -> Vec<Evidence> {
    let laid = incidents.iter().map(|incident| {
        // Its link holds one piece of evidence: what lays it here.
        let own: Vec<Evidence> = serde_json::from_str(&incident.evidence).unwrap_or_default();
        Evidence {
            level: own.first().map_or(Level::Inferred, |own| own.level),
            what: format!("incident {} is laid to it", incident.incident_id),
        }
    });
    let remedied = remedies.iter().map(|remedy| Evidence {
        level: Level::parse(&remedy.level),
        what: format!("{} put it right: {}", remedy.remedy_id, remedy.what),
    });
    let rollout = counts_anyway.then(|| Evidence {
        level: Level::Inferred,
        what: "its rollout failed, and the next attempt is a rollback or a fix".to_owned(),
    });
    let mut evidence: Vec<Evidence> = laid.chain(remedied).chain(rollout).collect();
    evidence.sort();
    evidence
}

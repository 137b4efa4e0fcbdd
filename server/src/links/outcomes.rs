//! How deployments ended, for those that something came to point at, or no longer does.

use std::collections::BTreeMap;

use super::outcome;
use crate::store::links::deployments::{self as stored, DeploymentLink, Ended, Outcome};
use crate::store::links::incidents::{self, IncidentLink};
use crate::store::links::remedies::{self, Remedy};
use crate::store::touched::{self, Kind};
use crate::store::{self, Tx, to_json};

/// How many are derived in one step.
const STEP: i64 = 1_000;

/// Derives the outcomes of some deployments; answers the instants whose weeks moved, and nothing
/// once none is marked.
pub(super) async fn link_next(tx: &mut Tx) -> store::Result<Option<Vec<i64>>> {
    let taken = touched::take(tx, Kind::Outcome, STEP).await?;
    if taken.is_empty() {
        return Ok(None);
    }
    let mut by_service: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (service, id) in &taken {
        by_service.entry(service).or_default().push(id);
    }
    let mut moved = Vec::new();
    for (service, ids) in by_service {
        moved.extend(of_service(tx, service, &ids).await?);
    }
    Ok(Some(moved))
}

async fn of_service(tx: &mut Tx, service: &str, ids: &[&str]) -> store::Result<Vec<i64>> {
    let mut found = stored::find(tx, ids).await?;
    found.retain(|ended| ended.link.service == service);
    let remedies = remedies::of(tx, service, ids).await?;
    let incidents = incidents::laid_to(tx, service, ids).await?;
    let mut by_remedied: BTreeMap<&str, Vec<&Remedy>> = BTreeMap::new();
    for remedy in &remedies {
        by_remedied
            .entry(&remedy.remedied_id)
            .or_default()
            .push(remedy);
    }
    let mut by_deployment: BTreeMap<&str, Vec<&IncidentLink>> = BTreeMap::new();
    for incident in &incidents {
        let id = incident.deployment_id.as_deref().unwrap_or_default();
        by_deployment.entry(id).or_default().push(incident);
    }
    let mut moved = Vec::new();
    let mut fresh: Vec<(&DeploymentLink, Outcome)> = Vec::new();
    for Ended { link, outcome: old } in &found {
        let id = link.deployment_id.as_str();
        let remedied = by_remedied.get(id).map_or(&[][..], Vec::as_slice);
        let laid = by_deployment.get(id).map_or(&[][..], Vec::as_slice);
        let now = outcome::outcome(link, remedied, laid);
        let now = Outcome {
            is_failed: i64::from(now.is_failed),
            failure: to_json("evidence", &now.evidence)?,
            well_again_at: now.well_again_at,
            not_recovered: now.not_recovered.map(str::to_owned),
        };
        if now != *old {
            moved.push(link.finished_at);
            moved.extend(old.well_again_at);
            moved.extend(now.well_again_at);
            fresh.push((link, now));
        }
    }
    stored::end(tx, &fresh).await?;
    Ok(moved)
}

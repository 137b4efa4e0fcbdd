//! Defects: where each was found, once people are heard, and whose work it belongs to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::segment::Evidence;
use super::{VERSION, work};
use crate::store::blame as blamed;
use crate::store::defects::{self, Defect, FoundIn, Resolution};
use crate::store::links::changes as change_links;
use crate::store::links::defects::{self as stored, DefectLink};
use crate::store::links::deployments as deployment_links;
use crate::store::registry::Registry;
use crate::store::touched::{self, Kind};
use crate::store::{self, Tx, corrections, to_json};

/// How many are linked in one step.
const STEP: i64 = 1_000;

/// Links some defects; answers the instants whose weeks moved, and nothing once none is marked.
pub(super) async fn link_next(tx: &mut Tx, registry: &Registry) -> store::Result<Option<Vec<i64>>> {
    let taken = touched::take(tx, Kind::Defect, STEP).await?;
    if taken.is_empty() {
        return Ok(None);
    }
    let keys: Vec<(&str, &str)> = taken
        .iter()
        .map(|(service, id)| (service.as_str(), id.as_str()))
        .collect();
    let ids: Vec<&str> = keys.iter().map(|(_, id)| *id).collect();
    let marked: BTreeSet<(&str, &str)> = keys.iter().copied().collect();
    let mut rows = defects::find(tx, &ids).await?;
    rows.retain(|row| marked.contains(&(row.version.home.as_str(), row.version.id.as_str())));
    let mut old: BTreeMap<(String, String), DefectLink> = stored::find(tx, &keys)
        .await?
        .into_iter()
        .map(|link| ((link.service.clone(), link.defect_id.clone()), link))
        .collect();
    let covering = covering(tx, &rows).await?;
    let corrected = corrected(tx, &ids).await?;
    let mut moved = Vec::new();
    let mut fresh = Vec::new();
    for row in &rows {
        let cause = row.introduced_by.as_ref();
        let cause = cause.and_then(|cause| covering.get(&(cause.kind.as_str(), cause.id.clone())));
        let own = work::covering_beside(
            &row.version.home,
            &registry.workflows,
            cause.map(String::as_str),
        )?;
        let (place, evidence) = place(row, corrected.get(&row.version.id).copied());
        let link = DefectLink {
            service: row.version.home.clone(),
            defect_id: row.version.id.clone(),
            version: VERSION,
            found_at: row.found_at,
            place: place.to_owned(),
            evidence: to_json("evidence", &evidence)?,
            workflows: to_json("workflows", &own)?,
        };
        let was = old.remove(&(link.service.clone(), link.defect_id.clone()));
        if was.as_ref() != Some(&link) {
            moved.extend(was.map(|was| was.found_at));
            moved.push(link.found_at);
            fresh.push(link);
        }
    }
    for ((service, id), gone) in old {
        stored::remove(tx, &service, &id).await?;
        moved.push(gone.found_at);
    }
    stored::put(tx, &fresh).await?;
    Ok(Some(moved))
}

/// Where a defect was found, a person's word before the sender's.
fn place(row: &Defect, corrected: Option<FoundIn>) -> (&'static str, Vec<Evidence>) {
    match row.resolution {
        Some(Resolution::Duplicate) => return ("duplicate", Vec::new()),
        Some(Resolution::NotADefect) => return ("not_a_defect", Vec::new()),
        Some(Resolution::Fixed | Resolution::WontFix) | None => {}
    }
    let by_hand = corrected.map(|_| Evidence::by_hand());
    let said = match corrected.or(row.found_in) {
        Some(found_in) => found_in.as_str(),
        None => "unknown",
    };
    (said, by_hand.into_iter().collect())
}

/// The workflows over the changes and deployments that defects name, by kind and id.
async fn covering(
    tx: &mut Tx,
    rows: &[Defect],
) -> store::Result<HashMap<(&'static str, String), String>> {
    let names = |kind: blamed::Kind| -> Vec<&str> {
        let causes = rows.iter().filter_map(|row| row.introduced_by.as_ref());
        causes
            .filter(|cause| cause.kind == kind)
            .map(|cause| cause.id.as_str())
            .collect()
    };
    let changes = change_links::merged(tx, &names(blamed::Kind::Change)).await?;
    let deployments = deployment_links::find(tx, &names(blamed::Kind::Deployment)).await?;
    let changes = changes.into_iter().map(|change| {
        let kind = blamed::Kind::Change.as_str();
        ((kind, change.change_id), change.workflows)
    });
    let deployments = deployments.into_iter().map(|ended| {
        let kind = blamed::Kind::Deployment.as_str();
        ((kind, ended.link.deployment_id), ended.link.workflows)
    });
    Ok(changes.chain(deployments).collect())
}

async fn corrected(tx: &mut Tx, ids: &[&str]) -> store::Result<HashMap<String, FoundIn>> {
    if !corrections::any(tx).await? {
        return Ok(HashMap::new());
    }
    let newest = corrections::newest(tx, "defect", "found_in", ids).await?;
    let places = newest
        .into_iter()
        .filter_map(|(id, correction)| Some((id, FoundIn::parse(&correction.value)?)));
    Ok(places.collect())
}

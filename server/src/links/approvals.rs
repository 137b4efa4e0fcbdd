//! Approvals: whose work each was asked for.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{VERSION, runs, work};
use crate::store::approvals;
use crate::store::links::approvals::{self as stored, ApprovalLink};
use crate::store::links::artifacts as artifact_links;
use crate::store::links::deployments as deployment_links;
use crate::store::registry::Registry;
use crate::store::touched::{self, Kind};
use crate::store::{self, Tx, deployments, runs as run_rows, to_json};

/// How many are linked in one step.
const STEP: i64 = 1_000;

/// Links some approvals; answers the instants whose weeks moved, and nothing once none is marked.
pub(super) async fn link_next(tx: &mut Tx, registry: &Registry) -> store::Result<Option<Vec<i64>>> {
    let taken = touched::take(tx, Kind::Approval, STEP).await?;
    if taken.is_empty() {
        return Ok(None);
    }
    let keys: Vec<(&str, &str)> = taken
        .iter()
        .map(|(subject, id)| (subject.as_str(), id.as_str()))
        .collect();
    let ids: Vec<&str> = keys.iter().map(|(_, id)| *id).collect();
    let marked: BTreeSet<(&str, &str)> = keys.iter().copied().collect();
    let mut rows = approvals::find(tx, &ids).await?;
    rows.retain(|row| marked.contains(&(row.version.home.as_str(), row.version.id.as_str())));
    let subjects: BTreeSet<&str> = rows.iter().map(|row| row.version.home.as_str()).collect();
    let belongs = belongs_to(tx, registry, &subjects).await?;
    let mut old: BTreeMap<(String, String), ApprovalLink> = stored::find(tx, &keys)
        .await?
        .into_iter()
        .map(|link| ((link.subject.clone(), link.approval_id.clone()), link))
        .collect();
    let nobodys = Work::default();
    let mut moved = Vec::new();
    let mut fresh = Vec::new();
    for row in rows {
        let own = belongs.get(&row.version.home).unwrap_or(&nobodys);
        let link = ApprovalLink {
            subject: row.version.home,
            approval_id: row.version.id,
            version: VERSION,
            requested_at: row.requested_at,
            decided_at: row.decision.and(row.decided_at),
            service: own.service.clone(),
            workflows: own.workflows.clone(),
        };
        let was = old.remove(&(link.subject.clone(), link.approval_id.clone()));
        if was.as_ref() != Some(&link) {
            moved.extend(was.and_then(|was| was.decided_at));
            moved.extend(link.decided_at);
            fresh.push(link);
        }
    }
    for ((subject, id), gone) in old {
        stored::remove(tx, &subject, &id).await?;
        moved.extend(gone.decided_at);
    }
    stored::put(tx, &fresh).await?;
    Ok(Some(moved))
}

/// Whose work something is.
#[derive(Clone)]
struct Work {
    service: String,
    workflows: String,
}

impl Default for Work {
    fn default() -> Work {
        Work {
            service: String::new(),
            workflows: "[]".to_owned(),
        }
    }
}

/// Whose work these subjects are, by subject.
async fn belongs_to(
    tx: &mut Tx,
    registry: &Registry,
    subjects: &BTreeSet<&str>,
) -> store::Result<HashMap<String, Work>> {
    let of = |kind: &str| -> Vec<&str> {
        let own = subjects.iter().filter_map(|own| own.split_once(':'));
        own.filter(|(own, _)| *own == kind)
            .map(|(_, id)| id)
            .collect()
    };
    let mut found = HashMap::new();
    for run in run_rows::find(tx, &of("run")).await? {
        let registered =
            runs::workflow(registry, &run).filter(|slug| registry.workflow(slug).is_some());
        let workflows: Vec<&str> = registered.into_iter().collect();
        let own = Work {
            workflows: to_json("workflows", &workflows)?,
            ..Work::default()
        };
        found.insert(format!("run:{}", run.version.id), own);
    }
    for link in artifact_links::of_references(tx, &of("artifact")).await? {
        let own = Work {
            service: link.service,
            workflows: link.workflows,
        };
        found.insert(format!("artifact:{}", link.reference), own);
    }
    for ended in deployment_links::find(tx, &of("deployment")).await? {
        let own = Work {
            service: ended.link.service,
            workflows: ended.link.workflows,
        };
        found.insert(format!("deployment:{}", ended.link.deployment_id), own);
    }
    // Those of other environments have no link.
    for (id, service) in deployments::services(tx, &of("deployment")).await? {
        if let Entry::Vacant(place) = found.entry(format!("deployment:{id}")) {
            let none = std::iter::empty();
            let covering = work::covering_deployment(&service, &registry.workflows, none)?;
            place.insert(Work {
                workflows: to_json("workflows", &covering)?,
                service,
            });
        }
    }
    Ok(found)
}

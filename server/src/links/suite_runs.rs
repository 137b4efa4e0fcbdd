//! Runs of suites: each in its week, and an evaluation of what holds its commit.

use std::collections::{BTreeMap, BTreeSet};

use super::{VERSION, agent_work};
use crate::store::links::suite_runs::{self as stored, SuiteRunLink};
use crate::store::suite_runs;
use crate::store::touched::{self, Kind};
use crate::store::{self, Tx};

/// How many are linked in one step.
const STEP: i64 = 1_000;

/// Links some suite runs; answers the instants whose weeks moved, and nothing once none is marked.
pub(super) async fn link_next(tx: &mut Tx) -> store::Result<Option<Vec<i64>>> {
    let taken = touched::take(tx, Kind::SuiteRun, STEP).await?;
    if taken.is_empty() {
        return Ok(None);
    }
    let keys: Vec<(&str, &str)> = taken
        .iter()
        .map(|(workflow, id)| (workflow.as_str(), id.as_str()))
        .collect();
    let ids: Vec<&str> = keys.iter().map(|(_, id)| *id).collect();
    let marked: BTreeSet<(&str, &str)> = keys.iter().copied().collect();
    let mut old: BTreeMap<(String, String), SuiteRunLink> = stored::find(tx, &keys)
        .await?
        .into_iter()
        .map(|link| ((link.workflow.clone(), link.suite_run_id.clone()), link))
        .collect();
    let mut moved = Vec::new();
    let mut commits = BTreeSet::new();
    let mut fresh = Vec::new();
    for row in suite_runs::find(tx, &ids).await? {
        if !marked.contains(&(row.version.home.as_str(), row.version.id.as_str())) {
            continue;
        }
        let link = SuiteRunLink {
            workflow: row.version.home,
            suite_run_id: row.version.id,
            version: VERSION,
            suite: row.suite,
            kind: row.kind.as_str().to_owned(),
            commit_sha: row.commit_sha,
            finished_at: row.finished_at,
            cases: row.cases,
            passed: row.passed,
            threshold_ratio: row.threshold_ratio,
        };
        let was = old.remove(&(link.workflow.clone(), link.suite_run_id.clone()));
        if was.as_ref() != Some(&link) {
            moved.push(link.finished_at);
            commits.extend(link.commit_sha.clone());
            if let Some(was) = was {
                moved.push(was.finished_at);
                commits.extend(was.commit_sha);
            }
            fresh.push(link);
        }
    }
    for ((workflow, id), gone) in old {
        stored::remove(tx, &workflow, &id).await?;
        moved.push(gone.finished_at);
        commits.extend(gone.commit_sha);
    }
    stored::put(tx, &fresh).await?;
    let commits: Vec<&str> = commits.iter().map(String::as_str).collect();
    agent_work::commits_moved(tx, &commits).await?;
    Ok(Some(moved))
}

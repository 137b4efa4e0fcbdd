//! What an arrival of agents' work or its evidence moves: which runs, approvals and artifacts are
//! linked again, and which changes come to be an agent's.

use std::collections::BTreeSet;

use super::changes::{self, Because};
use super::joined::{Joined, joined};
use crate::store::artifacts::{self, Artifact};
use crate::store::changes::{self as change_rows, Change};
use crate::store::links::artifacts as artifact_links;
use crate::store::registry::Registry;
use crate::store::runs::{self, Run};
use crate::store::touched::{self, Kind};
use crate::store::{self, Tx, approvals, commits, named_runs};

/// The kinds of artifacts, under any of which a reference may have stood.
const KINDS: [&str; 5] = ["change", "reply", "ticket", "configuration", "other"];

/// Runs came: their parts take the place of the old ones, and all that was or is left behind by them
/// moves. A change that a run lists, or lists no longer, is linked again; answers the instants whose
/// weeks that moved.
pub async fn runs_came(tx: &mut Tx, registry: &Registry, rows: &[Run]) -> store::Result<Vec<i64>> {
    let ids: Vec<&str> = rows.iter().map(|run| run.version.id.as_str()).collect();
    let before = runs::left_by(tx, &ids).await?;
    let keys_before = runs::keys_of(tx, &ids).await?;
    runs::replace_parts(tx, rows).await?;
    let subjects: Vec<String> = ids.iter().map(|id| format!("run:{id}")).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    runs_moved(tx, &ids).await?;
    approvals_of(tx, &subjects).await?;
    let before: BTreeSet<(&str, &str)> = before
        .iter()
        .map(|own| (own.kind.as_str(), own.reference.as_str()))
        .collect();
    touched::things(
        tx,
        Kind::Artifact,
        &before.iter().copied().collect::<Vec<_>>(),
    )
    .await?;
    let now: BTreeSet<(&str, &str)> = rows
        .iter()
        .flat_map(|run| &run.artifacts)
        .map(|own| (own.kind.as_str(), own.reference.as_str()))
        .collect();
    let claimed = now.symmetric_difference(&before);
    let claimed = claimed.filter(|(kind, _)| *kind == "change");
    let keys = rows.iter().flat_map(|run| &run.keys).chain(&keys_before);
    let keys: Vec<&str> = keys.map(String::as_str).collect();
    let joined = joined_by(tx, &keys).await?;
    let claimed: BTreeSet<&str> = claimed
        .map(|(_, reference)| *reference)
        .chain(joined.iter().map(String::as_str))
        .collect();
    relink(tx, registry, &claimed.into_iter().collect::<Vec<_>>()).await
}

/// The runs that are joined to a change otherwise than by naming it.
pub async fn runs_joined(tx: &mut Tx, change: &Change) -> store::Result<Vec<Joined>> {
    let mut by_change = joined(tx, &[change]).await?;
    Ok(by_change.remove(&change.version.id).unwrap_or_default())
}

/// The changes that a run is joined to by its keys, each with what joins it best: by a commit, an address or a
/// session any, by a branch one of those that are given.
pub async fn changes_joined(
    tx: &mut Tx,
    (run_id, keys): (&str, &[&str]),
    known: &[&str],
) -> store::Result<Vec<(String, Joined)>> {
    let mut ids = joined_by(tx, keys).await?;
    ids.extend(known.iter().map(|id| (*id).to_owned()));
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let rows = change_rows::find(tx, &ids).await?;
    let by_change = joined(tx, &rows.iter().collect::<Vec<_>>()).await?;
    let all = by_change.into_iter().flat_map(|(change, runs)| {
        let of_change = move |own| (change.clone(), own);
        runs.into_iter().map(of_change)
    });
    let mut own: Vec<(String, Joined)> = all.filter(|(_, own)| own.run_id == run_id).collect();
    own.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(own)
}

/// The changes that runs under these keys are joined to by a commit, an address or a session. Those joined by a branch
/// alone are found when the change itself is told again, as when it merges.
async fn joined_by(tx: &mut Tx, keys: &[&str]) -> store::Result<BTreeSet<String>> {
    let keys = |kind: &str| -> Vec<&str> {
        let own = keys.iter().filter_map(|key| key.split_once(':'));
        own.filter(|(own, _)| *own == kind)
            .map(|(_, value)| value)
            .collect()
    };
    let mut joined = BTreeSet::new();
    let holders = commits::holders(tx, &keys("commit")).await?;
    joined.extend(holders.into_iter().map(|own| own.change_id));
    joined.extend(named_runs::naming(tx, &keys("session")).await?);
    joined.extend(change_rows::at_addresses(tx, &keys("change")).await?);
    Ok(joined)
}

/// Links changes again of which runs say something else than before.
async fn relink(tx: &mut Tx, registry: &Registry, ids: &[&str]) -> store::Result<Vec<i64>> {
    let rows = change_rows::find(tx, ids).await?;
    let keys: Vec<(&str, &str)> = rows
        .iter()
        .map(|change| (change.version.home.as_str(), change.version.id.as_str()))
        .collect();
    changes::relink(tx, registry, (&rows, Because::OthersMoved), &keys).await
}

/// Artifacts came; `before` names the references under which they stood.
pub async fn artifacts_came(tx: &mut Tx, rows: &[Artifact], before: &[&str]) -> store::Result<()> {
    let now = rows
        .iter()
        .map(|own| (own.kind.as_str(), own.version.home.as_str()));
    let was = before.iter().flat_map(|own| KINDS.map(|kind| (kind, *own)));
    let keys: BTreeSet<(&str, &str)> = now.chain(was).collect();
    let subjects: Vec<String> = keys
        .iter()
        .map(|(_, own)| format!("artifact:{own}"))
        .collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    touched::things(tx, Kind::Artifact, &keys.into_iter().collect::<Vec<_>>()).await?;
    approvals_of(tx, &subjects).await
}

/// Decisions came on these subjects, under these ids.
pub async fn decisions_came(tx: &mut Tx, subjects: &[&str], ids: &[&str]) -> store::Result<()> {
    let named = runs::of_decisions(tx, ids).await?;
    let named = named.iter().map(String::as_str);
    let runs = subjects.iter().filter_map(|own| own.strip_prefix("run:"));
    let runs: BTreeSet<&str> = runs.chain(named).collect();
    runs_moved(tx, &runs.into_iter().collect::<Vec<_>>()).await
}

/// Something came that is said of these subjects: `run:ID`, `artifact:REF`, `commit:SHA` or
/// `deployment:ID`.
pub async fn subjects_moved(tx: &mut Tx, subjects: &[&str]) -> store::Result<()> {
    let of = |kind: &str| -> Vec<&str> {
        let own = subjects.iter().filter_map(|own| own.split_once(':'));
        own.filter(|(own, _)| *own == kind)
            .map(|(_, id)| id)
            .collect()
    };
    let runs = of("run");
    left_by(tx, &runs).await?;
    let references = of("artifact");
    let keys: Vec<(&str, &str)> = references
        .iter()
        .flat_map(|own| KINDS.map(|kind| (kind, *own)))
        .collect();
    touched::things(tx, Kind::Artifact, &keys).await?;
    commits_moved(tx, &of("commit")).await
}

/// Something came that is said of these commits: the changes that hold them move.
pub(super) async fn commits_moved(tx: &mut Tx, shas: &[&str]) -> store::Result<()> {
    let holders = commits::holders(tx, shas).await?;
    let keys: BTreeSet<(&str, &str)> = holders
        .iter()
        .map(|own| ("change", own.change_id.as_str()))
        .collect();
    touched::things(tx, Kind::Artifact, &keys.into_iter().collect::<Vec<_>>()).await
}

/// These runs move, and what they left behind.
async fn runs_moved(tx: &mut Tx, runs: &[&str]) -> store::Result<()> {
    let keys: Vec<(&str, &str)> = runs.iter().map(|id| ("", *id)).collect();
    touched::things(tx, Kind::Run, &keys).await?;
    left_by(tx, runs).await
}

/// What these runs left behind moves: what they say, what platforms say, the changes that name them, and
/// what is joined with them.
async fn left_by(tx: &mut Tx, runs: &[&str]) -> store::Result<()> {
    let said = runs::left_by(tx, runs).await?;
    let told = artifacts::of_runs(tx, runs).await?;
    let naming = named_runs::naming(tx, runs).await?;
    let keys = runs::keys_of(tx, runs).await?;
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let joined = joined_by(tx, &keys).await?;
    let linked = artifact_links::of_runs(tx, runs).await?;
    let said = said
        .iter()
        .map(|own| (own.kind.as_str(), own.reference.as_str()));
    let told = told
        .iter()
        .map(|own| (own.kind.as_str(), own.version.home.as_str()));
    let naming = naming.iter().chain(&joined);
    let naming = naming.map(|id| ("change", id.as_str()));
    let linked = linked
        .iter()
        .map(|own| (own.kind.as_str(), own.reference.as_str()));
    let keys: BTreeSet<(&str, &str)> = said.chain(told).chain(naming).chain(linked).collect();
    touched::things(tx, Kind::Artifact, &keys.into_iter().collect::<Vec<_>>()).await
}

/// These deployments came out differently.
pub(super) async fn deployments_moved(tx: &mut Tx, ids: &[&str]) -> store::Result<()> {
    let subjects: Vec<String> = ids.iter().map(|id| format!("deployment:{id}")).collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    approvals_of(tx, &subjects).await
}

/// These artifacts came out differently, by reference.
pub(super) async fn artifacts_moved(tx: &mut Tx, references: &[&str]) -> store::Result<()> {
    let subjects: Vec<String> = references
        .iter()
        .map(|own| format!("artifact:{own}"))
        .collect();
    let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
    approvals_of(tx, &subjects).await
}

/// The approvals of these subjects move: their work may belong to another workflow.
async fn approvals_of(tx: &mut Tx, subjects: &[&str]) -> store::Result<()> {
    let rows = approvals::of_subjects(tx, subjects).await?;
    let keys: Vec<(&str, &str)> = rows
        .iter()
        .map(|own| (own.version.home.as_str(), own.version.id.as_str()))
        .collect();
    touched::things(tx, Kind::Approval, &keys).await
}

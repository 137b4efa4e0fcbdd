//! The receipt of a change: what was merged, how it came to production, and what became of it there.

use std::collections::BTreeSet;

use app::view::receipt::{Kind, Question};
use app::view::records::{Evidence, Level};

use super::counted::{self, Facts};
use super::draft::{Draft, Happened, Piece, Told};
use super::known::{Known, Subjects};
use super::reviews::{self, Reviewed};
use super::{Reading, answers, computed, cost, words};
use crate::figures::facts;
use crate::links;
use crate::store::changes::{self, Change};
use crate::store::links::artifacts::{self as artifact_links, ArtifactLink};
use crate::store::links::changes::{self as change_links, Delivered};
use crate::store::registry::Registry;
use crate::store::told::{self, Review};
use crate::store::{Result, Tx, artifacts, from_json, runs};

mod next;

/// What is known of one change.
struct Own {
    row: Change,
    linked: Delivered,
    artifact: Option<ArtifactLink>,
    reviews: Vec<Review>,
    known: Known,
}

pub(super) async fn draft(tx: &mut Tx, reading: &Reading<'_>, id: &str) -> Result<Option<Draft>> {
    let Some(own) = load(tx, id).await? else {
        return Ok(None);
    };
    let (row, link) = (&own.row, &own.linked.link);
    let is_marked = link.segment != links::Segment::Unmarked.as_str();
    let mut draft = Draft::new(Kind::Change, id);
    draft.title = row.title.clone().unwrap_or_else(|| id.to_owned());
    draft.url = row.url.clone();
    draft.service = link.service.clone();
    draft.workflows = from_json("workflows", &link.workflows)?;
    draft.at_ms = link
        .merged_at
        .or(row.created_at)
        .or(link.first_commit_at)
        .unwrap_or(0);
    draft.agent = agent(reading.registry, &own);
    draft.evidence = from_json("evidence", &link.evidence)?;
    draft.stands = link.segment.clone();
    draft.corrected_as = Some("change");
    draft.told.push(Told::of("changes", &row.version));
    own.known.tell(reading, &mut draft);
    events(reading, &own, &mut draft);
    did(&own, is_marked, &mut draft);
    touched(&own, &mut draft);
    answers::allowed(&own.known, &mut draft.answers);
    answers::checked(reading, &own.known, link.merged_at, &mut draft.answers);
    let heads = heads(row);
    let reviewed = Reviewed {
        reviews: &own.reviews,
        author: &row.author.id,
        heads: &heads,
        merged_at: link.merged_at,
    };
    reviews::approved(reading, &reviewed, &mut draft);
    answers::approved(reading, &own.known, &mut draft.answers);
    count(tx, reading, &own, &mut draft).await?;
    next::next(tx, reading, &own, &mut draft).await?;
    cost::of_runs(reading, &own.known, &mut draft);
    Ok(Some(draft))
}

async fn load(tx: &mut Tx, id: &str) -> Result<Option<Own>> {
    let Some(row) = changes::find(tx, &[id]).await?.into_iter().next() else {
        return Ok(None);
    };
    let found = change_links::find(tx, &[(&row.version.home, id)]).await?;
    let Some(linked) = found.into_iter().next() else {
        return Ok(None);
    };
    let artifact = artifact_links::find(tx, &[("change", id)])
        .await?
        .into_iter()
        .next();
    let claims = runs::claiming(tx, &[id]).await?.into_iter();
    let claims = claims
        .filter(|own| own.kind == "change")
        .map(|own| own.run_id);
    let told = artifacts::of_references(tx, &[id]).await?.into_iter();
    let told = told
        .filter(|own| own.kind == "change")
        .filter_map(|own| own.run_id);
    let linked_run = artifact.as_ref().and_then(|own| own.run_id.clone());
    let joined = links::agent_work::runs_joined(tx, &row).await?.into_iter();
    let run_ids: BTreeSet<String> = claims
        .chain(told)
        .chain(linked_run)
        .chain(joined.map(|own| own.run_id))
        .chain(row.run_ids.iter().cloned())
        .collect();
    let subjects = Subjects {
        runs: run_ids.into_iter().collect(),
        artifacts: vec![id.to_owned()],
        commits: heads(&row),
        deployments: Vec::new(),
    };
    Ok(Some(Own {
        known: Known::of(tx, &subjects).await?,
        reviews: told::reviews(tx, id).await?,
        artifact,
        linked,
        row,
    }))
}

/// The commits under which it is evaluated and reviewed: the last of its own, and its merge commit.
fn heads(row: &Change) -> Vec<String> {
    let last = row.commits.last().map(|commit| commit.sha.clone());
    last.into_iter().chain(row.merge_commit.clone()).collect()
}

/// The agent of its run, else the one whose account its author is.
fn agent(registry: &Registry, own: &Own) -> Option<String> {
    let linked = own.artifact.as_ref().and_then(|own| own.agent.clone());
    let author = &own.row.author.id;
    let registered = || {
        let mut all = registry.agents.iter();
        let own = all.find(|own| own.id == *author || own.identities.contains(author))?;
        Some(own.id.clone())
    };
    linked.or_else(registered)
}

fn events(reading: &Reading<'_>, own: &Own, draft: &mut Draft) {
    let (row, link) = (&own.row, &own.linked.link);
    let change = Told::of("changes", &row.version);
    let mut add = |at: Option<i64>, what: &str, awaited: Option<&'static str>| {
        let Some(at) = at else { return };
        let event = Happened::new(at, what, Some(&change));
        draft.events.push(Happened { awaited, ..event });
    };
    add(link.first_commit_at, "first commit", None);
    add(row.created_at, "opened", None);
    add(
        row.ready_at.filter(|at| Some(*at) != row.created_at),
        "ready for review",
        None,
    );
    add(row.merged_at, "merged", Some("its merge"));
    add(
        row.closed_at.filter(|_| row.merged_at.is_none()),
        "closed without a merge",
        None,
    );
    reviews::tell(reading, &own.reviews, draft);
}

fn did(own: &Own, is_marked: bool, draft: &mut Draft) {
    let link = &own.linked.link;
    let change = Told::of("changes", &own.row.version);
    let strongest: Option<Evidence> = draft.evidence.first().cloned();
    if let (true, Some(evidence)) = (is_marked, strongest) {
        let part = match link.segment.as_str() {
            "agent" => "Made this change",
            _ => "Took part in this change",
        };
        let what = format!("{part}: {}", evidence.what);
        let piece = Piece::new(evidence.level, what).told(Some(change));
        draft.answers.add(Question::Did, piece);
    }
    answers::did(&own.known, &mut draft.answers);
    if !is_marked {
        let why = "no mark of an agent was found, which is not the same as made without one.";
        draft.answers.lack(Question::Did, why);
    } else if own.known.runs.is_empty() {
        draft.answers.lack(
            Question::Did,
            "its steps are not recorded, as no run is linked.",
        );
    }
}

/// The files of the change, and what its runs name.
fn touched(own: &Own, draft: &mut Draft) {
    let row = &own.row;
    let lines = row.additions.zip(row.deletions);
    let lines = lines.map(|(more, less)| format!("{more} lines added, {less} deleted"));
    let mut folders: Vec<&str> = Vec::new();
    for path in &row.paths {
        let folder = path
            .rsplit_once('/')
            .map_or(path.as_str(), |(folder, _)| folder);
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    let files = (!row.paths.is_empty()).then(|| {
        let count = words::counted(row.paths.len(), "file");
        format!("{count} in {}", words::first(&folders, 4))
    });
    let said: Vec<String> = files.into_iter().chain(lines).collect();
    if !said.is_empty() {
        let change = Told::of("changes", &row.version);
        let piece = Piece::new(Level::Recorded, said.join(": ")).told(Some(change));
        draft.answers.add(Question::Touched, piece);
    }
    answers::touched(&own.known, &mut draft.answers);
}

/// What metrics make of it.
async fn count(tx: &mut Tx, reading: &Reading<'_>, own: &Own, draft: &mut Draft) -> Result<()> {
    let Delivered { link, delivery } = &own.linked;
    let reviewed = change_links::reviewed_services(tx).await?;
    let merged = facts::merged(link, &reviewed);
    let delivered = facts::delivered(link, delivery);
    let size = own.row.additions.zip(own.row.deletions);
    if let (Some(merged), Some(delivered)) = (&merged, &delivered) {
        draft
            .computed
            .push(computed::delivered(reading, (link, delivery), delivered));
        draft
            .computed
            .extend(computed::merged(reading, link, merged, size));
    }
    let artifact = own.artifact.as_ref().map(facts::artifact);
    if let Some(link) = &own.artifact {
        let (lines, items) = computed::landed(reading, link)?;
        draft.computed.extend(lines);
        draft.items = items;
    }
    draft
        .computed
        .extend(computed::waits(reading, &own.known.approvals));
    let landed_at = own.artifact.as_ref().map(|own| own.landed_at);
    let not_delivered = match link.merged_at {
        Some(_) => "not in production yet",
        None => "not merged",
    };
    let facts = Facts {
        merged: link.merged_at.zip(merged.as_ref()),
        delivered: delivery.deployment_at.zip(delivered.as_ref()),
        artifact: landed_at.zip(artifact.as_ref()),
        not_merged: Some("not merged"),
        not_delivered: Some(not_delivered),
        no_artifact: Some(match link.merged_at {
            Some(_) => "no mark of an agent was found on it",
            None => "not merged",
        }),
        ..Facts::default()
    };
    draft.counts = counted::counts(reading, &facts);
    Ok(())
}

//! The receipt of agents' work that is no change: a ticket, a reply, a configuration, something else that
//! landed or is to land.

use std::collections::BTreeSet;

use app::view::receipt::{Kind, Question};
use app::view::records::Level;

use super::counted::{self, Facts};
use super::draft::{Draft, Happened, Piece, Told};
use super::known::{Known, Subjects};
use super::{Reading, answers, computed, cost, deployment, words};
use crate::figures::facts;
use crate::store::artifacts::{self, Artifact};
use crate::store::links::artifacts::{self as links, ArtifactLink};
use crate::store::runs::{self, Claim};
use crate::store::{Result, Tx, from_json};

/// What is known of one artifact.
struct Own {
    kind: String,
    /// None before it is known to have landed.
    link: Option<ArtifactLink>,
    claims: Vec<Claim>,
    told: Vec<Artifact>,
    known: Known,
}

/// Of this kind, or of the first that stands under the reference; a change is none here.
pub(super) async fn draft(
    tx: &mut Tx,
    reading: &Reading<'_>,
    (kind, id): (Option<&str>, &str),
) -> Result<Option<Draft>> {
    let Some(own) = load(tx, (kind, id)).await? else {
        return Ok(None);
    };
    let mut draft = Draft::new(Kind::Artifact, id);
    draft.title = format!("{} {id}", words::capital(&own.kind));
    draft.what.clone_from(&own.kind);
    draft.stands = "agent".to_owned();
    draft.agent = own.link.as_ref().and_then(|own| own.agent.clone());
    draft.agent = draft
        .agent
        .or_else(|| own.known.runs.first().map(|run| run.agent.clone()));
    if let Some(link) = &own.link {
        draft.workflows = from_json("workflows", &link.workflows)?;
        draft.at_ms = link.landed_at;
        draft.evidence = from_json("evidence", &link.evidence)?;
    }
    for told in &own.told {
        let record = Told::of("artifacts", &told.version);
        draft
            .events
            .push(Happened::new(told.landed_at, "landed", Some(&record)).awaited("its landing"));
        draft.told.push(record);
    }
    own.known.tell(reading, &mut draft);
    answers::did(&own.known, &mut draft.answers);
    if own.known.runs.is_empty() {
        draft.answers.lack(Question::Did, "no run is linked.");
    }
    answers::touched(&own.known, &mut draft.answers);
    answers::allowed(&own.known, &mut draft.answers);
    let landed_at = own.link.as_ref().map(|own| own.landed_at);
    answers::checked(reading, &own.known, landed_at, &mut draft.answers);
    answers::approved(reading, &own.known, &mut draft.answers);
    reversed(reading, &own, &mut draft);
    next(&own, &mut draft);
    count(reading, &own, &mut draft)?;
    cost::of_runs(reading, &own.known, &mut draft);
    Ok(Some(draft))
}

async fn load(tx: &mut Tx, (kind, id): (Option<&str>, &str)) -> Result<Option<Own>> {
    let of_kind = |own: &str| own != "change" && kind.is_none_or(|kind| kind == own);
    let mut landed = links::of_references(tx, &[id]).await?;
    landed.retain(|own| of_kind(&own.kind));
    let mut claims = runs::claiming(tx, &[id]).await?;
    claims.retain(|own| of_kind(&own.kind));
    let mut told = artifacts::of_references(tx, &[id]).await?;
    told.retain(|own| of_kind(&own.kind));
    let first = landed.first().map(|own| &own.kind);
    let first = first
        .or(told.first().map(|own| &own.kind))
        .or(claims.first().map(|own| &own.kind));
    let Some(kind) = first.cloned() else {
        return Ok(None);
    };
    claims.retain(|own| own.kind == kind);
    told.retain(|own| own.kind == kind);
    let claiming = claims.iter().map(|own| own.run_id.clone());
    let naming = told.iter().filter_map(|own| own.run_id.clone());
    let link = landed.into_iter().find(|own| own.kind == kind);
    let joined = link.as_ref().and_then(|own| own.run_id.clone());
    let run_ids: BTreeSet<String> = claiming.chain(naming).chain(joined).collect();
    let subjects = Subjects {
        runs: run_ids.into_iter().collect(),
        artifacts: vec![id.to_owned()],
        ..Subjects::default()
    };
    Ok(Some(Own {
        known: Known::of(tx, &subjects).await?,
        link,
        kind,
        claims,
        told,
    }))
}

/// As a platform says, else as its runs say, else by the playbook.
fn reversed(reading: &Reading<'_>, own: &Own, draft: &mut Draft) {
    for told in &own.told {
        let Some(reversal) = &told.reversal else {
            continue;
        };
        let piece = Piece::new(Level::Declared, reversal);
        let record = Told::of("artifacts", &told.version);
        draft
            .answers
            .add(Question::Reversed, piece.told(Some(record)));
    }
    for claim in &own.claims {
        let Some(reversal) = &claim.reversal else {
            continue;
        };
        let run = own
            .known
            .runs
            .iter()
            .find(|run| run.version.id == claim.run_id);
        let piece = Piece::new(Level::Declared, reversal);
        let record = run.map(|run| Told::of("runs", &run.version));
        draft.answers.add(Question::Reversed, piece.told(record));
    }
    deployment::playbooks(reading, draft);
    if !draft.answers.has(Question::Reversed) {
        draft.answers.lack(
            Question::Reversed,
            "neither a way back nor a playbook is known.",
        );
    }
}

fn next(own: &Own, draft: &mut Draft) {
    let Some(link) = &own.link else {
        draft
            .answers
            .lack(Question::Next, "not known to have landed.");
        return;
    };
    let told = own
        .told
        .first()
        .map(|own| Told::of("artifacts", &own.version));
    let level = if told.is_some() {
        Level::Recorded
    } else {
        Level::Declared
    };
    if own.told.is_empty() {
        draft
            .events
            .push(Happened::new(link.landed_at, "landed", None).awaited("its landing"));
    }
    draft
        .answers
        .add(Question::Next, Piece::new(level, "Landed").told(told));
    let why = "nothing else is collected of what becomes of such work.";
    draft.answers.lack(Question::Next, why);
}

fn count(reading: &Reading<'_>, own: &Own, draft: &mut Draft) -> Result<()> {
    let artifact = own.link.as_ref().map(facts::artifact);
    if let Some(link) = &own.link {
        (draft.computed, draft.items) = computed::landed(reading, link)?;
    }
    draft
        .computed
        .extend(computed::waits(reading, &own.known.approvals));
    let landed_at = own.link.as_ref().map(|own| own.landed_at);
    let facts = Facts {
        artifact: landed_at.zip(artifact.as_ref()),
        no_artifact: Some("not known to have landed"),
        ..Facts::default()
    };
    draft.counts = counted::counts(reading, &facts);
    Ok(())
}

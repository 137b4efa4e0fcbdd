//! The receipt of a run: what an agent did, within which limits, and what it left behind.

use std::collections::BTreeSet;

use app::routes;
use app::view::receipt::{Computed, Kind, Question};
use app::view::records::Level;

use super::counted::{self, Facts};
use super::draft::{Draft, Happened, Piece, Told};
use super::known::{self, Known, Subjects};
use super::{Reading, answers, computed, cost, deployment, words};
use crate::figures::facts;
use crate::links::{Joined, agent_work};
use crate::store::deployments;
use crate::store::links::artifacts::{self as artifact_links, ArtifactLink};
use crate::store::links::runs::RunLink;
use crate::store::registry::Registry;
use crate::store::runs::{self, Call, Claim, Recorded, Run};
use crate::store::{Result, Tx, from_json, trace_bodies};

pub(super) async fn draft(tx: &mut Tx, reading: &Reading<'_>, id: &str) -> Result<Option<Draft>> {
    let subjects = Subjects {
        runs: vec![id.to_owned()],
        ..Subjects::default()
    };
    let known = Known::of(tx, &subjects).await?;
    let (Some(run), Some(link)) = (known.runs.first(), known.run_links.first()) else {
        return Ok(None);
    };
    let left = runs::left_by(tx, &[id]).await?;
    let keys = runs::keys_of(tx, &[id]).await?;
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let (landed, by_keys) = landed(tx, (id, &keys), &left).await?;
    let mut draft = Draft::new(Kind::Run, id);
    let agent = reading
        .registry
        .agent(&run.agent)
        .and_then(|own| own.name.clone());
    draft.title = format!("Run of {}", agent.as_deref().unwrap_or(&run.agent));
    draft.url = run.trace_url.clone();
    let has_texts = trace_bodies::any_of(tx, id).await?;
    draft.bodies_url = has_texts.then(|| routes::bodies(id));
    draft.workflows = from_json("workflows", &link.workflows)?;
    draft.agent = Some(run.agent.clone());
    draft.at_ms = run.started_at;
    draft.stands = "agent".to_owned();
    draft.told.push(Told::of("runs", &run.version));
    known.tell(reading, &mut draft);
    did(reading.registry, run, (&known, &mut draft));
    answers::touched(&known, &mut draft.answers);
    answers::allowed(&known, &mut draft.answers);
    let landed_at = landed.iter().map(|own| own.landed_at).min();
    answers::checked(
        reading,
        &known,
        landed_at.or(run.ended_at),
        &mut draft.answers,
    );
    answers::approved(reading, &known, &mut draft.answers);
    reversed(reading, (run, &left), &mut draft);
    let deployed: Vec<&str> = keys
        .iter()
        .filter_map(|key| key.strip_prefix("deployment:"))
        .collect();
    names(tx, run, &deployed, &mut draft).await?;
    claimed((run, &left), &landed, &mut draft);
    joined(run, (&left, &landed), (&by_keys, &mut draft));
    if !draft.answers.has(Question::Next) {
        let why = "it names nothing that it left behind and that is known here, and nothing is joined with it.";
        draft.answers.lack(Question::Next, why);
    }
    count(reading, (run, link), &mut draft);
    draft
        .computed
        .extend(computed::waits(reading, &known.approvals));
    cost::of_runs(reading, &known, &mut draft);
    Ok(Some(draft))
}

/// The changes that a run's keys join it to, each with what joins it.
type ByKeys = Vec<(String, Joined)>;

/// What landed of what it says that it left behind, as its work, and of what its keys join it to; and the latter.
async fn landed(
    tx: &mut Tx,
    run: (&str, &[&str]),
    left: &[Claim],
) -> Result<(Vec<ArtifactLink>, ByKeys)> {
    let claimed: Vec<(&str, &str)> = left
        .iter()
        .map(|own| (own.kind.as_str(), own.reference.as_str()))
        .collect();
    let mut landed = artifact_links::find(tx, &claimed).await?;
    let of_run = artifact_links::of_runs(tx, &[run.0]).await?;
    let others = of_run.into_iter();
    landed.extend(others.filter(|own| !left.iter().any(|left| is_of(left, own))));
    let known: Vec<&str> = landed
        .iter()
        .filter(|own| own.kind == "change")
        .map(|own| own.reference.as_str())
        .collect();
    let by_keys = agent_work::changes_joined(tx, run, &known).await?;
    let others: Vec<(&str, &str)> = by_keys
        .iter()
        .filter(|(change, _)| !known.contains(&change.as_str()))
        .map(|(change, _)| ("change", change.as_str()))
        .collect();
    landed.extend(artifact_links::find(tx, &others).await?);
    Ok((landed, by_keys))
}

fn did(registry: &Registry, run: &Run, (known, draft): (&Known, &mut Draft)) {
    let told = Some(Told::of("runs", &run.version));
    let what = format!("{}; {}", answers::calls(run), known::outcome(run));
    draft.answers.add(
        Question::Did,
        Piece::new(Level::Declared, what).told(told.clone()),
    );
    let beyond = known
        .run_links
        .first()
        .and_then(|own| own.above_tier.as_ref());
    if let Some(beyond) = beyond {
        let piece = Piece::new(Level::Declared, format!("Beyond its tier: {beyond}"));
        draft
            .answers
            .add(Question::Did, piece.told(told).exception());
    }
    let lacks: Vec<&str> = [(&run.input, "input"), (&run.output, "output")]
        .iter()
        .filter(|(own, _)| !own.as_ref().is_some_and(is_recorded))
        .map(|(_, name)| *name)
        .collect();
    if !lacks.is_empty() {
        let are = if lacks.len() > 1 { "are" } else { "is" };
        let what = format!("its {} {are} not recorded.", lacks.join(" and its "));
        draft.answers.lack(Question::Did, what);
    }
    let untold = of_no_effect_told(registry, run);
    if !untold.is_empty() {
        let named = words::first(&untold, answers::NAMED);
        let what = format!(
            "neither its calls nor the registry tell the effect of {named}, which counts as none; a [[tool]] in onehop.toml tells it."
        );
        draft.answers.lack(Question::Did, what);
    }
}

/// The tools whose calls count as without effect only because nobody tells what they do.
fn of_no_effect_told<'a>(registry: &Registry, run: &'a Run) -> Vec<&'a str> {
    let is_untold = |call: &&Call| call.effect.is_none() && registry.effect(&call.name).is_none();
    let named = run.calls.iter().filter(is_untold);
    let named: BTreeSet<&str> = named.map(|call| call.name.as_str()).collect();
    named.into_iter().collect()
}

fn is_recorded(own: &Recorded) -> bool {
    own.is_recorded
}

/// How what it left behind is taken back.
fn reversed(reading: &Reading<'_>, (run, left): (&Run, &[Claim]), draft: &mut Draft) {
    for left in left {
        let Some(reversal) = &left.reversal else {
            continue;
        };
        let told = Told::of("runs", &run.version);
        let what = format!("{}, for the {} {}", reversal, left.kind, left.reference);
        draft.answers.add(
            Question::Reversed,
            Piece::new(Level::Declared, what).told(Some(told)),
        );
    }
    deployment::playbooks(reading, draft);
    if !draft.answers.has(Question::Reversed) {
        draft.answers.lack(
            Question::Reversed,
            "neither a way back nor a playbook is known.",
        );
    }
}

/// The deployments that it names.
async fn names(tx: &mut Tx, run: &Run, named: &[&str], draft: &mut Draft) -> Result<()> {
    for id in named {
        if deployments::find(tx, &[id]).await?.is_empty() {
            let why = format!("the deployment {id}, which it names, is not known here.");
            draft.answers.lack(Question::Next, why);
            continue;
        }
        let piece = Piece::new(Level::Declared, "Names the deployment");
        let piece = piece.told(Some(Told::of("runs", &run.version)));
        let url = routes::receipt("deployment", id);
        draft.answers.add(Question::Next, piece.link(*id, url));
    }
    Ok(())
}

/// What it left behind by its own word, and whether that landed.
/// What it says that it left behind.
fn claimed((run, all): (&Run, &[Claim]), landed: &[ArtifactLink], draft: &mut Draft) {
    for left in all {
        let own = landed.iter().find(|own| is_of(left, own));
        let told = Told::of("runs", &run.version);
        let (what, level) = match own {
            Some(_) => (format!("Landed as the {}", left.kind), Level::Declared),
            None => (
                format!("Left the {}, which is not known to have landed:", left.kind),
                Level::Declared,
            ),
        };
        let piece = Piece::new(level, what).told(Some(told));
        // A change has a receipt before it lands, anything else once it is known at all.
        let url = routes::receipt(&left.kind, &left.reference);
        draft
            .answers
            .add(Question::Next, piece.link(&left.reference, url.clone()));
        if let Some(own) = own {
            let event = Happened::new(own.landed_at, format!("landed, as the {}", left.kind), None);
            draft.events.push(event.link(&left.reference, url));
        }
    }
}

/// What is joined with it without being named by it, as well as that is known: what names it itself says so.
fn joined(
    run: &Run,
    (left, landed): (&[Claim], &[ArtifactLink]),
    (by_keys, draft): (&ByKeys, &mut Draft),
) {
    let is_claimed = |kind: &str, reference: &str| {
        let mut left = left.iter();
        left.any(|own| own.kind == kind && own.reference == reference)
    };
    for own in landed {
        if is_claimed(&own.kind, &own.reference) {
            continue;
        }
        let mut by_keys = by_keys.iter();
        let by_key = by_keys.find(|(change, _)| own.kind == "change" && *change == own.reference);
        let level = by_key.map_or(Level::Declared, |(_, joined)| joined.level.into());
        let url = routes::receipt(&own.kind, &own.reference);
        let what = format!("Landed as the {}", own.kind);
        let piece = Piece::new(level, what).link(&own.reference, url.clone());
        draft.answers.add(Question::Next, piece);
        let what = format!("landed, as the {}", own.kind);
        let event = Happened::new(own.landed_at, what, None);
        draft.events.push(event.link(&own.reference, url));
    }
    for (change, joined) in by_keys {
        let has_landed = landed.iter().any(|own| own.reference == *change);
        if has_landed || is_claimed("change", change) {
            continue;
        }
        let how = joined.what.replacen(&run.version.id, "it", 1);
        let how = how.trim_start_matches("run ");
        let what = format!("Joined, since {how}, with a change that is not known to have landed:");
        let piece = Piece::new(joined.level.into(), what);
        let url = routes::receipt("change", change);
        draft.answers.add(Question::Next, piece.link(change, url));
    }
}

fn is_of(left: &Claim, own: &ArtifactLink) -> bool {
    left.kind == own.kind && left.reference == own.reference
}

fn count(reading: &Reading<'_>, (run, link): (&Run, &RunLink), draft: &mut Draft) {
    let own = facts::run(link);
    let how = |metric: &str, as_one: &str| -> Computed {
        let said = match run.ended_at.and(run.outcome.as_deref()) {
            Some(outcome) if outcome == as_one => "yes: 1 of 1",
            Some(_) => "no: 0 of 1",
            None => "not counted",
        };
        computed::line(
            metric,
            said.to_owned(),
            Some(known::outcome(run).to_owned()),
        )
    };
    draft.computed = vec![
        how("run_success", "ok"),
        how("handover_rate", "handed_over"),
        match own.calls {
            0 => computed::line(
                "tool_error_rate",
                "not counted".to_owned(),
                Some("no tool call is told".to_owned()),
            ),
            calls => computed::line(
                "tool_error_rate",
                format!("{} failed of {calls} calls", own.failed_calls),
                None,
            ),
        },
    ];
    for (metric, what) in [
        ("above_tier_actions", &link.above_tier),
        ("policy_denials", &link.denied),
    ] {
        let line = what
            .as_ref()
            .map(|what| computed::line(metric, what.clone(), None));
        draft.computed.extend(line);
    }
    let facts = Facts {
        run: Some((link.started_at, &own)),
        ..Facts::default()
    };
    draft.counts = counted::counts(reading, &facts);
}

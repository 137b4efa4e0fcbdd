//! The receipt of a deployment: what it brought to production, and how it went there. What else rests on
//! one, a change or an incident, tells of it from here.

use app::routes;
use app::view::receipt::{Kind, Link, Quality, Question};
use app::view::records::{Evidence, Level};

use super::counted::{self, Facts};
use super::draft::{Draft, Happened, Piece, Told};
use super::{Reading, answers, computed, words};
use crate::figures::facts;
use crate::links;
use crate::store::told::Named;
use crate::store::{Result, Tx, from_json};
use crate::views::records::deployment_evidence;
use crate::views::rfc3339;

mod own;

pub(super) use own::Own;

/// How many changes and runs are named one by one.
const NAMED: usize = 12;

pub(super) async fn draft(tx: &mut Tx, reading: &Reading<'_>, id: &str) -> Result<Option<Draft>> {
    let Some(own) = Own::load(tx, id).await? else {
        return Ok(None);
    };
    let link = own.link();
    let mut draft = Draft::new(Kind::Deployment, id);
    draft.title = own.title();
    draft.url = own.listed.url.clone();
    draft.service = link.service.clone();
    draft.workflows = from_json("workflows", &link.workflows)?;
    draft.at_ms = link.finished_at;
    draft.stands = link.kind.clone();
    draft.evidence = deployment_evidence(&own.listed)?;
    draft.reason = link.reason.clone();
    draft.corrected_as = (link.version > 0).then_some("deployment");
    draft.no_cost = Some("the cost of a deployment is not collected.".to_owned());
    draft.told.extend(own.told());
    own.known.tell(reading, &mut draft);
    answer(reading, &own, &mut draft)?;
    happened(reading, &own, &mut draft)?;
    count(reading, &own, &mut draft)?;
    Ok(Some(draft))
}

/// The first six answers: what it brought, by what leave, and how it is taken back.
pub(super) fn answer(reading: &Reading<'_>, own: &Own, draft: &mut Draft) -> Result<()> {
    let (link, told) = (own.link(), own.told());
    let level = own.level()?;
    let marked: Vec<&Named> = own
        .changes
        .iter()
        .filter(|own| own.segment != "unmarked")
        .collect();
    let count = words::counted(own.changes.len(), "change");
    let what = match (own.changes.len(), marked.len()) {
        (0, _) => None,
        (_, 0) => Some(format!(
            "Brought {count}, none of them with an agent’s mark"
        )),
        (_, some) => Some(format!(
            "Brought {count}, {some} of them with an agent’s mark:"
        )),
    };
    if let Some(what) = what {
        draft
            .answers
            .add(Question::Did, Piece::new(level, what).told(told.clone()));
    }
    for change in marked.iter().take(NAMED) {
        let url = routes::receipt("change", &change.id);
        let title = change.title.clone().unwrap_or_else(|| change.id.clone());
        let what = match change.segment.as_str() {
            "agent" => "made by an agent:",
            _ => "assisted:",
        };
        draft
            .answers
            .add(Question::Did, Piece::new(level, what).link(title, url));
    }
    answers::did(&own.known, &mut draft.answers);
    if own.names_more_runs {
        let what = format!("more than {NAMED} runs name it; these are the first.");
        draft.answers.lack(Question::Did, what);
    }
    if own.changes.is_empty() {
        let why = link.reason.clone();
        let why =
            why.unwrap_or_else(|| "no change is known that it was the first to bring".to_owned());
        draft.answers.lack(Question::Did, format!("{why}."));
    }
    let commit = own.listed.commit_sha.as_deref().map(words::short);
    let commit = commit
        .map(|sha| format!(", with commit {sha}"))
        .unwrap_or_default();
    let environment = own
        .row
        .as_ref()
        .map_or("production", |row| &row.environment);
    let service = words::service(reading.registry, &link.service);
    let what = format!("The service {service} in {environment}{commit}");
    let piece = Piece::new(Level::Recorded, what).told(told.clone());
    draft.answers.add(Question::Touched, piece);
    answers::allowed(&own.known, &mut draft.answers);
    answers::checked(
        reading,
        &own.known,
        Some(link.finished_at),
        &mut draft.answers,
    );
    answers::approved(reading, &own.known, &mut draft.answers);
    let previous = own.previous.as_ref();
    match previous.and_then(|own| Some((own, own.commit_sha.as_deref()?))) {
        Some((previous, sha)) => {
            let id = &previous.ended.link.deployment_id;
            let what = format!("Deploy {} again, as", words::short(sha));
            let piece = Piece::new(Level::Recorded, what);
            let piece = piece.link(id, routes::receipt("deployment", id));
            draft.answers.add(Question::Reversed, piece);
        }
        None => draft.answers.lack(
            Question::Reversed,
            "no earlier deployment to go back to is known.",
        ),
    }
    playbooks(reading, draft);
    Ok(())
}

/// The playbooks of the workflows over it.
pub(super) fn playbooks(reading: &Reading<'_>, draft: &mut Draft) {
    for slug in draft.workflows.clone() {
        let workflow = reading.registry.workflow(&slug);
        let Some(playbook) = workflow.and_then(|own| own.playbook.as_deref()) else {
            continue;
        };
        let practised = workflow.and_then(|own| own.playbook_practised_on.as_deref());
        let practised = practised.map_or_else(
            || "of which no practice is known".to_owned(),
            |day| format!("practised {}", app::format::date_text(day)),
        );
        let what = format!("By the playbook {playbook}, {practised}");
        draft
            .answers
            .add(Question::Reversed, Piece::new(Level::Declared, what));
    }
}

/// How it ended: in the last answer, on the timeline and under quality.
pub(super) fn happened(reading: &Reading<'_>, own: &Own, draft: &mut Draft) -> Result<()> {
    let (link, outcome, told) = (own.link(), own.outcome(), own.told());
    if let Some(at) = own.row.as_ref().and_then(|row| row.started_at) {
        draft
            .events
            .push(Happened::new(at, "deployment began", told.as_ref()));
    }
    let elsewhere = own.row.as_ref().filter(|_| link.standing == "ignored");
    let done = match (link.standing.as_str(), elsewhere) {
        ("failure", _) => "rollout failed".to_owned(),
        (_, Some(row)) => format!("in {}", row.environment),
        _ => "in production".to_owned(),
    };
    let event = Happened::new(link.finished_at, done, told.as_ref()).awaited("its deployment");
    let url = routes::receipt("deployment", &link.deployment_id);
    draft.events.push(event.link(&link.deployment_id, url));
    let failure: Vec<Evidence> = from_json("evidence", &outcome.failure)?;
    for evidence in &failure {
        let what = format!("The deployment failed: {}", evidence.what);
        draft
            .answers
            .add(Question::Next, Piece::new(evidence.level, what).exception());
    }
    incidents(own, draft);
    remedied(reading, own, draft);
    if outcome.is_failed == 0 && link.standing == "success" {
        let what = "Nothing put it right, and no incident is laid to it";
        draft
            .answers
            .add(Question::Next, Piece::new(Level::Inferred, what));
    } else if !draft.answers.has(Question::Next) {
        let why = link
            .reason
            .clone()
            .unwrap_or_else(|| "its rollout failed by itself".to_owned());
        draft.answers.lack(Question::Next, format!("{why}."));
    }
    Ok(())
}

/// What put it right, and when all was well again.
pub(super) fn remedied(reading: &Reading<'_>, own: &Own, draft: &mut Draft) {
    for remedy in &own.remedies {
        let url = routes::receipt("deployment", &remedy.remedy_id);
        let what = format!("Put right: {}, by", remedy.what);
        let level = links::Level::parse(&remedy.level).into();
        draft.answers.add(
            Question::Next,
            Piece::new(level, what).link(&remedy.remedy_id, url.clone()),
        );
        let event = Happened::new(remedy.remedy_at, "put right by", None);
        draft.events.push(event.link(&remedy.remedy_id, url));
    }
    if let Some(at) = own.outcome().well_again_at {
        let after = words::exact(at.saturating_sub(own.link().finished_at));
        let what = format!(
            "All was well again {}, after {after}",
            words::local(reading.calendar, at)
        );
        draft
            .answers
            .add(Question::Next, Piece::new(Level::Recorded, what));
        draft
            .events
            .push(Happened::new(at, "all was well again", None));
    }
}

fn incidents(own: &Own, draft: &mut Draft) {
    for incident in &own.incidents {
        let id = &incident.incident_id;
        let url = routes::receipt("incident", id);
        let row = own.incident_rows.iter().find(|row| row.version.id == *id);
        let told = row.map(|row| Told::of("incidents", &row.version));
        let mut add = |at: i64, what: &str| {
            let event = Happened::new(at, what, told.as_ref());
            draft.events.push(event.link(id, url.clone()));
        };
        add(incident.started_at, "incident began:");
        if let Some(at) = incident.resolved_at {
            add(at, "incident resolved:");
        }
        draft.told.extend(told);
        draft.quality.push(Quality {
            what: "Incident".to_owned(),
            said: "laid to this deployment:".to_owned(),
            link: Some(Link {
                text: id.clone(),
                url,
            }),
            at: Some(rfc3339(incident.started_at)),
            is_bad: true,
        });
    }
}

fn count(reading: &Reading<'_>, own: &Own, draft: &mut Draft) -> Result<()> {
    let deployed = facts::deployed(&own.listed.ended);
    let (finished, well) = (own.link().finished_at, own.outcome().well_again_at);
    let failure: Vec<Evidence> = from_json("evidence", &own.outcome().failure)?;
    let failure = failure.first().map(|own| own.what.clone());
    draft.computed = computed::deployed(reading, (finished, well), &deployed, failure);
    draft
        .computed
        .extend(computed::waits(reading, &own.known.approvals));
    let facts = Facts {
        deployed: Some((finished, well, &deployed)),
        ..Facts::default()
    };
    draft.counts = counted::counts(reading, &facts);
    Ok(())
}

/// What a deployment was to a change that it brought to production.
pub(super) async fn delivered_with(
    tx: &mut Tx,
    reading: &Reading<'_>,
    (service, id): (&str, &str),
    draft: &mut Draft,
) -> Result<()> {
    let Some(own) = Own::load(tx, id)
        .await?
        .filter(|own| own.link().service == service)
    else {
        draft
            .answers
            .lack(Question::Next, "its deployment is no longer kept.");
        return Ok(());
    };
    let at = words::local(reading.calendar, own.link().finished_at);
    let piece = Piece::new(own.level()?, format!("In production {at}, with")).told(own.told());
    let piece = piece.link(own.title(), routes::receipt("deployment", id));
    draft.answers.add(Question::Next, piece);
    draft.told.extend(own.told());
    happened(reading, &own, draft)
}

//! The receipt of an incident: what it is laid to, and how it went until it was resolved.

use app::routes;
use app::view::receipt::{Kind, Question};
use app::view::records::{Evidence, Level};

use super::counted::{self, Facts};
use super::draft::{Draft, Happened, Piece, Told};
use super::{Reading, computed, deployment, words};
use crate::metrics::incident;
use crate::store::incidents::{self, Incident};
use crate::store::links::incidents::{self as links, IncidentLink};
use crate::store::{Result, Tx, from_json};

/// The answers that are those of the deployment behind it.
const OF_THE_DEPLOYMENT: [Question; 6] = [
    Question::Did,
    Question::Touched,
    Question::Allowed,
    Question::Checked,
    Question::Approved,
    Question::Reversed,
];

pub(super) async fn draft(tx: &mut Tx, reading: &Reading<'_>, id: &str) -> Result<Option<Draft>> {
    let Some(row) = incidents::find(tx, &[id]).await?.into_iter().next() else {
        return Ok(None);
    };
    let found = links::find(tx, &[(&row.version.home, id)]).await?;
    let Some(link) = found.into_iter().next() else {
        return Ok(None);
    };
    let mut draft = Draft::new(Kind::Incident, id);
    draft.title = row.title.clone().unwrap_or_else(|| id.to_owned());
    draft.what = link
        .not_an_incident
        .clone()
        .unwrap_or_else(|| "incident".to_owned());
    draft.url = row.url.clone();
    draft.service = link.service.clone();
    draft.workflows = from_json("workflows", &link.workflows)?;
    draft.at_ms = link.started_at;
    draft.evidence = from_json("evidence", &link.evidence)?;
    draft.reason = link.reason.clone();
    draft.stands = match &link.deployment_id {
        Some(id) => format!("laid to deployment {id}"),
        None => "laid to no deployment".to_owned(),
    };
    draft.corrected_as = Some("incident");
    draft.no_cost = Some("the cost of an incident is not collected.".to_owned());
    draft.told.push(Told::of("incidents", &row.version));
    events(&row, &mut draft);
    behind(tx, reading, &link, &mut draft).await?;
    resolved(reading, &row, &mut draft);
    count(reading, (&row, &link), &mut draft);
    Ok(Some(draft))
}

fn events(row: &Incident, draft: &mut Draft) {
    let told = Told::of("incidents", &row.version);
    let mut add = |at: Option<i64>, what: &str| {
        draft
            .events
            .extend(at.map(|at| Happened::new(at, what, Some(&told))));
    };
    add(Some(row.started_at), "began");
    add(row.acknowledged_at, "acknowledged");
    add(row.resolved_at, "resolved");
}

/// What is known of the deployment that it is laid to, on which all but its end rests.
async fn behind(
    tx: &mut Tx,
    reading: &Reading<'_>,
    link: &IncidentLink,
    draft: &mut Draft,
) -> Result<()> {
    let service = link.deployment_service.as_deref().unwrap_or(&link.service);
    laid_to(tx, reading, (service, link.deployment_id.as_deref()), draft).await?;
    if link.deployment_id.is_none() {
        let why = link
            .reason
            .clone()
            .unwrap_or_else(|| "nobody says to which".to_owned());
        for question in OF_THE_DEPLOYMENT {
            draft
                .answers
                .lack(question, format!("it is laid to no deployment, as {why}."));
        }
    }
    Ok(())
}

/// The deployment to which something is laid, as its receipt tells of it.
pub(super) async fn laid_to(
    tx: &mut Tx,
    reading: &Reading<'_>,
    (service, id): (&str, Option<&str>),
    draft: &mut Draft,
) -> Result<()> {
    let Some(id) = id else { return Ok(()) };
    let own = deployment::Own::load(tx, id).await?;
    let Some(own) = own.filter(|own| own.link().service == service) else {
        draft.answers.lack(
            Question::Did,
            format!("the deployment {id} is not known here."),
        );
        return Ok(());
    };
    let strongest: Option<&Evidence> = draft.evidence.first();
    let level = strongest.map_or(Level::Inferred, |own| own.level);
    let piece = Piece::new(level, "Laid to").told(own.told());
    let piece = piece.link(own.title(), routes::receipt("deployment", id));
    draft.answers.add(Question::Did, piece);
    draft.told.extend(own.told());
    own.known.tell(reading, draft);
    deployment::answer(reading, &own, draft)?;
    deployment::remedied(reading, &own, draft);
    let url = routes::receipt("deployment", id);
    let finished = Happened::new(
        own.link().finished_at,
        "in production:",
        own.told().as_ref(),
    );
    draft.events.push(finished.link(id, url));
    Ok(())
}

fn resolved(reading: &Reading<'_>, row: &Incident, draft: &mut Draft) {
    let told = Told::of("incidents", &row.version);
    match row.resolved_at {
        Some(at) => {
            let after = words::exact(at.saturating_sub(row.started_at));
            let at = words::local(reading.calendar, at);
            let piece = Piece::new(Level::Recorded, format!("Resolved {at}, after {after}"));
            draft.answers.add(Question::Next, piece.told(Some(told)));
        }
        None => draft.answers.lack(Question::Next, "not resolved yet."),
    }
}

fn count(reading: &Reading<'_>, (row, link): (&Incident, &IncidentLink), draft: &mut Draft) {
    let kind = incident::Kind::parse(link.not_an_incident.as_deref());
    let said = match &link.not_an_incident {
        None => "one incident".to_owned(),
        Some(kind) => format!("none: {kind}"),
    };
    let severity = row.severity.as_ref().map(|own| format!("severity {own}"));
    draft
        .computed
        .push(computed::line("incident_frequency", said, severity));
    if let Some(at) = link.resolved_at {
        let from = ("began", link.started_at);
        let said = words::difference(reading.calendar, ("resolved", at), from);
        let note = "part of its deployment’s recovery, which ends with the last of what it takes";
        let line = computed::line(
            "failed_deployment_recovery_time",
            said,
            Some(note.to_owned()),
        );
        draft
            .computed
            .extend(link.deployment_id.is_some().then_some(line));
    }
    let facts = Facts {
        incident: Some((link.started_at, &kind)),
        ..Facts::default()
    };
    draft.counts = counted::counts(reading, &facts);
}

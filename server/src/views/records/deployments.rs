//! Deployments to production as records: by their finish, or by the instant at which all was well
//! again.

use app::view::figure::Unit;
use app::view::records::{Evidence, Record};
use serde_json::Map;

use super::{Adding, Within};
use crate::figures::facts;
use crate::metrics::Contribution;
use crate::metrics::deployed::Deployed;
use crate::store::links::deployments::{self, By, Ended, Listed};
use crate::store::{self, Tx, from_json};
use crate::views::rfc3339;

/// The deployments finished in a span of time.
pub(super) async fn finished(
    tx: &mut Tx,
    span: (i64, i64),
    adding: &mut Adding<'_>,
    of: fn(&Deployed) -> Contribution,
) -> store::Result<()> {
    deployments::listed_between(tx, By::Finish, span, |listed| {
        let deployed = facts::deployed(&listed.ended);
        let at = listed.ended.link.finished_at;
        adding.add(within(&listed), of(&deployed), || record(&listed, at))
    })
    .await
}

/// The failed deployments of which all was well again in a span of time, and those finished in it
/// that have not recovered.
pub(super) async fn recovered(
    tx: &mut Tx,
    span: (i64, i64),
    adding: &mut Adding<'_>,
    of: fn(&Deployed) -> Contribution,
) -> store::Result<()> {
    deployments::listed_between(tx, By::Recovery, span, |listed| {
        let deployed = facts::deployed(&listed.ended);
        let finished_at = listed.ended.link.finished_at;
        let at = listed.ended.outcome.well_again_at.unwrap_or(finished_at);
        adding.add(within(&listed), of(&deployed), || record(&listed, at))
    })
    .await
}

fn within(listed: &Listed) -> Within<'_> {
    Within {
        service: &listed.ended.link.service,
        workflows: &listed.ended.link.workflows,
        segment: None,
    }
}

fn record(listed: &Listed, at_ms: i64) -> store::Result<Record> {
    let link = &listed.ended.link;
    Ok(Record {
        id: link.deployment_id.clone(),
        kind: "deployment".to_owned(),
        title: Some(title(listed)),
        url: listed.url.clone(),
        at: rfc3339(at_ms),
        value: None,
        unit: Unit::Count,
        parts: Map::new(),
        reason: link.reason.clone(),
        segment: "all".to_owned(),
        evidence: evidence(listed)?,
        receipt_url: None,
    })
}

/// Why it counts as failed, and what else it rests on.
pub(in crate::views) fn evidence(listed: &Listed) -> store::Result<Vec<Evidence>> {
    let Ended { link, outcome } = &listed.ended;
    let mut evidence: Vec<Evidence> = from_json("evidence", &outcome.failure)?;
    evidence.extend(from_json::<Vec<Evidence>>("evidence", &link.evidence)?);
    Ok(evidence)
}

/// What it is, of which service, with which commit.
pub(in crate::views) fn title(listed: &Listed) -> String {
    let link = &listed.ended.link;
    let what = match link.kind.as_str() {
        "rollback" => "Rollback",
        "fix" => "Fix",
        _ => "Deployment",
    };
    match (&listed.title, listed.commit_sha.as_deref()) {
        (Some(title), _) => format!("{what} of {}: {title}", link.service),
        (None, Some(sha)) => {
            let short: String = sha.chars().take(8).collect();
            format!("{what} of {} to {short}", link.service)
        }
        (None, None) => format!("{what} of {}", link.service),
    }
}

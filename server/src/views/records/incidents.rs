//! Incidents as records, each with the deployment that it is laid to, or why to none.

use app::view::figure::Unit;
use app::view::records::{Evidence, Record};
use serde_json::Map;

use super::{Adding, Within};
use crate::metrics::Contribution;
use crate::metrics::incident::Kind;
use crate::store::links::incidents::{self, Listed};
use crate::store::{self, Tx, from_json};
use crate::views::rfc3339;

/// The incidents that started in a span of time, and what of the same system is none.
pub(super) async fn started(
    tx: &mut Tx,
    span: (i64, i64),
    adding: &mut Adding<'_>,
    of: fn(&Kind) -> Contribution,
) -> store::Result<()> {
    incidents::listed_between(tx, span, |listed| {
        let kind = Kind::parse(listed.link.not_an_incident.as_deref());
        let within = Within {
            service: &listed.link.service,
            workflows: &listed.link.workflows,
            segment: None,
        };
        adding.add(within, of(&kind), || record(&listed))
    })
    .await
}

fn record(listed: &Listed) -> store::Result<Record> {
    let link = &listed.link;
    let mut evidence: Vec<Evidence> = from_json("evidence", &link.evidence)?;
    if let (Some(laid_to), Some(first)) = (&link.deployment_id, evidence.first_mut()) {
        first.what = format!("laid to {laid_to}: {}", first.what);
    }
    let reason = link.reason.as_ref();
    Ok(Record {
        id: link.incident_id.clone(),
        kind: "incident".to_owned(),
        title: listed.title.clone(),
        url: listed.url.clone(),
        at: rfc3339(link.started_at),
        value: None,
        unit: Unit::Count,
        parts: Map::new(),
        reason: reason.map(|reason| format!("laid to no deployment: {reason}")),
        segment: "all".to_owned(),
        evidence,
        receipt_url: None,
    })
}

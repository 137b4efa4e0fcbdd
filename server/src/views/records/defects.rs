//! Defects as records, each by where it was found.

use app::view::figure::Unit;
use app::view::records::{Evidence, Record};
use serde_json::Map;

use super::{Adding, Within};
use crate::metrics::Contribution;
use crate::metrics::defect::Place;
use crate::store::links::defects::{self, Listed};
use crate::store::{self, Tx, from_json};
use crate::views::rfc3339;

/// The defects found in a span of time.
pub(super) async fn found(
    tx: &mut Tx,
    span: (i64, i64),
    adding: &mut Adding<'_>,
    of: fn(&Place) -> Contribution,
) -> store::Result<()> {
    defects::listed_between(tx, span, |listed| {
        let within = Within {
            service: &listed.link.service,
            workflows: &listed.link.workflows,
            segment: None,
        };
        let place = Place::parse(&listed.link.place);
        adding.add(within, of(&place), || record(&listed))
    })
    .await
}

fn record(listed: &Listed) -> store::Result<Record> {
    let link = &listed.link;
    let evidence: Vec<Evidence> = from_json("evidence", &link.evidence)?;
    Ok(Record {
        id: link.defect_id.clone(),
        kind: "defect".to_owned(),
        title: listed.title.clone(),
        url: None,
        at: rfc3339(link.found_at),
        value: None,
        unit: Unit::Count,
        parts: Map::new(),
        reason: None,
        segment: "all".to_owned(),
        evidence,
        receipt_url: None,
    })
}

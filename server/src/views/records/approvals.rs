//! Approvals as records, by decision.

use app::view::figure::Unit;
use app::view::records::Record;
use serde_json::Map;

use super::{Adding, Within};
use crate::figures::facts;
use crate::metrics::Contribution;
use crate::metrics::approval_wait::Decided;
use crate::store::links::approvals::{self, ApprovalLink};
use crate::store::{self, Tx};
use crate::views::rfc3339;

/// The approvals that were decided in a span of time.
pub(super) async fn decided(
    tx: &mut Tx,
    (from_ms, to_ms): (i64, i64),
    adding: &mut Adding<'_>,
    of: fn(&Decided) -> Contribution,
) -> store::Result<()> {
    for link in approvals::decided_between(tx, from_ms, to_ms).await? {
        let Some(decided) = facts::decided(&link) else {
            continue;
        };
        let within = Within {
            service: &link.service,
            workflows: &link.workflows,
            segment: None,
        };
        adding.add(within, of(&decided), || Ok(record(&link)))?;
    }
    Ok(())
}

fn record(link: &ApprovalLink) -> Record {
    let (kind, of) = link.subject.split_once(':').unwrap_or(("", &link.subject));
    Record {
        id: link.approval_id.clone(),
        kind: "approval".to_owned(),
        title: Some(format!("of the {kind} {of}")),
        url: None,
        at: rfc3339(link.decided_at.unwrap_or(link.requested_at)),
        value: None,
        unit: Unit::Count,
        parts: Map::new(),
        reason: None,
        segment: "all".to_owned(),
        evidence: Vec::new(),
        receipt_url: None,
    }
}

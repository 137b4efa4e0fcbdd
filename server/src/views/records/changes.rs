//! Changes as records: by merge, or by the deployment that first delivered them.

use std::collections::BTreeSet;

use app::view::figure::Unit;
use app::view::records::{Evidence, Record};
use serde_json::{Map, Value, json};

use super::{Adding, Within};
use crate::figures::facts;
use crate::metrics::Contribution;
use crate::metrics::delivered::Delivered;
use crate::metrics::merged::Merged;
use crate::metrics::pr_cycle_time::CycleTime;
use crate::store::links::changes::{self, By, Listed};
use crate::store::{self, Tx, from_json};
use crate::views::rfc3339;

/// The changes merged in a span of time.
pub(super) async fn merged(
    tx: &mut Tx,
    span: (i64, i64),
    adding: &mut Adding<'_>,
    of: fn(&Merged) -> Contribution,
) -> store::Result<()> {
    let reviewed: BTreeSet<String> = changes::reviewed_services(tx).await?;
    changes::listed_between(tx, By::Merge, span, |listed| {
        let Some(change) = facts::merged(&listed.link, &reviewed) else {
            return Ok(());
        };
        let at = listed.link.merged_at.unwrap_or_default();
        adding.add(within(&listed), of(&change), || {
            record(&listed, at, (&change.time, stages(&change.time)))
        })
    })
    .await
}

/// The changes first delivered in a span of time.
pub(super) async fn delivered(
    tx: &mut Tx,
    span: (i64, i64),
    adding: &mut Adding<'_>,
    of: fn(&Delivered) -> Contribution,
) -> store::Result<()> {
    changes::listed_between(tx, By::Delivery, span, |listed| {
        let Some(change) = facts::delivered(&listed.link, &listed.delivery) else {
            return Ok(());
        };
        let at = listed.delivery.deployment_at.unwrap_or_default();
        adding.add(within(&listed), of(&change), || {
            let mut parts = stages(&change.time);
            parts.insert("deploy".to_owned(), json!(change.deploy_ms.map(seconds)));
            record(&listed, at, (&change.time, parts))
        })
    })
    .await
}

fn within(listed: &Listed) -> Within<'_> {
    Within {
        service: &listed.link.service,
        workflows: &listed.link.workflows,
        segment: Some(&listed.link.segment),
    }
}

fn record(
    listed: &Listed,
    at_ms: i64,
    (time, parts): (&CycleTime, Map<String, Value>),
) -> store::Result<Record> {
    let evidence: Vec<Evidence> = from_json("evidence", &listed.link.evidence)?;
    Ok(Record {
        id: listed.link.change_id.clone(),
        kind: "change".to_owned(),
        title: listed.title.clone(),
        url: listed.url.clone(),
        at: rfc3339(at_ms),
        value: None,
        unit: Unit::Count,
        parts,
        reason: time.reason.map(|reason| reason.sentence().to_owned()),
        segment: listed.link.segment.clone(),
        evidence,
        receipt_url: None,
    })
}

/// Seconds by stage; a stage that is not known is null.
fn stages(time: &CycleTime) -> Map<String, Value> {
    let stages = [
        ("coding", time.coding_ms),
        ("pickup", time.pickup_ms),
        ("review", time.review_ms),
        ("open", time.open_ms),
        ("agent_review", time.agent_review_ms),
    ];
    stages
        .into_iter()
        .map(|(name, ms)| (name.to_owned(), json!(ms.map(seconds))))
        .collect()
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

//! Artifacts as records, by landing: how each was evaluated, and what is missing to reconstruct it.

use app::view::figure::Unit;
use app::view::records::{Evidence, Record};
use serde_json::Map;

use super::{Adding, Within};
use crate::figures::facts;
use crate::links::Item;
use crate::metrics::Contribution;
use crate::metrics::artifact::Artifact;
use crate::store::links::artifacts::{self, ArtifactLink, Listed};
use crate::store::{self, Tx, from_json};
use crate::views::rfc3339;

/// The artifacts that landed in a span of time, and count or could have.
pub(super) async fn landed(
    tx: &mut Tx,
    span: (i64, i64),
    adding: &mut Adding<'_>,
    of: impl Fn(&Artifact) -> Option<Contribution> + Send + Sync,
) -> store::Result<()> {
    let is_audited = adding.asked.metric.id == "auditability";
    artifacts::listed_between(tx, span, |listed| {
        let Some(contribution) = of(&facts::artifact(&listed.link)) else {
            return Ok(());
        };
        let within = Within {
            service: &listed.link.service,
            workflows: &listed.link.workflows,
            segment: Some(&listed.link.segment),
        };
        adding.add(within, contribution, || {
            let (evidence, reason) = match is_audited {
                true => audited(&listed.link)?,
                false => (from_json("evidence", &listed.link.evidence)?, None),
            };
            Ok(record(&listed, evidence, reason))
        })
    })
    .await
}

/// What is there of what is asked for, and what is missing.
fn audited(link: &ArtifactLink) -> store::Result<(Vec<Evidence>, Option<String>)> {
    let items: Vec<Item> = from_json("items", &link.items)?;
    // That no run is linked is why several are missing.
    let mut missing: Vec<&str> = Vec::new();
    for item in items.iter().filter(|item| !item.is_met) {
        if !missing.contains(&item.what.as_str()) {
            missing.push(&item.what);
        }
    }
    let met = items.iter().filter(|item| item.is_met);
    let evidence = met.filter_map(|item| {
        Some(Evidence {
            level: item.level?.into(),
            what: item.what.clone(),
        })
    });
    let reason = (!missing.is_empty()).then(|| missing.join("; "));
    Ok((evidence.collect(), reason))
}

fn record(listed: &Listed, evidence: Vec<Evidence>, reason: Option<String>) -> Record {
    let link = &listed.link;
    Record {
        id: link.reference.clone(),
        kind: link.kind.clone(),
        title: listed.title.clone(),
        url: listed.url.clone(),
        at: rfc3339(link.landed_at),
        value: None,
        unit: Unit::Count,
        parts: Map::new(),
        reason,
        segment: link.segment.clone(),
        evidence,
        receipt_url: None,
    }
}

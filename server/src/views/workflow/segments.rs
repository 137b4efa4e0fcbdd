//! Agent and assisted changes beside unmarked ones, and what their marks rest on.

use std::collections::BTreeMap;

use app::view::records::Level;
use app::view::workflow::Segment;

use super::listed;
use crate::metrics::catalogue;
use crate::store::Tx;
use crate::views::Result;
use crate::views::answer::Asked;
use crate::views::figure::{Ask, Series};
use crate::views::records::{Part, lists};

/// Under so many changes a group is not set beside another.
const SHOWN_FROM: u64 = 20;

/// The segments that may be set beside each other: unmarked ones, and at least one other.
pub(super) async fn segments(tx: &mut Tx, asked: Asked<'_>) -> Result<Vec<Segment>> {
    let Some(metric) = catalogue::metric("change_lead_time") else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for segment in ["agent", "assisted", "unmarked"] {
        let ask = Ask {
            metric,
            scope: &asked.scope.id,
            segment,
            from: asked.week,
            to: asked.week,
        };
        let series = Series::load(tx, asked.registry, asked.now_ms, ask).await?;
        let figure = series.figure(asked.week);
        if figure.sample >= SHOWN_FROM {
            found.push(Segment {
                name: segment.to_owned(),
                figure,
                evidence: None,
            });
        }
    }
    if found.len() < 2 || found.last().is_none_or(|last| last.name != "unmarked") {
        return Ok(Vec::new());
    }
    let by_level = by_level(tx, asked).await?;
    for segment in &mut found {
        segment.evidence = by_level.get(&segment.name).copied();
    }
    Ok(found)
}

/// How many delivered changes of each segment rest on which level of evidence at best.
async fn by_level(tx: &mut Tx, asked: Asked<'_>) -> Result<BTreeMap<String, [u64; 3]>> {
    let mut counts: BTreeMap<String, [u64; 3]> = BTreeMap::new();
    let Some(metric) = catalogue::metric("agent_share") else {
        return Ok(counts);
    };
    let of_week = listed(asked, metric);
    for record in lists(tx, &of_week, Part::WHOLE).await?.counted {
        let best = record.evidence.iter().map(|one| one.level).min();
        let place = match best.filter(|_| record.segment != "unmarked") {
            None => continue,
            Some(Level::Recorded) => 0,
            Some(Level::Declared) => 1,
            Some(Level::Inferred) => 2,
        };
        counts.entry(record.segment).or_default()[place] += 1;
    }
    Ok(counts)
}

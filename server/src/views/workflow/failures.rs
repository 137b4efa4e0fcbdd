//! The deployments of the last weeks that failed, the newest first.

use app::view::records::Sort;
use app::view::workflow::Failure;
use chrono::DateTime;

use crate::figures;
use crate::metrics::catalogue;
use crate::store::Tx;
use crate::store::registry::Registry;
use crate::views::Result;
use crate::views::answer::Asked;
use crate::views::records::{self, Part, lists};

/// How many weeks are looked through, and how many failures a page shows.
const WEEKS: i32 = 4;
pub(super) const SHOWN: usize = 10;

pub(super) async fn failures(tx: &mut Tx, asked: Asked<'_>) -> Result<Vec<Failure>> {
    let mut found = Vec::new();
    let Some(metric) = catalogue::metric("change_fail_rate") else {
        return Ok(found);
    };
    for back in 0..WEEKS {
        let of_week = records::Asked {
            metric,
            week: asked.week.plus(-back),
            scope: asked.scope.clone(),
            segment: "all",
            sort: Sort::default(),
            calendar: figures::calendar(&asked.registry.company),
        };
        let lists = lists(tx, &of_week, Part::WHOLE).await?;
        let failed = lists.counted.into_iter().rev();
        let failed = failed.filter(|record| record.value == Some(1.0));
        found.extend(failed.filter_map(|record| {
            Some(Failure {
                at: local(asked.registry, &record.at)?,
                title: record.title.unwrap_or_else(|| record.id.clone()),
                id: record.id,
                url: record.url,
                evidence: record.evidence,
            })
        }));
    }
    Ok(found)
}

fn local(registry: &Registry, at: &str) -> Option<DateTime<chrono::FixedOffset>> {
    let at = DateTime::parse_from_rfc3339(at).ok()?;
    let calendar = figures::calendar(&registry.company);
    let zone = calendar.zone(calendar.week_of(at.timestamp_millis()));
    Some(at.with_timezone(&zone).fixed_offset())
}

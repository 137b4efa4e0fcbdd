//! What stands for the figures of frozen weeks, settled or not yet.

use std::collections::{BTreeMap, BTreeSet};

use crate::figures::{self, longest_settling_ms, record_hashes, settling_ms};
use crate::metrics::catalogue;
use crate::metrics::week::Week;
use crate::store::figures::{self as stored, Figure, Series};
use crate::store::registry::Registry;
use crate::store::weeks::{self, FrozenFigure};
use crate::store::{self, Tx, to_json};

/// Keeps the figures of a week that freezes; answers how many there are, and how many have settled.
pub async fn figures(
    tx: &mut Tx,
    registry: &Registry,
    week: Week,
    now_ms: i64,
) -> store::Result<(usize, usize)> {
    let current = stored::of_week(tx, &week.to_string()).await?;
    let keeping = Keeping::of(registry, week, now_ms);
    let kept = current
        .iter()
        .map(|own| keeping.keep(own.series(), Some(own)));
    let mut kept = kept.collect::<store::Result<Vec<_>>>()?;
    hash(tx, &keeping, &mut kept).await?;
    weeks::put_figures(tx, &kept).await?;
    let settled = kept.iter().filter(|own| own.is_settled).count();
    Ok((kept.len(), settled))
}

/// Keeps what has settled of earlier frozen weeks since those froze; answers how many figures.
pub async fn settled_since(tx: &mut Tx, registry: &Registry, now_ms: i64) -> store::Result<usize> {
    let Some(last_ms) = weeks::last_at(tx).await? else {
        return Ok(0);
    };
    let calendar = figures::calendar(&registry.company);
    let longest_ms = longest_settling_ms(registry);
    let mut behind: BTreeSet<Week> = BTreeSet::new();
    behind.extend(read(weeks::unsettled(tx).await?));
    let frozen = read(weeks::all(tx).await?);
    behind.extend(frozen.filter(|week| calendar.end_ms(*week) + longest_ms > last_ms));
    let mut settled = 0;
    for week in behind {
        settled += settle(tx, &Keeping::of(registry, week, now_ms), last_ms).await?;
    }
    Ok(settled)
}

fn read(weeks: Vec<String>) -> impl Iterator<Item = Week> {
    weeks.into_iter().filter_map(|week| week.parse().ok())
}

/// Keeps what has settled of one earlier week.
async fn settle(tx: &mut Tx, keeping: &Keeping<'_>, last_ms: i64) -> store::Result<usize> {
    let name = keeping.week.to_string();
    let frozen = weeks::figures(tx, &name).await?;
    let current = stored::of_week(tx, &name).await?;
    let current: BTreeMap<Series<'_>, &Figure> =
        current.iter().map(|own| (own.series(), own)).collect();
    let known: BTreeSet<Series<'_>> = frozen.iter().map(FrozenFigure::series).collect();
    // A figure that came since is kept unless nothing was said to stand there for good.
    let came = current
        .keys()
        .copied()
        .filter(|series| !known.contains(series) && keeping.settles_ms(*series) > last_ms);
    let open = frozen.iter().filter(|own| !own.is_settled);
    let open = open.map(FrozenFigure::series);
    let mut kept = Vec::new();
    for series in open.chain(came) {
        if keeping.has_settled(series) {
            kept.push(keeping.keep(series, current.get(&series).copied())?);
        }
    }
    if !kept.is_empty() {
        hash(tx, keeping, &mut kept).await?;
        weeks::put_figures(tx, &kept).await?;
    }
    Ok(kept.len())
}

/// One week and the instant at which its figures are kept.
struct Keeping<'a> {
    registry: &'a Registry,
    week: Week,
    ended_ms: i64,
    now_ms: i64,
}

impl Keeping<'_> {
    fn of(registry: &Registry, week: Week, now_ms: i64) -> Keeping<'_> {
        Keeping {
            registry,
            week,
            ended_ms: figures::calendar(&registry.company).end_ms(week),
            now_ms,
        }
    }

    fn settles_ms(&self, series: Series<'_>) -> i64 {
        let metric = catalogue::metric(series.metric);
        let after = metric.map_or(0, |own| settling_ms(own, series.scope, self.registry));
        self.ended_ms + after
    }

    fn has_settled(&self, series: Series<'_>) -> bool {
        self.settles_ms(series) <= self.now_ms
    }

    /// What stands for a figure, still without the hash of its records.
    fn keep(&self, series: Series<'_>, figure: Option<&Figure>) -> store::Result<FrozenFigure> {
        Ok(FrozenFigure {
            metric: series.metric.to_owned(),
            scope: series.scope.to_owned(),
            segment: series.segment.to_owned(),
            week: self.week.to_string(),
            frozen_at: self.now_ms,
            is_settled: self.has_settled(series),
            body: to_json("a figure", &figure)?,
            records_hash: String::new(),
        })
    }
}

async fn hash(tx: &mut Tx, keeping: &Keeping<'_>, kept: &mut [FrozenFigure]) -> store::Result<()> {
    let hashes = record_hashes(tx, keeping.registry, keeping.week).await?;
    for own in kept {
        let name = [&own.metric, &own.scope, &own.segment].map(String::clone);
        own.records_hash = hashes.get(&name).cloned().unwrap_or_default();
    }
    Ok(())
}

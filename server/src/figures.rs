//! Touched weeks in, figures out.
//!
//! A figure is computed from the links of its week alone, so that the work after an arrival grows
//! with what changed and not with what is stored. Nothing here judges a figure: limits, signals and
//! words are made at reading.

mod refresher;

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use chrono_tz::Tz;

use crate::links::{self, Walk};
use crate::metrics::Computed;
use crate::metrics::catalogue::{self, Metric};
use crate::metrics::merged::Merged;
use crate::metrics::pool::pool;
use crate::metrics::pr_cycle_time::{Milestones, cycle_time};
use crate::metrics::week::{Calendar, Week};
use crate::store::figures::{self as stored, Figure};
use crate::store::links::ChangeLink;
use crate::store::registry::{self, Company, Registry};
use crate::store::{self, Db, Tx, from_json};

pub use refresher::Refresher;

/// The company's weeks; UTC until a time zone is set.
pub fn calendar(company: &Company) -> Calendar {
    let mut zones: Vec<(Option<Week>, Tz)> = company
        .time_zones
        .iter()
        .filter_map(|entry| {
            let from = entry.from.as_deref().map(Week::from_str).transpose().ok()?;
            Some((from, Tz::from_str(&entry.zone).ok()?))
        })
        .collect();
    if zones.first().is_none_or(|(from, _)| from.is_some()) {
        zones.insert(0, (None, Tz::UTC));
    }
    Calendar::new(zones)
}

/// Marks the weeks of these instants as behind, in the transaction that moved them.
pub async fn touch(tx: &mut Tx, registry: &Registry, instants_ms: &[i64]) -> store::Result<()> {
    if instants_ms.is_empty() {
        return Ok(());
    }
    let calendar = calendar(&registry.company);
    let weeks: BTreeSet<Week> = instants_ms.iter().map(|at| calendar.week_of(*at)).collect();
    let weeks: Vec<String> = weeks.into_iter().map(|week| week.to_string()).collect();
    stored::touch(tx, &weeks).await
}

/// Told how far a long computation has come: what it is at, how much is done, of how much.
pub type Progress<'a> = &'a (dyn Fn(&str, u64, Option<u64>) + Send + Sync);

/// Computes every touched week again; answers how many. A week is committed at a time, so that a
/// process killed in between loses none and repeats none.
pub async fn refresh(db: &Db, progress: Progress<'_>) -> store::Result<u64> {
    let mut tx = db.read().await?;
    let weeks = stored::touched(&mut tx).await?;
    drop(tx);
    let mut computed = 0;
    for (done, week) in weeks.iter().enumerate() {
        progress("computing weeks", done as u64, Some(weeks.len() as u64));
        let mut tx = db.write().await?;
        if stored::take(&mut tx, week).await? {
            compute_week(&mut tx, week).await?;
            computed += 1;
        }
        tx.commit().await?;
    }
    Ok(computed)
}

/// Derives all links and computes all figures from nothing but the domain rows; answers how many
/// weeks were computed.
pub async fn recompute(db: &Db, progress: Progress<'_>) -> store::Result<u64> {
    relink(db, progress).await?;
    let mut tx = db.write().await?;
    let mut weeks: BTreeSet<String> = stored::weeks(&mut tx).await?.into_iter().collect();
    if let Some((first_ms, last_ms)) = store::links::merge_span(&mut tx).await? {
        let calendar = calendar(&registry::load(&mut tx).await?.company);
        let last = calendar.week_of(last_ms);
        let all = std::iter::successors(Some(calendar.week_of(first_ms)), |week| Some(week.next()));
        weeks.extend(
            all.take_while(|week| *week <= last)
                .map(|week| week.to_string()),
        );
    }
    let weeks: Vec<String> = weeks.into_iter().collect();
    stored::touch(&mut tx, &weeks).await?;
    tx.commit().await?;
    refresh(db, progress).await
}

/// Derives all links again, as after an edit of the registry; only weeks that moved are touched.
pub async fn relink(db: &Db, progress: Progress<'_>) -> store::Result<()> {
    let mut walk = Walk::default();
    loop {
        let mut tx = db.write().await?;
        tx.lock_facts().await?;
        let registry = registry::load(&mut tx).await?;
        let Some(moved) = links::relink_next(&mut tx, &registry, &mut walk).await? else {
            return Ok(());
        };
        touch(&mut tx, &registry, &moved).await?;
        tx.commit().await?;
        progress("linking changes", walk.done, None);
    }
}

async fn compute_week(tx: &mut Tx, week: &str) -> store::Result<()> {
    let registry = registry::load(tx).await?;
    let Ok(parsed) = Week::from_str(week) else {
        return stored::replace_week(tx, week, &[]).await;
    };
    let calendar = calendar(&registry.company);
    let merged =
        store::links::merged_between(tx, calendar.start_ms(parsed), calendar.end_ms(parsed))
            .await?;
    let reviewed = store::links::reviewed_services(tx).await?;
    let figures = figures_of_week(week, &merged, (&registry, &reviewed))?;
    stored::replace_week(tx, week, &figures).await
}

/// A change as metrics see it; none for one that is not merged. `reviewed` names the services of
/// which any review is known.
pub fn merged(link: &ChangeLink, reviewed: &BTreeSet<String>) -> Option<Merged> {
    let time = cycle_time(&Milestones {
        first_commit_at_ms: link.first_commit_at,
        created_at_ms: link.created_at,
        opened_at_ms: link.opened_at,
        first_review_at_ms: link.first_review_at,
        agent_review_at_ms: link.agent_review_at,
        merged_at_ms: link.merged_at?,
    });
    Some(Merged {
        time,
        is_reviewed: reviewed
            .contains(&link.service)
            .then_some(link.first_review_at.is_some()),
        lines: link.lines,
    })
}

/// What a scope and segment gathered in one week: contributions by metric, in the catalogue's order.
struct Gathered {
    merged: u64,
    contributions: Vec<Vec<i64>>,
}

impl Default for Gathered {
    fn default() -> Gathered {
        Gathered {
            merged: 0,
            contributions: vec![Vec::new(); catalogue::CATALOGUE.len()],
        }
    }
}

/// All figures of one week, from the changes merged in it.
fn figures_of_week(
    week: &str,
    links: &[ChangeLink],
    (registry, reviewed): (&Registry, &BTreeSet<String>),
) -> store::Result<Vec<Figure>> {
    let registered: BTreeSet<&str> = registry
        .services
        .iter()
        .map(|service| service.slug.as_str())
        .collect();
    let mut gathered: BTreeMap<(String, &str), Gathered> = BTreeMap::new();
    for link in links {
        let Some(change) = merged(link, reviewed) else {
            continue;
        };
        let contributions: Vec<Option<i64>> = catalogue::CATALOGUE
            .iter()
            .map(|metric| (metric.of_change)(&change).ok())
            .collect();
        for scope in scopes(link, &registered)? {
            for segment in ["all", link.segment.as_str()] {
                let sums = gathered.entry((scope.clone(), segment)).or_default();
                sums.merged += 1;
                for (all, one) in sums.contributions.iter_mut().zip(&contributions) {
                    all.extend(one);
                }
            }
        }
    }
    let mut figures = Vec::with_capacity(gathered.len() * catalogue::CATALOGUE.len());
    for ((scope, segment), sums) in gathered {
        for (metric, mut contributions) in catalogue::CATALOGUE.iter().zip(sums.contributions) {
            let computed = pool(metric, &mut contributions);
            let left_out = sums.merged - computed.sample;
            figures.push(figure(metric, &scope, segment, week, computed, left_out));
        }
    }
    Ok(figures)
}

/// The scopes a change counts in: the company, its service once registered, the workflows over it.
fn scopes(link: &ChangeLink, registered: &BTreeSet<&str>) -> store::Result<Vec<String>> {
    let mut scopes = vec!["company".to_owned()];
    if registered.contains(link.service.as_str()) {
        scopes.push(format!("service:{}", link.service));
    }
    let workflows: Vec<String> = from_json("workflows", &link.workflows)?;
    scopes.extend(workflows.into_iter().map(|slug| format!("workflow:{slug}")));
    Ok(scopes)
}

fn figure(
    metric: &Metric,
    scope: &str,
    segment: &str,
    week: &str,
    computed: Computed,
    left_out: u64,
) -> Figure {
    let count = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    Figure {
        metric: metric.id.to_owned(),
        scope: scope.to_owned(),
        segment: segment.to_owned(),
        week: week.to_owned(),
        definition_version: i64::from(metric.version),
        value: computed.value,
        sample: count(computed.sample),
        numerator: computed.numerator.map(count),
        denominator: computed.denominator.map(count),
        p90: computed.p90,
        interval_low: computed.interval.map(|[low, _]| low),
        interval_high: computed.interval.map(|[_, high]| high),
        left_out: count(left_out),
        reason: computed.reason,
    }
}

//! Touched weeks in, figures out.
//!
//! A figure is computed from the links of its week alone, so that the work after an arrival grows
//! with what changed and not with what is stored. Nothing here judges a figure: limits, signals and
//! words are made at reading.

mod differences;
pub mod facts;
mod refresher;
mod restated;
mod settling;
mod week;

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono_tz::Tz;

use crate::links;
use crate::metrics::catalogue::Metric;
use crate::metrics::week::{Calendar, Week};
use crate::store::figures as stored;
use crate::store::registry::{self, Company, Registry, Workflow};
use crate::store::{self, Db, Tx, receipts, touched, walks};

pub use differences::{Difference, differences};
pub use refresher::Refresher;
pub use restated::{Because, Why};
pub use settling::{longest_settling_ms, settled_to, settling_ms};
pub use week::record_hashes;

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

/// The streams that a metric waits for, as long as none of them has brought anything: nothing is known of
/// it then, and what is computed is not told.
pub async fn unconnected(tx: &mut Tx, metric: &Metric) -> store::Result<&'static [&'static str]> {
    if metric.waits_for().is_empty() {
        return Ok(&[]);
    }
    Ok(still_awaited(metric, &arrived(tx).await?))
}

/// The streams that have brought anything.
pub async fn arrived(tx: &mut Tx) -> store::Result<BTreeSet<String>> {
    let newest = receipts::newest_by_stream(tx).await?.into_iter();
    Ok(newest.map(|own| own.stream).collect())
}

/// The same as [`unconnected`], once it is known what arrived.
pub fn still_awaited(metric: &Metric, arrived: &BTreeSet<String>) -> &'static [&'static str] {
    let waits_for = metric.waits_for();
    let is_there = waits_for.iter().any(|stream| arrived.contains(*stream));
    if is_there { &[] } else { waits_for }
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

/// How many weeks are computed in one transaction. A week's figures lie far apart in their table, and
/// those of weeks that follow each other side by side: together they are written once.
const WEEKS_AT_ONCE: usize = 8;

/// Told how far a long computation has come: what it is at, how much is done, of how much.
pub type Progress<'a> = &'a (dyn Fn(&str, u64, Option<u64>) + Send + Sync);

/// Links everything that is behind and computes every touched week again; answers how many weeks. A
/// step is committed at a time, so that a process killed in between loses none and repeats none. What
/// a walk through everything moves is laid to its cause, whoever began it.
pub async fn refresh(db: &Db, because: &Because, progress: Progress<'_>) -> store::Result<u64> {
    let mut computed = 0;
    while let Some(cause) = relink(db, progress).await? {
        let because = Because::walk(&cause, because.now_ms);
        computed += catch_up(db, &because, progress).await?;
        let mut tx = db.write().await?;
        walks::end(&mut tx, &cause).await?;
        tx.commit().await?;
    }
    Ok(computed + catch_up(db, because, progress).await?)
}

/// Links all changes again where that was begun; answers the cause once all are. What rests on them is
/// marked then, and weeks that moved are touched.
async fn relink(db: &Db, progress: Progress<'_>) -> store::Result<Option<String>> {
    loop {
        let Some(walk) = walks::next(&mut db.read().await?).await? else {
            return Ok(None);
        };
        if walk.is_through {
            return Ok(Some(walk.cause));
        }
        progress("linking changes", walk.changes.unsigned_abs(), None);
        let mut tx = db.write().await?;
        tx.lock_facts().await?;
        relink_next(&mut tx).await?;
        tx.commit().await?;
    }
}

/// The next step of a walk; another may have done it meanwhile.
async fn relink_next(tx: &mut Tx) -> store::Result<()> {
    let Some(mut walk) = walks::next(tx).await?.filter(|walk| !walk.is_through) else {
        return Ok(());
    };
    let registry = registry::load(tx).await?;
    match links::changes::relink_next(tx, &registry, &mut walk).await? {
        Some(moved) => touch(tx, &registry, &moved).await?,
        None => {
            touched::everything(tx).await?;
            walk.is_through = true;
        }
    }
    walks::put(tx, &walk).await
}

/// Derives what is marked and computes what is touched; answers how many weeks.
async fn catch_up(db: &Db, because: &Because, progress: Progress<'_>) -> store::Result<u64> {
    let mut steps = 0;
    loop {
        let mut tx = db.write().await?;
        tx.lock_facts().await?;
        if !link_next(&mut tx).await? {
            break;
        }
        tx.commit().await?;
        steps += 1;
        progress("linking deployments and incidents", steps, None);
    }
    let mut tx = db.read().await?;
    let weeks = stored::touched(&mut tx).await?;
    drop(tx);
    let mut computed = 0;
    for (part, weeks_of_part) in weeks.chunks(WEEKS_AT_ONCE).enumerate() {
        let done = (part * WEEKS_AT_ONCE) as u64;
        progress("computing weeks", done, Some(weeks.len() as u64));
        let mut tx = db.write().await?;
        // Whoever touches two of these weeks could else wait for the second while this waits for it.
        tx.lock_facts().await?;
        for week in weeks_of_part {
            if stored::take(&mut tx, week).await? {
                week::compute(&mut tx, week, because).await?;
                computed += 1;
            }
        }
        tx.commit().await?;
    }
    Ok(computed)
}

/// Derives one part of what is behind and touches the weeks that it moved; false when nothing is.
async fn link_next(tx: &mut Tx) -> store::Result<bool> {
    let registry = registry::load(tx).await?;
    let Some(moved) = links::link_next(tx, &registry).await? else {
        return Ok(false);
    };
    touch(tx, &registry, &moved).await?;
    Ok(true)
}

/// Derives all links and computes all figures from nothing but the domain rows; answers how many
/// weeks were computed.
pub async fn recompute(db: &Db, now_ms: i64, progress: Progress<'_>) -> store::Result<u64> {
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    touch_every_week(&mut tx).await?;
    walks::begin(&mut tx, walks::ANEW).await?;
    tx.commit().await?;
    refresh(db, &Because::walk(walks::ANEW, now_ms), progress).await
}

/// Marks what an edit of the registry moves, in its transaction, so that whoever computes next finishes
/// it: every week when there are other weeks or services; and, when links rest on what was edited, all of
/// them, those of changes a step at a time. Only weeks that move are computed.
pub async fn touch_what_follows(
    tx: &mut Tx,
    (before, after): (&Registry, &Registry),
) -> store::Result<()> {
    let slugs = |registry: &Registry| -> BTreeSet<String> {
        let services = registry.services.iter();
        services.map(|service| service.slug.clone()).collect()
    };
    let has_other_weeks =
        before.company.time_zones != after.company.time_zones || slugs(before) != slugs(after);
    if has_other_weeks {
        touch_every_week(tx).await?;
    }
    let is_ruled_as_before = before.services == after.services
        && before.agents == after.agents
        && covered(before) == covered(after);
    if has_other_weeks || !is_ruled_as_before {
        walks::begin(tx, walks::REGISTRY).await?;
    }
    if agreed(before) != agreed(after) {
        touched::agent_work(tx).await?;
    } else if worth(before) != worth(after) {
        touched::runs(tx).await?;
    }
    Ok(())
}

/// What links know of workflows: whose they are, and what each covers.
fn covered(registry: &Registry) -> Vec<(&str, [&[String]; 3])> {
    let workflows = registry.workflows.iter();
    workflows
        .map(|own| {
            (
                own.slug.as_str(),
                [&own.services[..], &own.paths, &own.labels],
            )
        })
        .collect()
}

/// What links of runs and artifacts know beside that: what is agreed on agents.
fn agreed(registry: &Registry) -> impl PartialEq {
    let workflows = registry.workflows.iter();
    let workflows: Vec<Workflow> = workflows
        .map(|own| Workflow {
            slug: own.slug.clone(),
            dri: own.dri.clone(),
            dri_since: own.dri_since.clone(),
            tier: own.tier,
            playbook: own.playbook.clone(),
            evaluation_checks: own.evaluation_checks.clone(),
            suite: own.suite.clone(),
            ..Workflow::default()
        })
        .collect();
    (workflows, registry.tools.clone())
}

/// What runs cost by.
fn worth(registry: &Registry) -> impl PartialEq {
    (
        &registry.rates,
        &registry.prices,
        &registry.company.currency,
    )
}

/// Marks every week as behind that has figures or records.
pub async fn touch_every_week(tx: &mut Tx) -> store::Result<()> {
    let mut weeks: BTreeSet<String> = stored::weeks(tx).await?.into_iter().collect();
    if let Some((first_ms, last_ms)) = store::links::span(tx).await? {
        let calendar = calendar(&registry::load(tx).await?.company);
        let last = calendar.week_of(last_ms);
        let all = std::iter::successors(Some(calendar.week_of(first_ms)), |week| Some(week.next()));
        weeks.extend(
            all.take_while(|week| *week <= last)
                .map(|week| week.to_string()),
        );
    }
    let weeks: Vec<String> = weeks.into_iter().collect();
    stored::touch(tx, &weeks).await
}

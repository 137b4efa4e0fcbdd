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
use crate::links::changes::Walk;
use crate::metrics::week::{Calendar, Week};
use crate::store::figures as stored;
use crate::store::registry::{self, Company, Registry};
use crate::store::{self, Db, Tx, touched};

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
/// step is committed at a time, so that a process killed in between loses none and repeats none.
pub async fn refresh(db: &Db, because: &Because, progress: Progress<'_>) -> store::Result<u64> {
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
pub async fn recompute(db: &Db, because: &Because, progress: Progress<'_>) -> store::Result<u64> {
    relink(db, progress).await?;
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    let mut weeks: BTreeSet<String> = stored::weeks(&mut tx).await?.into_iter().collect();
    if let Some((first_ms, last_ms)) = store::links::span(&mut tx).await? {
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
    refresh(db, because, progress).await
}

/// Derives all links again, as after an edit of the registry: those of changes at once, all others
/// with the next refresh. Only weeks that moved are touched.
pub async fn relink(db: &Db, progress: Progress<'_>) -> store::Result<()> {
    let mut walk = Walk::default();
    loop {
        let mut tx = db.write().await?;
        tx.lock_facts().await?;
        let registry = registry::load(&mut tx).await?;
        let Some(moved) = links::changes::relink_next(&mut tx, &registry, &mut walk).await? else {
            touched::everything(&mut tx).await?;
            return tx.commit().await;
        };
        touch(&mut tx, &registry, &moved).await?;
        tx.commit().await?;
        progress("linking changes", walk.done, None);
    }
}

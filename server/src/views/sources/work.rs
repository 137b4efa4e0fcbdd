//! What works behind the pages: freezes, figures that wait, links that are derived again; and where
//! everything is kept.

use app::view::sources::{Database, Frozen, Walk, Work};

use super::local;
use crate::figures;
use crate::metrics::freeze_time::FreezeTime;
use crate::metrics::week::{Calendar, Week};
use crate::store::registry::Registry;
use crate::store::{Result, Tx, engine, figures as stored, jobs, raw, walks, weeks};

pub(super) async fn work(tx: &mut Tx, registry: &Registry, now_ms: i64) -> Result<Work> {
    let calendar = figures::calendar(&registry.company);
    let no_freeze = if registry.company.generated_seed.is_some() {
        Some("a generated company freezes no week by itself".to_owned())
    } else if raw::newest_at(tx).await?.is_none() {
        Some("the first comes after the first records".to_owned())
    } else {
        None
    };
    let walk = walks::next(tx).await?;
    Ok(Work {
        last_freeze: last_freeze(tx, &calendar).await?,
        next_freeze: no_freeze
            .is_none()
            .then(|| next_freeze(registry, &calendar, now_ms)),
        no_freeze,
        freeze_failed: jobs::failed(tx, jobs::FREEZE_WEEK)
            .await?
            .map(|(times, error)| (u64::try_from(times).unwrap_or(0), error)),
        weeks_waiting: stored::touched(tx).await?.len() as u64,
        walk: walk.map(|walk| Walk {
            is_of_registry: walk.cause == walks::REGISTRY,
            changes: u64::try_from(walk.changes).unwrap_or(0),
        }),
    })
}

async fn last_freeze(tx: &mut Tx, calendar: &Calendar) -> Result<Option<Frozen>> {
    let newest = weeks::newest(tx).await?;
    Ok(newest.map(|(week, at_ms)| Frozen {
        week,
        at: local(calendar.zone(calendar.week_of(at_ms)), at_ms),
    }))
}

/// The first freeze that lies ahead.
fn next_freeze(registry: &Registry, calendar: &Calendar, now_ms: i64) -> Frozen {
    let time = FreezeTime::of(registry.company.freeze.as_deref());
    let latest = calendar.week_of(now_ms).previous();
    let is_ahead = |week: &Week| time.at_ms(calendar, *week) > now_ms;
    let week = if is_ahead(&latest) {
        latest
    } else {
        latest.next()
    };
    let at_ms = time.at_ms(calendar, week);
    Frozen {
        week: week.to_string(),
        at: local(calendar.zone(calendar.week_of(at_ms)), at_ms),
    }
}

pub(super) async fn database(tx: &mut Tx) -> Result<Database> {
    let (number, noun) = engine::schema(tx).await?;
    Ok(Database {
        engine: engine::version(tx).await?,
        bytes: u64::try_from(engine::size_bytes(tx).await?).unwrap_or(0),
        schema: format!("{number}, {noun}"),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

//! Freezing a week: what its review shows is kept, and what stands for each of its figures.
//!
//! All of it is one transaction, so that a week is frozen once and whole, or not at all. Each freeze
//! also looks back at earlier weeks and keeps what has settled since; from then on only a restatement
//! moves it.

mod kept;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::figures::{self, Because};
use crate::metrics::freeze_time::{FreezeTime, Past};
use crate::metrics::week::Week;
use crate::store::registry::{self, Registry};
use crate::store::weeks::{self, Snapshot};
use crate::store::{self, Db, Tx, raw, to_json};
use crate::views::{self, review};

/// What a freeze did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Frozen {
    pub week: String,
    pub frozen_at: DateTime<Utc>,
    /// It was frozen before, and nothing was changed.
    pub was_frozen: bool,
    /// How many figures it holds, and how many of them have settled.
    pub figures: usize,
    pub settled: usize,
    /// How many figures of earlier weeks have settled since those froze.
    pub settled_since: usize,
}

/// Why a week is not frozen. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{week} is not over, and only complete weeks freeze; the latest is {latest}")]
    NotOver { week: Week, latest: Week },
    #[error(transparent)]
    View(#[from] views::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Freezes a week, the latest complete one when none is named.
pub async fn freeze(db: &Db, week: Option<Week>, now_ms: i64) -> Result<Frozen, Error> {
    // What is behind is caught up with in small steps first, so that the one below is short.
    figures::refresh(db, &Because::records(now_ms), &|_, _, _| {}).await?;
    let mut tx = db.write().await?;
    let frozen = freeze_within(&mut tx, week, now_ms).await?;
    tx.commit().await?;
    Ok(frozen)
}

/// Freezes a week within a transaction, whose keeper decides whether it stays.
pub async fn freeze_within(tx: &mut Tx, week: Option<Week>, now_ms: i64) -> Result<Frozen, Error> {
    // Nothing arrives until this ends, and once all is caught up nobody else computes either.
    tx.lock_facts().await?;
    figures::differences(tx, &Because::records(now_ms)).await?;
    let registry = registry::load(tx).await?;
    let latest = figures::calendar(&registry.company)
        .week_of(now_ms)
        .previous();
    let week = week.unwrap_or(latest);
    if week > latest {
        return Err(Error::NotOver { week, latest });
    }
    if let Some(before) = weeks::frozen(tx, &week.to_string(), "company").await? {
        return Ok(was_frozen(before));
    }
    let settled_since = kept::settled_since(tx, &registry, now_ms).await?;
    let (figures, settled) = kept::figures(tx, &registry, week, now_ms).await?;
    snapshots(tx, &registry, week, now_ms).await?;
    Ok(Frozen {
        week: week.to_string(),
        frozen_at: instant(now_ms),
        was_frozen: false,
        figures,
        settled,
        settled_since,
    })
}

/// The weeks that are to freeze by now, oldest first. A generated company dates what it receives back,
/// and nobody saw its weeks: of it none freezes by itself.
pub async fn due(db: &Db, now_ms: i64) -> store::Result<Vec<Week>> {
    let mut tx = db.read().await?;
    let company = registry::load(&mut tx).await?.company;
    if company.generated_seed.is_some() {
        return Ok(Vec::new());
    }
    let past = Past {
        last_frozen: last(&weeks::all(&mut tx).await?),
        first_record_ms: raw::oldest_at(&mut tx).await?,
    };
    let time = FreezeTime::of(company.freeze.as_deref());
    Ok(time.due(&figures::calendar(&company), past, now_ms))
}

fn last(weeks: &[String]) -> Option<Week> {
    weeks.last().and_then(|week| week.parse().ok())
}

/// Keeps what the review shows of the company and of each workflow.
async fn snapshots(tx: &mut Tx, registry: &Registry, week: Week, now_ms: i64) -> Result<(), Error> {
    let workflows = registry.workflows.iter();
    let workflows = workflows.map(|workflow| format!("workflow:{}", workflow.slug));
    for scope in std::iter::once("company".to_owned()).chain(workflows) {
        let shown = review::frozen_now(tx, registry, (week, &scope), now_ms).await?;
        let snapshot = Snapshot {
            week: week.to_string(),
            body: to_json("a review", &shown)?,
            scope,
            frozen_at: now_ms,
        };
        weeks::freeze(tx, &snapshot).await?;
    }
    Ok(())
}

fn was_frozen(snapshot: Snapshot) -> Frozen {
    Frozen {
        week: snapshot.week,
        frozen_at: instant(snapshot.frozen_at),
        was_frozen: true,
        figures: 0,
        settled: 0,
        settled_since: 0,
    }
}

fn instant(at_ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at_ms).unwrap_or_default()
}

//! Freezes the weeks that are due.

use crate::freeze::{self, Error, Frozen};
use crate::metrics::week::Week;
use crate::store::jobs::{self, Claim, FREEZE_WEEK};
use crate::store::{self, Db};

/// How long whoever has begun is left alone; it is renewed before each week.
pub const LEASE_MS: i64 = 120_000;

/// Freezes what is due by now, unless another is at it.
pub async fn step(db: &Db, holder: &str, now_ms: i64) -> Result<Vec<Frozen>, Error> {
    let due = freeze::due(db, now_ms).await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let done = each(db, &due, (holder, now_ms)).await;
    let error = done.as_ref().err().map(ToString::to_string);
    let mut tx = db.write().await?;
    jobs::release(&mut tx, FREEZE_WEEK, holder, now_ms, error.as_deref()).await?;
    tx.commit().await?;
    done
}

async fn each(db: &Db, due: &[Week], (holder, now_ms): (&str, i64)) -> Result<Vec<Frozen>, Error> {
    let mut frozen = Vec::new();
    for week in due {
        if !claim(db, holder, now_ms).await? {
            break;
        }
        frozen.push(freeze::freeze(db, Some(*week), now_ms).await?);
    }
    Ok(frozen)
}

async fn claim(db: &Db, holder: &str, now_ms: i64) -> store::Result<bool> {
    let mut tx = db.write().await?;
    let claim = Claim {
        job: FREEZE_WEEK,
        holder,
        now_ms,
        lease_ms: LEASE_MS,
    };
    let taken = jobs::claim(&mut tx, claim).await?;
    tx.commit().await?;
    Ok(taken)
}

//! Who reads a source: one server at a time, by a lease.

use crate::store::jobs::{self, Claim};
use crate::store::{self, Db, Tx};

/// How long whoever reads a source is left alone; it is renewed with each page.
const LEASE_MS: i64 = 10 * 60_000;

fn job(source: &str) -> String {
    format!("pull {source}")
}

/// Takes the lease; false where another holds it.
pub(super) async fn claim(
    db: &Db,
    source: &str,
    (holder, now_ms): (&str, i64),
) -> store::Result<bool> {
    let mut tx = db.write().await?;
    let taken = lease(&mut tx, source, (holder, now_ms)).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Takes or renews it, within a transaction.
pub(super) async fn lease(
    tx: &mut Tx,
    source: &str,
    (holder, now_ms): (&str, i64),
) -> store::Result<bool> {
    let job = job(source);
    let claim = Claim {
        job: &job,
        holder,
        now_ms,
        lease_ms: LEASE_MS,
    };
    jobs::claim(tx, claim).await
}

/// Gives it back, with what was in the way.
pub(super) async fn release(
    db: &Db,
    source: &str,
    (holder, now_ms): (&str, i64),
    error: Option<&str>,
) -> store::Result<()> {
    let mut tx = db.write().await?;
    jobs::release(&mut tx, &job(source), holder, now_ms, error).await?;
    tx.commit().await
}

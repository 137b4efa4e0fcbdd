//! Leases: work that only one server may do at a time.

use super::db::on;
use super::{Result, Tx};

/// The job that freezes weeks.
pub const FREEZE_WEEK: &str = "freeze_week";

/// How often in a row a job failed, and why last; none when it went well.
pub async fn failed(tx: &mut Tx, job: &str) -> Result<Option<(i64, String)>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT failures, last_error FROM jobs WHERE name = $1 AND failures > 0 AND last_error IS NOT NULL",
    )
    .bind(job)
    .fetch_optional(conn)
    .await)?)
}

/// Who wants a job, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    pub job: &'a str,
    pub holder: &'a str,
    pub now_ms: i64,
    pub lease_ms: i64,
}

/// A job as it stands.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Job {
    pub name: String,
    pub holder: Option<String>,
    pub lease_until: Option<i64>,
    /// How often in a row it failed.
    pub failures: i64,
    pub last_error: Option<String>,
}

/// All jobs that were ever begun, by name.
pub async fn all(tx: &mut Tx) -> Result<Vec<Job>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT name, holder, lease_until, failures, last_error FROM jobs ORDER BY name",
    )
    .fetch_all(conn)
    .await)?)
}

/// Takes or renews the lease; false while another's has not run out.
pub async fn claim(tx: &mut Tx, claim: Claim<'_>) -> Result<bool> {
    let taken = on!(tx, conn => sqlx::query(
        "INSERT INTO jobs (name, holder, lease_until, started_at, failures) VALUES ($1, $2, $3, $4, 0) \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until, \
         started_at = excluded.started_at \
         WHERE jobs.holder IS NULL OR jobs.holder = excluded.holder OR jobs.lease_until <= $4",
    )
    .bind(claim.job)
    .bind(claim.holder)
    .bind(claim.now_ms + claim.lease_ms)
    .bind(claim.now_ms)
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(taken > 0)
}

/// Gives all leases of a holder back, unfinished.
pub async fn give_up(tx: &mut Tx, holder: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("UPDATE jobs SET holder = NULL, lease_until = NULL WHERE holder = $1")
        .bind(holder)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Gives the lease back and notes how it went.
pub async fn release(
    tx: &mut Tx,
    job: &str,
    holder: &str,
    now_ms: i64,
    error: Option<&str>,
) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "UPDATE jobs SET holder = NULL, lease_until = NULL, finished_at = $3, last_error = $4, \
         failures = CASE WHEN $4 IS NULL THEN 0 ELSE failures + 1 END WHERE name = $1 AND holder = $2",
    )
    .bind(job)
    .bind(holder)
    .bind(now_ms)
    .bind(error)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

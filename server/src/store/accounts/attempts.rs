//! Failed sign-ins, counted by key within a window that the first failure opens.

use crate::store::db::on;
use crate::store::{Result, Tx};

/// How many failures a key has in its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Failures {
    pub window_start: i64,
    pub failures: i64,
}

/// Counts one more failure and returns the count with it; a window that began by
/// `window_over_since` is over, and a new one opens now.
pub async fn count(tx: &mut Tx, key: &str, now: i64, window_over_since: i64) -> Result<Failures> {
    Ok(on!(tx, conn => sqlx::query_as(
        "INSERT INTO sign_in_attempts (key, window_start, failures) VALUES ($1, $2, 1)
         ON CONFLICT (key) DO UPDATE SET
             failures = CASE WHEN sign_in_attempts.window_start <= $3
                 THEN 1 ELSE sign_in_attempts.failures + 1 END,
             window_start = CASE WHEN sign_in_attempts.window_start <= $3
                 THEN $2 ELSE sign_in_attempts.window_start END
         RETURNING window_start, failures",
    )
    .bind(key)
    .bind(now)
    .bind(window_over_since)
    .fetch_one(conn)
    .await)?)
}

/// Takes one failure back, because it was none.
pub async fn take_back(tx: &mut Tx, key: &str) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "UPDATE sign_in_attempts SET failures = failures - 1 WHERE key = $1 AND failures > 0",
    )
    .bind(key)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Forgets a key's failures.
pub async fn forget(tx: &mut Tx, key: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM sign_in_attempts WHERE key = $1")
        .bind(key)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Forgets windows that are over.
pub async fn prune(tx: &mut Tx, window_over_since: i64) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM sign_in_attempts WHERE window_start <= $1")
        .bind(window_over_since)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

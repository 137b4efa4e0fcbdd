//! Frozen weeks: the judged result as it was shown, and what moved later.

use super::db::on;
use super::{Result, Tx};

/// What was shown for a week and scope when it froze.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Snapshot {
    pub week: String,
    pub scope: String,
    pub frozen_at: i64,
    /// The judged view, in JSON.
    pub body: String,
}

/// Keeps a snapshot; the first one stays, and false says that there was one.
pub async fn freeze(tx: &mut Tx, snapshot: &Snapshot) -> Result<bool> {
    let kept = on!(tx, conn => sqlx::query(
        "INSERT INTO snapshots (week, scope, frozen_at, body) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (week, scope) DO NOTHING",
    )
    .bind(&snapshot.week)
    .bind(&snapshot.scope)
    .bind(snapshot.frozen_at)
    .bind(&snapshot.body)
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(kept > 0)
}

/// What was shown for a week and scope, if it is frozen.
pub async fn frozen(tx: &mut Tx, week: &str, scope: &str) -> Result<Option<Snapshot>> {
    Ok(
        on!(tx, conn => sqlx::query_as("SELECT week, scope, frozen_at, body FROM snapshots WHERE week = $1 AND scope = $2")
        .bind(week)
        .bind(scope)
        .fetch_optional(conn)
        .await)?,
    )
}

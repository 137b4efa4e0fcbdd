//! Walks through all changes that link them again, as after an edit of the registry.
//!
//! Whoever changes what all links rest on begins one in the same transaction; it is kept until all
//! that follows from it is computed, so that a process killed in between leaves it to the next.

use super::db::on;
use super::{Result, Tx};

/// Causes: the registry was edited, or everything is derived again.
pub const REGISTRY: &str = "registry";
pub const ANEW: &str = "anew";

/// How far a walk has come.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Walk {
    pub cause: String,
    /// The last change that was linked again.
    pub service: String,
    pub id: String,
    /// How many were.
    pub changes: i64,
    /// All changes are linked, and all that rests on them is marked.
    pub is_through: bool,
}

/// Begins a walk, from the first change on also where one was under way.
pub async fn begin(tx: &mut Tx, cause: &str) -> Result<()> {
    let walk = Walk {
        cause: cause.to_owned(),
        service: String::new(),
        id: String::new(),
        changes: 0,
        is_through: false,
    };
    put(tx, &walk).await
}

/// A walk that is not over; that of the registry first, so that what it moves is laid to it.
pub async fn next(tx: &mut Tx) -> Result<Option<Walk>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT cause, service, id, changes, is_through <> 0 AS is_through FROM walks ORDER BY cause DESC LIMIT 1",
    )
    .fetch_optional(conn)
    .await)?)
}

/// Keeps how far a walk has come.
pub async fn put(tx: &mut Tx, walk: &Walk) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO walks (cause, service, id, changes, is_through) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (cause) DO UPDATE SET service = excluded.service, id = excluded.id, \
         changes = excluded.changes, is_through = excluded.is_through",
    )
    .bind(&walk.cause)
    .bind(&walk.service)
    .bind(&walk.id)
    .bind(walk.changes)
    .bind(i64::from(walk.is_through))
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Ends a walk once all that follows from it is computed, unless it has begun again meanwhile.
pub async fn end(tx: &mut Tx, cause: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM walks WHERE cause = $1 AND is_through <> 0")
        .bind(cause)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

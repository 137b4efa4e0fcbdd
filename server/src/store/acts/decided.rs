//! The acts over what executives decide of the answer: the margin, the baseline, the two metrics.

use super::Kept;
use crate::store::db::on;
use crate::store::{Result, Tx};

/// What these acts are over.
pub const COMPANY: &str = "company";
/// Their kinds.
pub const MARGIN: &str = "margin";
pub const BASELINE: &str = "baseline";
pub const DECIDING: &str = "deciding_metrics";

/// The last act of a kind up to an instant.
pub async fn latest(tx: &mut Tx, kind: &str, until_ms: i64) -> Result<Option<Kept>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT number, at, by_whom, kind, subject, before, after, hash FROM acts \
         WHERE kind = $1 AND subject = $2 AND at <= $3 ORDER BY number DESC LIMIT 1",
    )
    .bind(kind)
    .bind(COMPANY)
    .bind(until_ms)
    .fetch_optional(conn)
    .await)?)
}

//! How much each source brought, by the hour: what was new, known already, or refused.
//!
//! Unlike receipts it counts what brought nothing new as well, so that one sees a source that still
//! sends but has nothing to say. Hours are of UTC; a source is what a record names, else who sent it.

use super::db::on;
use super::{Result, Tx};

/// The length of the spans that arrivals are counted in.
pub const HOUR_MS: i64 = 3_600_000;

/// What a source brought to a stream within an hour.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Arrival {
    pub source: String,
    pub stream: String,
    /// The newest delivery in the hour.
    pub last_at: i64,
    pub deliveries: i64,
    /// New, or newer than what was there.
    pub accepted: i64,
    /// Known already.
    pub repeated: i64,
    pub refused: i64,
}

/// Adds what a delivery brought.
pub async fn add(tx: &mut Tx, arrival: &Arrival) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO arrivals (source, stream, hour_at, last_at, deliveries, accepted, repeated, refused) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
         ON CONFLICT (source, stream, hour_at) DO UPDATE SET \
         last_at = CASE WHEN excluded.last_at > arrivals.last_at THEN excluded.last_at ELSE arrivals.last_at END, \
         deliveries = arrivals.deliveries + excluded.deliveries, accepted = arrivals.accepted + excluded.accepted, \
         repeated = arrivals.repeated + excluded.repeated, refused = arrivals.refused + excluded.refused",
    )
    .bind(&arrival.source)
    .bind(&arrival.stream)
    .bind(arrival.last_at.div_euclid(HOUR_MS) * HOUR_MS)
    .bind(arrival.last_at)
    .bind(arrival.deliveries)
    .bind(arrival.accepted)
    .bind(arrival.repeated)
    .bind(arrival.refused)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// What a source brought to a stream in all, and when last.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Total {
    pub source: String,
    pub stream: String,
    pub first_at: i64,
    pub last_at: i64,
    pub accepted: i64,
}

/// All that ever brought something, by source and stream.
pub async fn totals(tx: &mut Tx) -> Result<Vec<Total>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT source, stream, MIN(hour_at) AS first_at, MAX(last_at) AS last_at, \
         CAST(SUM(accepted) AS BIGINT) AS accepted FROM arrivals GROUP BY source, stream ORDER BY source, stream",
    )
    .fetch_all(conn)
    .await)?)
}

/// What was new of a source in spans of this length, counted back from an instant: span 0 ends there.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Span {
    pub source: String,
    pub back: i64,
    pub accepted: i64,
}

/// Of every source the spans in which something came, back to `spans` of them.
pub async fn spans(
    tx: &mut Tx,
    until_ms: i64,
    (length_ms, spans): (i64, i64),
) -> Result<Vec<Span>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT source, ($1 - hour_at) / $2 AS back, CAST(SUM(accepted) AS BIGINT) AS accepted FROM arrivals \
         WHERE hour_at <= $1 AND hour_at > $3 GROUP BY 1, 2 ORDER BY 1, 2",
    )
    .bind(until_ms)
    .bind(length_ms)
    .bind(until_ms - length_ms * spans)
    .fetch_all(conn)
    .await)?)
}

/// The newest hours of a source, the newest first.
pub async fn latest(tx: &mut Tx, source: &str, limit: i64) -> Result<Vec<Arrival>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT source, stream, last_at, deliveries, accepted, repeated, refused FROM arrivals \
         WHERE source = $1 ORDER BY hour_at DESC, last_at DESC, stream LIMIT $2",
    )
    .bind(source)
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

//! When each source last brought something new to a stream.
//!
//! A source is what a record names as its `source`, else who sent it. A delivery that brought nothing
//! new leaves no receipt, as it leaves no raw row: sending the same again does not make a source look
//! alive.

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::{Result, Tx};

/// The newest arrival from a source in a stream.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Receipt {
    pub source: String,
    pub stream: String,
    pub received_at: i64,
}

/// Keeps an arrival, unless a newer one is kept already.
pub async fn keep(tx: &mut Tx, receipt: &Receipt) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO receipts (source, stream, received_at) VALUES ($1, $2, $3) \
         ON CONFLICT (source, stream) DO UPDATE SET received_at = excluded.received_at \
         WHERE excluded.received_at > receipts.received_at",
    )
    .bind(&receipt.source)
    .bind(&receipt.stream)
    .bind(receipt.received_at)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The newest arrival in each stream, whichever source it came from.
pub async fn newest_by_stream(tx: &mut Tx) -> Result<Vec<Receipt>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT '' AS source, stream, MAX(received_at) AS received_at FROM receipts \
         GROUP BY stream ORDER BY stream",
    )
    .fetch_all(conn)
    .await)?)
}

/// The newest arrivals from these sources, by source and stream.
pub async fn newest(tx: &mut Tx, sources: &[&str]) -> Result<Vec<Receipt>> {
    let mut found = Vec::new();
    for sources in sources.chunks(MAX_BINDS) {
        let rows: Vec<Receipt> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT source, stream, received_at FROM receipts WHERE source IN (",
            );
            push_ids(&mut query, sources);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    found.sort_unstable_by(|a, b| (&a.source, &a.stream).cmp(&(&b.source, &b.stream)));
    Ok(found)
}

//! Deliveries as they came, redacted and compressed; and the records that could not be taken in.

use std::collections::HashMap;
use std::io::BufRead;

use sqlx::QueryBuilder;
use tokio::task::JoinHandle;

use super::db::on;
use super::packed::Packed;
use super::{Error, Result, Tx};

/// One delivery: canonical records, one a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// From the content, so that the same delivery is the same row.
    pub id: String,
    pub source: String,
    pub stream: String,
    pub received_at: i64,
    pub records: i64,
    /// NDJSON, not compressed.
    pub body: String,
}

/// A record that was refused, kept so that nothing is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub id: String,
    pub source: String,
    pub stream: String,
    pub record_id: Option<String>,
    pub field: Option<String>,
    pub reason: String,
    pub received_at: i64,
    pub body: String,
}

/// A delivery that is being compressed.
pub struct Packing {
    delivery: Delivery,
    body: JoinHandle<Result<Packed>>,
}

/// Begins to compress a delivery, on a thread of its own; its rows can be written meanwhile.
pub fn pack(mut delivery: Delivery) -> Packing {
    let body = std::mem::take(&mut delivery.body);
    Packing {
        delivery,
        body: tokio::task::spawn_blocking(move || Packed::of(&body)),
    }
}

/// Keeps a delivery; a second copy of the same changes nothing.
pub async fn keep(tx: &mut Tx, packing: Packing) -> Result<()> {
    let Packing { delivery, body } = packing;
    let body = body.await.map_err(unreadable)??;
    on!(tx, conn => sqlx::query(
        "INSERT INTO raw (id, source, stream, received_at, records, body) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (id) DO NOTHING",
    )
    .bind(&delivery.id)
    .bind(&delivery.source)
    .bind(&delivery.stream)
    .bind(delivery.received_at)
    .bind(delivery.records)
    .bind(body)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Sets a refused record aside.
pub async fn keep_refused(tx: &mut Tx, refused: &Refused) -> Result<()> {
    let body = Packed::of(&refused.body)?;
    on!(tx, conn => sqlx::query(
        "INSERT INTO raw_refused (id, source, stream, record_id, field, reason, received_at, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&refused.id)
    .bind(&refused.source)
    .bind(&refused.stream)
    .bind(&refused.record_id)
    .bind(&refused.field)
    .bind(&refused.reason)
    .bind(refused.received_at)
    .bind(&body)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// A record that was set aside, without its body.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Aside {
    pub stream: String,
    pub record_id: Option<String>,
    pub field: Option<String>,
    pub reason: String,
    pub received_at: i64,
}

/// The records of a source that were set aside: how many, and the latest of them.
pub async fn set_aside(tx: &mut Tx, source: &str, limit: i64) -> Result<(Vec<Aside>, i64)> {
    let latest = on!(tx, conn => sqlx::query_as(
        "SELECT stream, record_id, field, reason, received_at FROM raw_refused \
         WHERE source = $1 ORDER BY received_at DESC, id LIMIT $2",
    )
    .bind(source)
    .bind(limit)
    .fetch_all(conn)
    .await)?;
    let count = on!(tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM raw_refused WHERE source = $1")
        .bind(source)
        .fetch_one(conn)
        .await)?;
    Ok((latest, count))
}

/// How many records of each stream were set aside.
pub async fn refused_by_stream(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT stream, COUNT(*) FROM raw_refused GROUP BY stream ORDER BY stream",
    )
    .fetch_all(conn)
    .await)?)
}

/// Where records are kept as they came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Taken,
    Refused,
}

impl Kept {
    /// The name of its table.
    pub fn table(self) -> &'static str {
        match self {
            Kept::Taken => "raw",
            Kept::Refused => "raw_refused",
        }
    }
}

/// The next `limit` bodies after this id, by id: for walking through all of them.
pub async fn bodies_after(
    tx: &mut Tx,
    kept: Kept,
    id: &str,
    limit: i64,
) -> Result<Vec<(String, String)>> {
    let rows: Vec<(String, Packed)> = on!(tx, conn => {
        let mut query = QueryBuilder::new("SELECT id, body FROM ");
        query.push(kept.table()).push(" WHERE id > ").push_bind(id);
        query.push(" ORDER BY id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })?;
    let read = |(id, body): (String, Packed)| Ok((id, body.text()?));
    rows.into_iter().map(read).collect()
}

/// Writes a body over what was there.
pub async fn replace_body(tx: &mut Tx, kept: Kept, id: &str, body: &str) -> Result<()> {
    let body = Packed::of(body)?;
    on!(tx, conn => {
        let mut query = QueryBuilder::new("UPDATE ");
        query.push(kept.table()).push(" SET body = ").push_bind(&body);
        query.push(" WHERE id = ").push_bind(id);
        query.build().execute(conn).await.map(|_| ())
    })?;
    Ok(())
}

/// One record of a delivery, in canonical JSON, if the delivery is still kept.
pub async fn record(tx: &mut Tx, raw_id: &str, ordinal: i64) -> Result<Option<String>> {
    let body: Option<Packed> = on!(tx, conn => sqlx::query_scalar("SELECT body FROM raw WHERE id = $1")
        .bind(raw_id)
        .fetch_optional(conn)
        .await)?;
    let Some(body) = body else { return Ok(None) };
    let text = body.text()?;
    let line = usize::try_from(ordinal)
        .ok()
        .and_then(|at| text.lines().nth(at));
    Ok(line.map(str::to_owned))
}

/// Some records of a delivery, in the asked order: in canonical JSON, and none of one that is not there.
pub async fn records(tx: &mut Tx, raw_id: &str, ordinals: &[i64]) -> Result<Vec<Option<String>>> {
    let body: Option<Packed> = on!(tx, conn => sqlx::query_scalar("SELECT body FROM raw WHERE id = $1")
        .bind(raw_id)
        .fetch_optional(conn)
        .await)?;
    let Some(body) = body else {
        return Ok(vec![None; ordinals.len()]);
    };
    let found = lines(&body, ordinals)?;
    Ok(ordinals.iter().map(|at| found.get(at).cloned()).collect())
}

/// These lines of a body, which is not unpacked beyond the last of them.
fn lines(body: &Packed, ordinals: &[i64]) -> Result<HashMap<i64, String>> {
    let last = ordinals.iter().copied().max().unwrap_or(-1);
    let mut text = body.reader()?;
    let mut found = HashMap::new();
    let mut line = Vec::new();
    for at in 0..=last {
        line.clear();
        if text.read_until(b'\n', &mut line).map_err(unreadable)? == 0 {
            break;
        }
        if ordinals.contains(&at) {
            let line = std::str::from_utf8(&line).map_err(unreadable)?;
            found.insert(at, line.trim_end_matches('\n').to_owned());
        }
    }
    Ok(found)
}

/// When the newest delivery arrived.
pub async fn newest_at(tx: &mut Tx) -> Result<Option<i64>> {
    Ok(
        on!(tx, conn => sqlx::query_scalar("SELECT MAX(received_at) FROM raw").fetch_one(conn).await)?,
    )
}

/// When the first delivery arrived.
pub async fn oldest_at(tx: &mut Tx) -> Result<Option<i64>> {
    Ok(
        on!(tx, conn => sqlx::query_scalar("SELECT MIN(received_at) FROM raw").fetch_one(conn).await)?,
    )
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Unreadable {
        what: "a raw delivery",
        reason: error.to_string(),
    }
}

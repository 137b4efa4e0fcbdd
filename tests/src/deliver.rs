//! Records handed to ingest, as pushes and imports hand them.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use server::figures::{self, Because};
use server::ingest::{self, Delivery, Outcome, StreamName};
use server::store::Db;
use server::store::registry::{self, Kind};

/// When everything in the suite is received; no test looks at a clock.
pub const RECEIVED_AT_MS: i64 = 1_795_000_000_000;

/// Takes one delivery of texts in.
pub async fn texts(db: &Db, stream: StreamName, records: &[&str]) -> Outcome {
    texts_at(db, stream, records, RECEIVED_AT_MS).await
}

/// Takes one delivery of records in.
pub async fn records(db: &Db, stream: StreamName, records: &[Value]) -> Outcome {
    records_at(db, stream, records, RECEIVED_AT_MS).await
}

/// The same, received at an instant.
pub async fn records_at(
    db: &Db,
    stream: StreamName,
    records: &[Value],
    received_at_ms: i64,
) -> Outcome {
    let lines: Vec<String> = records.iter().map(Value::to_string).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    texts_at(db, stream, &lines, received_at_ms).await
}

async fn texts_at(db: &Db, stream: StreamName, records: &[&str], received_at_ms: i64) -> Outcome {
    let delivery = Delivery {
        source: "test",
        records,
        received_at_ms,
    };
    ingest::take(db, stream, delivery).await.unwrap()
}

/// Takes records in that must all be good, and brings the figures up to date.
pub async fn good(db: &Db, stream: StreamName, these: &[Value]) {
    let outcome = records(db, stream, these).await;
    assert_eq!(outcome.refused, []);
    refresh(db).await;
}

/// Brings the figures up to date.
pub async fn refresh(db: &Db) -> u64 {
    let because = Because::records(RECEIVED_AT_MS);
    figures::refresh(db, &because, &|_, _, _| {}).await.unwrap()
}

/// Derives and computes everything again from the domain rows.
pub async fn recompute(db: &Db) -> u64 {
    figures::recompute(db, RECEIVED_AT_MS, &|_, _, _| {})
        .await
        .unwrap()
}

/// Declares something.
pub async fn declare(db: &Db, kind: Kind, key: &str, body: Value) {
    let mut tx = db.write().await.unwrap();
    registry::put(&mut tx, kind, key, &body.to_string())
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

/// Records of several streams in an order, and in deliveries of a size, that only the seed knows.
pub async fn shuffled(db: &Db, records: &[(StreamName, String)], seed: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut order: Vec<&(StreamName, String)> = records.iter().collect();
    order.shuffle(&mut random);
    let size = 1 + (seed as usize * 7) % 23;
    for batch in order.chunks(size) {
        for stream in StreamName::ALL {
            let lines: Vec<&str> = batch
                .iter()
                .filter(|(of, _)| *of == stream)
                .map(|(_, line)| line.as_str())
                .collect();
            if !lines.is_empty() {
                assert_eq!(texts(db, stream, &lines).await.refused, []);
            }
        }
        // Half of the runs bring the figures up to date after each delivery, half once at the end.
        if seed.is_multiple_of(2) {
            refresh(db).await;
        }
    }
    refresh(db).await;
}

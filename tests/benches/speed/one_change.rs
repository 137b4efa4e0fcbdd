//! One new change in a large database, against computing everything again.

use std::time::Instant;

use anyhow::{Result, ensure};
use chrono::Utc;
use server::figures::{self, Because};
use server::ingest::{self, Delivery, StreamName};

use crate::answer::{Answer, Bound};
use crate::company::{Company, open};
use crate::times::{median, ms, quantile};

const RUNS: i64 = 9;

pub async fn answer(company: &Company) -> Result<Answer> {
    let db = open(&company.imported("many")?).await?;
    let mut record = company.newest_merged()?;
    let now_ms = Utc::now().timestamp_millis();
    let mut spent = Vec::new();
    for run in 0..RUNS {
        record["id"] = format!("one-more-{}", now_ms + run).into();
        let text = record.to_string();
        let delivery = Delivery {
            source: "bench",
            records: &[&text],
            received_at_ms: now_ms,
        };
        let began = Instant::now();
        let outcome = ingest::take(&db, StreamName::Changes, delivery).await?;
        let weeks = figures::refresh(&db, &Because::records(now_ms), &|_, _, _| {}).await?;
        spent.push(began.elapsed());
        ensure!(
            (outcome.accepted, weeks) == (1, 1),
            "{outcome:?}, {weeks} weeks"
        );
    }
    let began = Instant::now();
    let weeks = figures::recompute(&db, now_ms, &|_, _, _| {}).await?;
    let full = began.elapsed();
    db.close().await;
    println!(
        "  one change until figures are current: {:.1} ms (from {:.1} to {:.1} in {RUNS} runs)",
        ms(median(&spent)),
        ms(quantile(&spent, 0.0)),
        ms(quantile(&spent, 1.0)),
    );
    println!(
        "  everything again: {:.1} s for {weeks} weeks",
        full.as_secs_f64()
    );
    Ok(Answer {
        what: "one new change, of the time of a full computation",
        value: 100.0 * median(&spent).as_secs_f64() / full.as_secs_f64(),
        unit: "%",
        bound: Bound::Under(1.0),
    })
}

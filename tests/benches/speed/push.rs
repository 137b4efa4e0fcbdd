//! Pushing changes, against a bare loop that inserts the rows the push wrote.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use server::auth::role::Scope;
use server::auth::token;
use server::ingest::{self, Delivery, StreamName};
use tests::app::App;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::answer::{Answer, Bound};
use crate::bare::{BATCH, Rows};
use crate::company::{Company, PUSHED, open};
use crate::times::{median, seconds};

/// What a push of changes writes.
const TABLES: [&str; 4] = ["raw", "changes", "change_links", "change_commits"];
/// Of each, one after the other.
const RUNS: usize = 3;

pub async fn answer(company: &Company) -> Result<Answer> {
    let records = company.first_records((PUSHED as f64 * company.scale) as usize)?;
    let (mut pushes, mut pairs, mut takes) = (vec![], vec![], vec![]);
    let (mut bares, mut directs) = (vec![], vec![]);
    for _ in 0..RUNS {
        pairs.push(push(company, &records, 2).await?.0);
        let (spent, rows) = push(company, &records, 1).await?;
        pushes.push(spent);
        bares.push(rows.insert(&company.declared("bare")?, |_| {}).await?);
        directs.push(rows.insert_directly(&company.declared("bare")?)?);
        takes.push(take(company, &records).await?);
    }
    println!("  pushed over HTTP:    {}", seconds(&pushes));
    println!("  by two at a time:    {}", seconds(&pairs));
    println!("  taken without HTTP:  {}", seconds(&takes));
    println!("  bare loop:           {}", seconds(&bares));
    println!("  without a driver:    {}", seconds(&directs));
    let rate = records.len() as f64 / median(&pushes).as_secs_f64();
    println!("  {} records, {rate:.0} a second pushed", records.len());
    let of_direct = median(&directs).as_secs_f64() / median(&pushes).as_secs_f64();
    println!("  {of_direct:.2} of what a loop without a driver reaches");
    Ok(Answer {
        what: "push ingest, of what a bare loop reaches",
        value: median(&bares).as_secs_f64() / median(&pushes).as_secs_f64(),
        unit: "",
        bound: Bound::AtLeast(0.5),
    })
}

/// Pushes to a server on loopback over this many connections; also answers the rows it wrote.
async fn push(
    company: &Company,
    records: &[String],
    connections: usize,
) -> Result<(Duration, Rows)> {
    let url = company.declared("pushed")?;
    let app = App::start(&url).await?;
    let token = token::create(&app.db, "bench", Scope::Ingest, app.now())
        .await?
        .context("the token is there already")?;
    let batches = records.chunks(BATCH).map(|batch| batch.join("\n"));
    let bodies = Arc::new(Mutex::new(batches.collect::<VecDeque<_>>()));
    let address = format!("{}/api/v1/records/changes", app.url);
    let began = Instant::now();
    let mut pushing = JoinSet::new();
    for _ in 0..connections {
        let request = Client::new().post(&address).bearer_auth(token.reveal());
        let bodies = Arc::clone(&bodies);
        pushing.spawn(async move {
            loop {
                let next = bodies.lock().await.pop_front();
                let Some(body) = next else { return Ok(()) };
                let request = request.try_clone().context("a body is in the way")?;
                let response = request.body(body).send().await?;
                ensure!(response.status().is_success(), "{}", response.text().await?);
                response.bytes().await?;
            }
        });
    }
    while let Some(pushed) = pushing.join_next().await {
        pushed??;
    }
    let spent = began.elapsed();
    app.db.close().await;
    let rows = Rows::written_to(&url, &TABLES, records.len().div_ceil(BATCH))?;
    let counts = rows.counts();
    ensure!(
        counts[1..3] == [records.len(); 2],
        "rows are missing: {counts:?}"
    );
    Ok((spent, rows))
}

async fn take(company: &Company, records: &[String]) -> Result<Duration> {
    let db = open(&company.declared("taken")?).await?;
    let texts: Vec<&str> = records.iter().map(String::as_str).collect();
    let began = Instant::now();
    for records in texts.chunks(BATCH) {
        let delivery = Delivery {
            source: "bench",
            records,
            received_at_ms: 0,
        };
        ingest::take(&db, StreamName::Changes, delivery).await?;
    }
    let spent = began.elapsed();
    db.close().await;
    Ok(spent)
}

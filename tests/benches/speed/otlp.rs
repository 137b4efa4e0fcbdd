//! Taking traces in, against a bare loop that decodes the same bytes and inserts the same rows.
//!
//! Bodies are encoded beforehand. Answered is durable and can be read; beside it stands how long it takes
//! until the runs are put together and their figures current.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use server::auth::role::Scope;
use server::auth::token;
use server::otlp::{Encoding, Reading, traces};
use server::store::{figures, touched};
use tests::app::App;
use tests::database::Database;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::answer::{Answer, Bound};
use crate::bare::Rows;
use crate::times::{median, seconds};

/// Of each, one after the other.
const RUNS: usize = 3;
/// Traces a body, of so many spans each.
const TRACES: usize = 100;
const SPANS: usize = 10;
/// When the runs began, in nanoseconds since 1970.
const BEGAN: u64 = 1_794_916_800_000_000_000;
/// Milliseconds since 1970, later than any span.
const NOW_MS: i64 = 1_794_920_000_000;

pub async fn answer(scale: f64) -> Result<Vec<Answer>> {
    let mut answers = Vec::new();
    for (spans, what) in [
        (
            20_000,
            "taking 20,000 spans in, of what a bare loop reaches",
        ),
        (
            200_000,
            "taking 200,000 spans in, of what a bare loop reaches",
        ),
    ] {
        answers.push(of(((spans as f64 * scale) as usize).max(TRACES * SPANS), what).await?);
    }
    Ok(answers)
}

async fn of(spans: usize, what: &'static str) -> Result<Answer> {
    let bodies: Vec<Vec<u8>> = (0..spans / (TRACES * SPANS)).map(body).collect();
    let bytes: usize = bodies.iter().map(Vec::len).sum();
    let (mut taken, mut current, mut bares) = (vec![], vec![], vec![]);
    for _ in 0..RUNS {
        let database = Database::sqlite();
        let (spent, until_current) = send(&database, &bodies).await?;
        taken.push(spent);
        current.push(until_current);
        let rows = Rows::written_to(&database.url, &["trace_parts"], bodies.len())?;
        ensure!(
            rows.counts() == [bodies.len() * TRACES * SPANS],
            "spans are missing"
        );
        let empty = Database::sqlite();
        empty.open().await.close().await;
        bares.push(rows.insert(&empty.url, |at| decode(&bodies[at])).await?);
    }
    let rate = |times: &[Duration]| spans as f64 / median(times).as_secs_f64();
    println!("  {spans} spans of {} bytes", bytes / spans);
    println!(
        "  answered:     {}, {:.0} spans a second",
        seconds(&taken),
        rate(&taken)
    );
    println!(
        "  runs current: {}, {:.0} spans a second",
        seconds(&current),
        rate(&current)
    );
    println!("  bare loop:    {}", seconds(&bares));
    Ok(Answer {
        what,
        value: median(&bares).as_secs_f64() / median(&taken).as_secs_f64(),
        unit: "",
        bound: Bound::AtLeast(1.0 / 3.0),
    })
}

fn decode(body: &[u8]) {
    let reading = Reading {
        received_at: NOW_MS,
        keeps_bodies: false,
    };
    let read = traces(body, Encoding::Protobuf, reading);
    std::hint::black_box(read.is_ok());
}

/// Sends all bodies over two connections; answers how long until all are acknowledged, and until what
/// they tell is counted.
async fn send(database: &Database, bodies: &[Vec<u8>]) -> Result<(Duration, Duration)> {
    let app = App::start(&database.url).await?;
    let token = token::create(&app.db, "bench", Scope::Operator, app.now())
        .await?
        .context("the token is there already")?;
    let waiting: VecDeque<Vec<u8>> = bodies.iter().cloned().collect();
    let waiting = Arc::new(Mutex::new(waiting));
    let address = format!("{}/v1/traces", app.url);
    let began = Instant::now();
    let mut sending = JoinSet::new();
    for _ in 0..2 {
        let request = Client::new().post(&address).bearer_auth(token.reveal());
        let request = request.header("content-type", "application/x-protobuf");
        let waiting = Arc::clone(&waiting);
        sending.spawn(async move {
            loop {
                let next = waiting.lock().await.pop_front();
                let Some(body) = next else { return Ok(()) };
                let request = request.try_clone().context("a body is in the way")?;
                let response = request.body(body).send().await?;
                ensure!(response.status().is_success(), "{}", response.status());
                ensure!(response.bytes().await?.is_empty(), "some were refused");
            }
        });
    }
    while let Some(sent) = sending.join_next().await {
        sent??;
    }
    let taken = began.elapsed();
    while is_behind(&app).await? {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let current = began.elapsed();
    app.db.close().await;
    Ok((taken, current))
}

/// Whether something that came is not counted yet.
async fn is_behind(app: &App) -> Result<bool> {
    let mut tx = app.db.read().await?;
    let weeks = figures::touched(&mut tx).await?;
    Ok(!weeks.is_empty() || touched::any(&mut tx).await?)
}

/// A request of a hundred traces, each an agent with calls of models and tools.
fn body(number: usize) -> Vec<u8> {
    let spans = (0..TRACES * SPANS).flat_map(|at| {
        let trace = (number * TRACES + at / SPANS + 1) as u128;
        field(2, &span(trace, (at % SPANS) as u64))
    });
    let scope: Vec<u8> = spans.collect();
    field(1, &field(2, &scope))
}

fn span(trace: u128, at: u64) -> Vec<u8> {
    let start = BEGAN + at * 1_000_000_000;
    let mut span = field(1, &trace.to_be_bytes());
    span.extend(field(2, &(at + 1).to_be_bytes()));
    if at > 0 {
        span.extend(field(4, &1_u64.to_be_bytes()));
    }
    span.extend(field(5, b"work"));
    span.extend(fixed(7, start));
    span.extend(fixed(8, start + 900_000_000));
    for (key, value) in attributes(at) {
        let value = field(1, value.as_bytes());
        let pair = [field(1, key.as_bytes()), field(2, &value)].concat();
        span.extend(field(9, &pair));
    }
    span
}

fn attributes(at: u64) -> Vec<(&'static str, String)> {
    let text = "Where is my order, and when will it come? ".repeat(17);
    let mut attributes = match at {
        0 => vec![
            ("gen_ai.operation.name", "invoke_agent".to_owned()),
            ("gen_ai.agent.name", "refund-agent".to_owned()),
        ],
        at if at % 2 == 0 => vec![
            ("gen_ai.operation.name", "chat".to_owned()),
            ("gen_ai.request.model", "m-large".to_owned()),
            ("gen_ai.usage.input_tokens", "1200".to_owned()),
            ("gen_ai.usage.output_tokens", "120".to_owned()),
        ],
        _ => vec![
            ("gen_ai.operation.name", "execute_tool".to_owned()),
            ("gen_ai.tool.name", "find_order".to_owned()),
            ("gen_ai.tool.call.id", format!("call-{at}")),
        ],
    };
    attributes.push(("input.value", text.clone()));
    attributes.push(("output.value", text));
    attributes
}

/// A field of bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    let mut length = bytes.len();
    while length >= 128 {
        out.push(length as u8 | 128);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend(bytes);
    out
}

/// A field of eight bytes.
fn fixed(number: u8, value: u64) -> Vec<u8> {
    let mut out = vec![number << 3 | 1];
    out.extend(value.to_le_bytes());
    out
}

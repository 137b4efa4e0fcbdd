//! Taking traces in, against a bare loop that decodes the same bytes and inserts the same rows.
//!
//! Bodies are encoded beforehand, and sent by a thread that keeps to one core. Answered is durable
//! and can be read; beside it stands how long it takes until the runs are put together and their figures
//! current.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use bytes::Bytes;
use reqwest::{Client, RequestBuilder};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use server::auth::role::Scope;
use server::auth::token;
use server::otlp::{self, Encoding, Reading};
use server::store::{Db, figures, touched, trace_pieces};
use tests::app::App;
use tests::database::Database;
use tokio::runtime;
use tokio::sync::Mutex;
use tokio::task::{JoinSet, spawn_blocking};

use crate::answer::{Answer, Bound};
use crate::bare::Rows;
use crate::times::{median, seconds};

/// Of each, one after the other.
const RUNS: usize = 3;
/// Traces a body, of so many spans each.
const TRACES: usize = 100;
pub const SPANS: usize = 10;
/// Connections that send, whoever takes in: a collector has several that empty its queue.
pub const SENDERS: usize = 4;
/// How long a sender that is turned away stays away, as exporters do.
const PAUSE: Duration = Duration::from_secs(1);
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
    let bodies = bodies(spans, TRACES);
    let bytes: usize = bodies.iter().map(Bytes::len).sum();
    let (mut taken, mut current, mut bares) = (vec![], vec![], vec![]);
    for _ in 0..RUNS {
        let database = Database::sqlite();
        let (spent, until_current) = send(&database, &bodies).await?;
        taken.push(spent);
        current.push(until_current);
        let rows = Rows::written_to(&database.url, &["trace_pieces"], bodies.len())?;
        ensure!(
            rows.counts() == [bodies.len() * TRACES],
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
    let read = otlp::traces(body, Encoding::Protobuf, reading);
    std::hint::black_box(read.is_ok());
}

/// Answers how long until all bodies are acknowledged, and until what they tell is counted.
async fn send(database: &Database, bodies: &[Bytes]) -> Result<(Duration, Duration)> {
    let app = App::start(&database.url).await?;
    let token = token::create(&app.db, "bench", Scope::Operator, app.now()).await?;
    let token = token.context("the token is there already")?;
    let request = Client::new().post(format!("{}/v1/traces", app.url));
    let request = request.bearer_auth(token.reveal());
    let (taken, current) = sent(request, bodies.to_vec(), SENDERS, async || {
        settled(&app.db).await
    })
    .await?;
    let kept = trace_pieces::count(&mut app.db.read().await?).await?;
    ensure!(
        kept as usize == bodies.len() * TRACES * SPANS,
        "spans are missing"
    );
    app.db.close().await;
    Ok((taken, current))
}

/// How long until all bodies are acknowledged, at the middle of several runs.
pub async fn taken(bodies: &[Bytes]) -> Result<Duration> {
    let mut taken = Vec::new();
    for _ in 0..RUNS {
        taken.push(send(&Database::sqlite(), bodies).await?.0);
    }
    Ok(median(&taken))
}

/// Sends all bodies, over so many connections; answers how long until all are acknowledged, and until
/// `settled`.
pub async fn sent(
    request: RequestBuilder,
    bodies: Vec<Bytes>,
    connections: usize,
    settled: impl AsyncFnOnce() -> Result<()>,
) -> Result<(Duration, Duration)> {
    let began = Instant::now();
    let sender = thread::spawn(move || {
        keep_to_one_core()?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(all_sent(request, bodies, connections))
    });
    let sent = spawn_blocking(move || sender.join()).await?;
    sent.map_err(|_| anyhow!("the sender panicked"))??;
    let taken = began.elapsed();
    settled().await?;
    Ok((taken, began.elapsed()))
}

/// The last one, where there are several.
fn keep_to_one_core() -> Result<()> {
    let allowed = sched_getaffinity(None)?;
    let last = (0..CpuSet::MAX_CPU).rev().find(|cpu| allowed.is_set(*cpu));
    let mut own = CpuSet::new();
    own.set(last.context("there is no core")?);
    Ok(sched_setaffinity(None, &own)?)
}

/// What is to be sent again is sent again.
async fn all_sent(request: RequestBuilder, bodies: Vec<Bytes>, connections: usize) -> Result<()> {
    let waiting = Arc::new(Mutex::new(VecDeque::from(bodies)));
    let mut sending = JoinSet::new();
    for _ in 0..connections {
        let waiting = Arc::clone(&waiting);
        let request = request.try_clone().context("a body is in the way")?;
        let request = request.header("content-type", "application/x-protobuf");
        sending.spawn(async move {
            loop {
                let next = waiting.lock().await.pop_front();
                let Some(body) = next else { return Ok(()) };
                let request = request.try_clone().context("a body is in the way")?;
                let response = request.body(body.clone()).send().await?;
                if [429, 503].contains(&response.status().as_u16()) {
                    waiting.lock().await.push_back(body);
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
                ensure!(response.status().is_success(), "{}", response.status());
            }
        });
    }
    while let Some(sent) = sending.join_next().await {
        sent??;
    }
    Ok(())
}

/// Waits until all that came is counted.
pub async fn settled(db: &Db) -> Result<()> {
    loop {
        let mut tx = db.read().await?;
        let weeks = figures::touched(&mut tx).await?;
        if weeks.is_empty() && !touched::any(&mut tx).await? {
            return Ok(());
        }
        drop(tx);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// So many spans, in requests of so many traces.
pub fn bodies(spans: usize, traces: usize) -> Vec<Bytes> {
    let requests = 0..spans / (traces * SPANS);
    requests.map(|number| body(number, traces).into()).collect()
}

/// A request of traces, each an agent with calls of models and tools.
fn body(number: usize, traces: usize) -> Vec<u8> {
    let spans = (0..traces * SPANS).flat_map(|at| {
        let trace = (number * traces + at / SPANS + 1) as u128;
        field(2, &span(trace, (at % SPANS) as u64))
    });
    let scope: Vec<u8> = spans.collect();
    field(1, &field(2, &scope))
}

fn span(trace: u128, at: u64) -> Vec<u8> {
    let start = BEGAN + at * 1_000_000_000;
    // One in all traces, which some stores of traces need.
    let id = |at: u64| (trace as u64 * SPANS as u64 + at).to_be_bytes();
    let mut span = field(1, &trace.to_be_bytes());
    span.extend(field(2, &id(at)));
    if at > 0 {
        span.extend(field(4, &id(0)));
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

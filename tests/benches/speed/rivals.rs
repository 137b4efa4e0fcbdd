//! Taking traces in, against the stores of traces that run here: MLflow and Arize Phoenix.
//!
//! Asked where `ONEHOP_BENCH_MLFLOW` or `ONEHOP_BENCH_PHOENIX` is the address of one over its embedded
//! database that holds none of these spans yet. Of us and MLflow, which writes before it answers, the time
//! until all is answered counts; Phoenix answers before it writes, and is waited for. They keep texts, of
//! which we keep size and hash.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use bytes::Bytes;
use reqwest::Client;
use serde_json::{Value, json};

use crate::answer::{Answer, Bound};
use crate::otlp;

/// How many spans, and what is asked of each rival.
const SIZES: [(usize, [&str; 2]); 2] = [
    (
        20_000,
        [
            "taking 20,000 spans in, times as fast as MLflow",
            "taking 20,000 spans in, times as fast as Phoenix",
        ],
    ),
    (
        200_000,
        [
            "taking 200,000 spans in, times as fast as MLflow",
            "taking 200,000 spans in, times as fast as Phoenix",
        ],
    ),
];
const TRACES: usize = 100;
const REQUEST: usize = TRACES * otlp::SPANS;

pub async fn answer(scale: f64) -> Result<Vec<Answer>> {
    let mlflow = std::env::var("ONEHOP_BENCH_MLFLOW").ok();
    let phoenix = std::env::var("ONEHOP_BENCH_PHOENIX").ok();
    if mlflow.is_none() && phoenix.is_none() {
        println!("  ONEHOP_BENCH_MLFLOW and ONEHOP_BENCH_PHOENIX name none to be measured beside");
        return Ok(Vec::new());
    }
    let requests = SIZES.map(|(spans, _)| ((spans as f64 * scale) as usize / REQUEST).max(1));
    // One after the other, so that no span is sent twice.
    let mut bodies = otlp::bodies(requests.iter().sum::<usize>() * REQUEST, TRACES);
    let mut answers = Vec::new();
    for (requests, (_, whats)) in requests.into_iter().zip(SIZES) {
        let bodies: Vec<Bytes> = bodies.drain(..requests).collect();
        if let Some(url) = &mlflow {
            let rival = ("MLflow", async || of_mlflow(url, &bodies).await);
            let spent = beside(rival, &bodies).await?;
            answers.push(times_as_fast(whats[0], spent, 100.0));
        }
        if let Some(url) = &phoenix {
            let rival = ("Phoenix", async || of_phoenix(url, &bodies).await);
            let spent = beside(rival, &bodies).await?;
            answers.push(times_as_fast(whats[1], spent, 500.0));
        }
    }
    Ok(answers)
}

/// What a rival takes, and what we take: before it and after it, since the machine may change its speed meanwhile.
async fn beside(
    (name, taken): (&str, impl AsyncFnOnce() -> Result<Duration>),
    bodies: &[Bytes],
) -> Result<(Duration, Duration)> {
    let before = otlp::taken(bodies).await?;
    say("Onehop before", bodies.len(), before);
    let spent = taken().await?;
    say(name, bodies.len(), spent);
    let after = otlp::taken(bodies).await?;
    say("Onehop after", bodies.len(), after);
    Ok((spent, (before + after) / 2))
}

/// Answered is written there.
async fn of_mlflow(url: &str, bodies: &[Bytes]) -> Result<Duration> {
    let request = Client::new().post(format!("{url}/v1/traces"));
    let request = request.header("x-mlflow-experiment-id", "0");
    let (spent, _) = otlp::sent(request, bodies.to_vec(), otlp::SENDERS, async || Ok(())).await?;
    Ok(spent)
}

async fn of_phoenix(url: &str, bodies: &[Bytes]) -> Result<Duration> {
    let all = held(url).await? + bodies.len() * REQUEST;
    let request = Client::new().post(format!("{url}/v1/traces"));
    let all_there = async || phoenix_holds(url, all).await;
    let (_, spent) = otlp::sent(request, bodies.to_vec(), otlp::SENDERS, all_there).await?;
    Ok(spent)
}

fn times_as_fast(what: &'static str, (spent, own): (Duration, Duration), bound: f64) -> Answer {
    Answer {
        what,
        value: spent.as_secs_f64() / own.as_secs_f64(),
        unit: "",
        bound: Bound::AtLeast(bound),
    }
}

/// Waits until it holds all of them.
async fn phoenix_holds(url: &str, spans: usize) -> Result<()> {
    let began = Instant::now();
    while held(url).await? < spans {
        let is_late = began.elapsed() > Duration::from_secs(3_600);
        ensure!(!is_late, "it does not come to hold {spans} spans");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    Ok(())
}

/// How many spans Phoenix holds.
async fn held(url: &str) -> Result<usize> {
    let asked = json!({"query": "{projects{edges{node{recordCount}}}}"});
    let request = Client::new().post(format!("{url}/graphql")).json(&asked);
    let told: Value = request.send().await?.json().await?;
    let projects = told["data"]["projects"]["edges"].as_array();
    let counts = projects.context("it tells no projects")?.iter();
    let counts = counts.filter_map(|own| own["node"]["recordCount"].as_u64());
    Ok(counts.sum::<u64>() as usize)
}

fn say(who: &str, requests: usize, spent: Duration) {
    let spans = requests * REQUEST;
    let rate = spans as f64 / spent.as_secs_f64();
    println!(
        "  {who}: {spans} spans in {:.2} s, {rate:.0} spans a second",
        spent.as_secs_f64()
    );
}

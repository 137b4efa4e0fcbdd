//! Taking traces in, against the stores of traces that run here: MLflow and Arize Phoenix.
//!
//! Asked where `ONEHOP_BENCH_MLFLOW` or `ONEHOP_BENCH_PHOENIX` is the address of one that holds nothing yet,
//! over its embedded database. Of us and MLflow, which writes before it answers, the time until all is
//! answered counts; Phoenix answers before it writes, and is waited for. They keep texts, of which we keep
//! size and hash.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};

use crate::answer::{Answer, Bound};
use crate::otlp;

/// They take minutes for so many.
const SPANS: usize = 20_000;
const TRACES: usize = 100;

pub async fn answer(scale: f64) -> Result<Vec<Answer>> {
    let mlflow = std::env::var("ONEHOP_BENCH_MLFLOW").ok();
    let phoenix = std::env::var("ONEHOP_BENCH_PHOENIX").ok();
    if mlflow.is_none() && phoenix.is_none() {
        println!("  ONEHOP_BENCH_MLFLOW and ONEHOP_BENCH_PHOENIX name none to be measured beside");
        return Ok(Vec::new());
    }
    let spans = ((SPANS as f64 * scale) as usize).max(TRACES * otlp::SPANS);
    let bodies = otlp::bodies(spans, TRACES);
    let own = otlp::taken(&bodies).await?;
    say("Onehop", spans, own);
    let mut answers = Vec::new();
    if let Some(url) = mlflow {
        let request = Client::new().post(format!("{url}/v1/traces"));
        let request = request.header("x-mlflow-experiment-id", "0");
        // Answered is written there.
        let (spent, _) = otlp::sent(request, bodies.clone(), 2, async || Ok(())).await?;
        say("MLflow", spans, spent);
        let what = "taking 20,000 spans in, times as fast as MLflow";
        answers.push(times_as_fast(what, (spent, own), 100.0));
    }
    if let Some(url) = phoenix {
        let request = Client::new().post(format!("{url}/v1/traces"));
        ensure!(held(&url).await? == 0, "Phoenix holds spans already");
        let all_there = async || phoenix_holds(&url, spans).await;
        let (_, spent) = otlp::sent(request, bodies, 2, all_there).await?;
        say("Phoenix", spans, spent);
        let what = "taking 20,000 spans in, times as fast as Phoenix";
        answers.push(times_as_fast(what, (spent, own), 500.0));
    }
    Ok(answers)
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

fn say(who: &str, spans: usize, spent: Duration) {
    let rate = spans as f64 / spent.as_secs_f64();
    println!(
        "  {who}: {:.2} s, {rate:.0} spans a second",
        spent.as_secs_f64()
    );
}

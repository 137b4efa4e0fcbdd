//! Spans that were acknowledged survive the death of the server at any moment, and are there once.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use reqwest::Client;
use serde_json::{Value, json};
use server::auth::role::Scope;
use server::auth::token;
use server::store::{Db, runs, trace_pieces};
use tests::command;
use tests::database::Database;
use tokio::sync::Notify;

/// A server of its own process, and where it answers.
struct Serving {
    process: Child,
    url: String,
}

fn serve(database: &Database) -> Serving {
    let mut process = command::onehop(&database.url, &["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(process.stdout.take().unwrap());
    let mut line = String::new();
    said.read_line(&mut line).unwrap();
    let url = line.trim().rsplit(' ').next().unwrap().to_owned();
    Serving { process, url }
}

const SPANS: usize = 10;

fn trace_id(number: usize) -> String {
    format!("{:032x}", number + 1)
}

/// One trace: its root, and what lies below it.
fn export(number: usize) -> Value {
    let span = |at: usize| {
        let parent = if at == 0 {
            String::new()
        } else {
            format!("{:016x}", 1)
        };
        json!({"traceId": trace_id(number), "spanId": format!("{:016x}", at + 1), "parentSpanId": parent,
            "name": "work", "startTimeUnixNano": "1794916800000000000", "endTimeUnixNano": "1794916801000000000"})
    };
    let spans: Vec<Value> = (0..SPANS).map(span).collect();
    json!({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]})
}

/// Sends traces until the server dies, and says so of each that is acknowledged; answers their numbers.
async fn send_until_it_dies(
    client: &Client,
    (url, secret): (&str, &str),
    (from, taken): (usize, &Notify),
) -> Vec<usize> {
    let mut acknowledged = Vec::new();
    for number in from.. {
        let request = client.post(format!("{url}/v1/traces")).bearer_auth(secret);
        let request = request.header("content-type", "application/json");
        match request.body(export(number).to_string()).send().await {
            Ok(answer) if answer.status().is_success() => {
                acknowledged.push(number);
                taken.notify_one();
            }
            Ok(answer) => panic!("{}", answer.status()),
            Err(_) => break,
        }
    }
    acknowledged
}

async fn killed_so_often(database: &Database, times: usize) {
    let db = database.open().await;
    let made = token::create(&db, "sender", Scope::Operator, 1)
        .await
        .unwrap();
    let secret = made.unwrap().reveal().to_owned();
    let client = Client::new();
    let mut random = ChaCha8Rng::seed_from_u64(7);
    let mut acknowledged = BTreeSet::new();
    let mut next = 0;
    for moment in 0..times {
        let mut serving = serve(database);
        let after = Duration::from_millis(random.random_range(5..120));
        let taken = Notify::new();
        let sending = send_until_it_dies(&client, (&serving.url, &secret), (next, &taken));
        let killing = async {
            // However slow the machine is, most kills come after something was acknowledged; the others at any time.
            if moment % 4 > 0 {
                taken.notified().await;
            }
            tokio::time::sleep(after).await;
            serving.process.kill().unwrap();
        };
        let (sent, ()) = tokio::join!(sending, killing);
        serving.process.wait().unwrap();
        next = sent.last().map_or(next, |last| last + 1) + 1;
        acknowledged.extend(sent);
    }
    assert!(
        acknowledged.len() > times,
        "{} traces tell little",
        acknowledged.len()
    );
    assert_there_once(&db, &acknowledged).await;
    let mut serving = serve(database);
    let asked = client
        .get(format!(
            "{}/api/v1/metrics/run_success?from=2026-W47&to=2026-W47",
            serving.url
        ))
        .bearer_auth(&secret);
    let told: Value = asked.send().await.unwrap().json().await.unwrap();
    serving.process.kill().unwrap();
    serving.process.wait().unwrap();
    let counted = told["figures"][0]["denominator"].as_u64().unwrap() as usize;
    assert!(
        counted >= acknowledged.len(),
        "{counted} of {}",
        acknowledged.len()
    );
    db.close().await;
}

async fn assert_there_once(db: &Db, acknowledged: &BTreeSet<usize>) {
    let mut tx = db.read().await.unwrap();
    let ids: Vec<String> = acknowledged
        .iter()
        .map(|number| trace_id(*number))
        .collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let pieces = trace_pieces::of_runs(&mut tx, &ids).await.unwrap();
    let parts: i64 = pieces.iter().map(|own| own.parts).sum();
    assert_eq!(parts as usize, ids.len() * SPANS, "all of each, and once");
    // Those that were put together before a kill are whole too.
    for run in runs::find(&mut tx, &ids).await.unwrap() {
        let trace: Value = serde_json::from_str(&run.trace.unwrap()).unwrap();
        assert_eq!(trace["spans"], SPANS, "{}", run.version.id);
    }
}

#[tokio::test]
async fn killed_fifty_times_sqlite_holds_every_acknowledged_span_once() {
    killed_so_often(&Database::sqlite(), 50).await;
}

#[tokio::test]
async fn killed_ten_times_postgresql_holds_every_acknowledged_span_once() {
    match Database::postgres().await {
        Some(database) => killed_so_often(&database, 10).await,
        None => println!("only SQLite is here"),
    }
}

//! Pages over ten million tool calls of agents, against the same pages over ten thousand.
//!
//! Databases of the same plan are used again by the next run.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};
use chrono::{DateTime, Days, NaiveTime, SecondsFormat};
use serde_json::{Value, json};
use server::freeze::freeze;
use tests::command;

use crate::answer::{Answer, Bound};
use crate::company;
use crate::pages::{in_turn, reader, times};

/// Tool calls a run.
const CALLS: usize = 100;
const FEW: usize = 10_000;
const MANY: usize = 10_000_000;
const WEEKS: u64 = 60;
const WEEK_MS: i64 = 7 * 86_400_000;

const REGISTRY: &str = r#"
[company]
name = "Bench"
time_zone = "Europe/Berlin"
currency = "EUR"

[[workflow]]
slug = "refunds"
dri = "ana@example.org"
playbook = "https://wiki.example/refunds"

[[agent]]
id = "refund-agent"
workflow = "refunds"
tier = 1

[[tool]]
name = "find_order"
effect = "none"
"#;

pub async fn answer(scale: f64) -> Result<Vec<Answer>> {
    let many = ((MANY as f64 * scale) as usize).max(FEW);
    let (few, few_app) = reader(&stored("few", FEW)?).await?;
    let (many, many_app) = reader(&stored("many", many)?).await?;
    for app in [&few_app, &many_app] {
        freeze(&app.db, None, app.now()).await?;
    }
    let mut answers = Vec::new();
    for (page, what) in [
        (
            "/review",
            "/review over 10,000,000 tool calls, of its time over 10,000",
        ),
        (
            "/workflows/refunds",
            "a workflow over 10,000,000 tool calls, of its time over 10,000",
        ),
        (
            "/receipts/run/run-50",
            "a receipt over 10,000,000 tool calls, of its time over 10,000",
        ),
    ] {
        let spent = in_turn([&few, &many], page).await?;
        answers.push(Answer {
            what,
            value: times(&spent),
            unit: "",
            bound: Bound::AtMost(1.3),
        });
    }
    few_app.db.close().await;
    many_app.db.close().await;
    Ok(answers)
}

/// A database with so many tool calls and all figures of them; imported when it is not there.
fn stored(name: &str, calls: usize) -> Result<String> {
    let last_monday = company::last_monday();
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("agents");
    let folder = all.join(last_monday.to_string());
    if all.exists() && !folder.exists() {
        fs::remove_dir_all(&all)?;
    }
    let file = |end: &str| folder.join(format!("{name}-{calls}.{end}"));
    let url = format!("sqlite:{}", file("db").display());
    if file("done").exists() {
        println!("  the database of an earlier run is used again: {url}");
        return Ok(url);
    }
    fs::create_dir_all(&folder)?;
    for end in ["db", "db-wal", "db-shm"] {
        if file(end).exists() {
            fs::remove_file(file(end))?;
        }
    }
    fs::write(file("toml"), REGISTRY)?;
    command::run(&url, &["apply", &file("toml").display().to_string()]);
    let first = last_monday - Days::new(7 * (WEEKS - 1));
    let first_ms = first.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    write(&file("ndjson"), first_ms, calls / CALLS)?;
    let began = Instant::now();
    let records = file("ndjson").display().to_string();
    let said = command::run(&url, &["import", "records", "runs", &records]);
    let spent = began.elapsed().as_secs_f64();
    println!("  {calls} tool calls: {} ({spent:.0} s)", said.trim());
    let all = format!("{} accepted, 0 repeated, 0 refused", calls / CALLS);
    ensure!(said.contains(&all), "runs are missing");
    fs::remove_file(file("ndjson"))?;
    fs::write(file("done"), "")?;
    Ok(url)
}

/// Runs, evenly over the weeks.
fn write(file: &PathBuf, first_ms: i64, runs: usize) -> Result<()> {
    let mut out = BufWriter::new(File::create(file)?);
    for number in 0..runs {
        let at_ms = first_ms + WEEKS as i64 * WEEK_MS * number as i64 / runs as i64;
        writeln!(out, "{}", run(number, at_ms))?;
    }
    Ok(out.flush()?)
}

fn run(number: usize, at_ms: i64) -> Value {
    let call = |call: usize| {
        let mut own = json!({"id": format!("c{call}"), "name": "find_order",
            "started_at": instant(at_ms + 1_000 * call as i64), "input": recorded(), "output": recorded()});
        if (number + call).is_multiple_of(97) {
            own["error"] = recorded();
        }
        own
    };
    json!({
        "id": format!("run-{number}"), "workflow": "refunds", "agent": "refund-agent",
        "started_at": instant(at_ms), "ended_at": instant(at_ms + 600_000),
        "outcome": if number.is_multiple_of(20) { "error" } else { "ok" },
        "input": recorded(), "output": recorded(),
        "tool_calls": (0..CALLS).map(call).collect::<Vec<_>>(),
        "artifacts": [{"kind": "ticket", "ref": format!("T-{number}"), "landed_at": instant(at_ms + 600_000)}],
        "cost": {"amount": "0.12", "currency": "EUR"},
    })
}

fn recorded() -> Value {
    json!({"recorded": true, "size": 120})
}

fn instant(at_ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

//! All links and figures of changes, deployments and incidents from nothing, against a loop that only
//! reads each of their rows and inserts one link for each change and deployment.

use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rusqlite::Connection;
use tests::command::{self, onehop};

use crate::answer::{Answer, Bound};
use crate::company::{Company, open};
use crate::late;
use crate::memory::peak_mb;
use crate::reading::Reading;
use crate::times::{median, ms, seconds};

/// Of each, in turn.
const RUNS: usize = 3;

/// All that is derived. Which change holds a commit is written with the change as it arrives.
const DERIVED: [&str; 9] = [
    "change_links",
    "deployment_links",
    "remedies",
    "incident_links",
    "defect_links",
    "figures",
    "week_values",
    "touched_links",
    "touched_services",
];

pub async fn answer(company: &Company) -> Result<Vec<Answer>> {
    let url = delivered(company)?;
    let (mut bares, mut fulls, mut most) = (Vec::new(), Vec::new(), 0.0_f64);
    for _ in 0..RUNS {
        let empty = company.declared("bare")?;
        bares.push(Reading::of(&url).await?.insert(&empty).await?);
        empty_derived(&url)?;
        let (full, peak) = recompute(&url)?;
        fulls.push(full);
        most = most.max(peak);
    }
    println!("  bare loop:          {}", seconds(&bares));
    println!("  links and figures:  {}", seconds(&fulls));
    let db = open(&url).await?;
    let late = late::deployments(&db, &url).await?;
    db.close().await;
    println!("  one late deployment: {:.1} ms", ms(median(&late.spent)));
    Ok(vec![
        Answer {
            what: "all links and figures, of a loop that reads and inserts",
            value: median(&fulls).as_secs_f64() / median(&bares).as_secs_f64(),
            unit: "",
            bound: Bound::AtMost(6.0),
        },
        Answer {
            what: "peak memory while linking 1,000,000 changes",
            value: most,
            unit: " MB",
            bound: Bound::Under(600.0),
        },
        Answer {
            what: "rows outside its slice that a late deployment writes",
            value: late.written_beside as f64,
            unit: "",
            bound: Bound::AtMost(0.0),
        },
        Answer {
            what: "one late deployment, of the time of a full computation",
            value: 100.0 * median(&late.spent).as_secs_f64() / median(&fulls).as_secs_f64(),
            unit: "%",
            bound: Bound::Under(1.0),
        },
    ])
}

/// The database of many changes with deployments and incidents beside them, all linked.
fn delivered(company: &Company) -> Result<String> {
    let (url, is_there) = company.copy("delivered", "many")?;
    if is_there {
        return Ok(url);
    }
    let (deployments, incidents) = (company.records("deployments"), company.records("incidents"));
    let counts = crate::deliveries::write(&company.records("many"), &deployments, &incidents)?;
    println!("  {} deployments and {} incidents", counts.0, counts.1);
    for (stream, file) in [("deployments", deployments), ("incidents", incidents)] {
        let file = file.display().to_string();
        let began = Instant::now();
        command::run(&url, &["import", "records", stream, &file]);
        println!(
            "  {stream} imported in {:.0} s",
            began.elapsed().as_secs_f64()
        );
        fs::remove_file(file)?;
    }
    company.is_done("delivered")?;
    Ok(url)
}

/// Takes away all that was derived.
fn empty_derived(url: &str) -> Result<()> {
    let connection = Connection::open(url.trim_start_matches("sqlite:"))?;
    for table in DERIVED {
        connection.execute(&format!("DELETE FROM {table}"), [])?;
    }
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

/// Runs the program; answers how long it took and the most memory that it held.
fn recompute(url: &str) -> Result<(Duration, f64)> {
    let began = Instant::now();
    let mut child = onehop(url, &["recompute"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let most = watch(&mut child)?;
    Ok((began.elapsed(), most))
}

fn watch(child: &mut Child) -> Result<f64> {
    let mut most = None;
    let status = loop {
        most = peak_mb(child).or(most);
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    ensure!(status.success(), "it ended with {status}");
    most.context("this system does not tell the memory of a process")
}

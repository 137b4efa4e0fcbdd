//! The most memory that the program holds while it imports, while it serves, and while it takes traces in.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use chrono::Utc;
use reqwest::Client;
use server::auth::role::Scope;
use server::auth::token;
use server::store::trace_pieces;
use tests::command::onehop;
use tests::database::Database;
use tokio::task::JoinSet;

use crate::answer::{Answer, Bound};
use crate::company::{Company, open};
use crate::otlp;
use crate::pages::Reader;

/// Pages that are read while memory is watched, and how many at a time.
const PAGES: usize = 200;
const AT_A_TIME: usize = 8;
/// Spans that are taken in, and traces of each request: nearly the most that one may hold.
const TAKEN: usize = 400_000;
const LARGE: usize = 900;

/// Imports all changes into a new database.
pub fn importing(company: &Company) -> Result<Answer> {
    let url = company.declared("many")?;
    let file = company.records("many").display().to_string();
    let began = Instant::now();
    let mut import = onehop(&url, &["import", "records", "changes", &file])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut most = 0.0;
    let status = loop {
        // It never shrinks, so that the last look before the end is enough.
        most = peak_mb(&import).unwrap_or(most);
        if let Some(status) = import.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let spent = began.elapsed();
    let mut said = String::new();
    import
        .stdout
        .context("no output")?
        .read_to_string(&mut said)?;
    ensure!(status.success(), "the import ended with {status}");
    ensure!(
        most > 0.0,
        "this system does not tell the memory of a process"
    );
    company.is_done("many")?;
    println!("  {} ({:.0} s)", said.trim(), spent.as_secs_f64());
    Ok(Answer {
        what: "peak memory while importing 1,000,000 changes",
        value: most,
        unit: " MB",
        bound: Bound::Under(400.0),
    })
}

/// Serves reviews and record lists over all changes.
pub async fn serving(company: &Company) -> Result<Answer> {
    let url = company.imported("many")?;
    let mut server = onehop(&url, &["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let read = read_pages(company, &url, &mut server).await;
    let peak = peak_mb(&server);
    server.kill()?;
    server.wait()?;
    read?;
    Ok(Answer {
        what: "peak memory while serving 1,000,000 changes",
        value: peak.context("this system does not tell the memory of a process")?,
        unit: " MB",
        bound: Bound::Under(200.0),
    })
}

/// Takes traces in as fast as they are sent: large requests, more of them at a time than are taken at once.
pub async fn taking(scale: f64) -> Result<Answer> {
    let database = Database::sqlite();
    let db = open(&database.url).await?;
    let now_ms = Utc::now().timestamp_millis();
    let token = token::create(&db, "bench", Scope::Ingest, now_ms).await?;
    let token = token.context("the token is there already")?;
    let mut server = onehop(&database.url, &["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let address = address(&mut server)?;
    let request = Client::new().post(format!("{address}/v1/traces"));
    let request = request.bearer_auth(token.reveal());
    let requests = ((TAKEN as f64 * scale) as usize / (LARGE * otlp::SPANS)).max(AT_A_TIME);
    let spans = requests * LARGE * otlp::SPANS;
    let bodies = otlp::bodies(spans, LARGE);
    println!("  {spans} spans in requests of {} bytes", bodies[0].len());
    let settled = async || otlp::settled(&db).await;
    let sent = otlp::sent(request, bodies, AT_A_TIME, settled).await;
    let peak = peak_mb(&server);
    server.kill()?;
    server.wait()?;
    let (taken, current) = sent?;
    println!(
        "  answered in {:.1} s, current in {:.1} s",
        taken.as_secs_f64(),
        current.as_secs_f64()
    );
    let kept = trace_pieces::count(&mut db.read().await?).await?;
    ensure!(kept as usize == spans, "{kept} of {spans} spans are kept");
    db.close().await;
    Ok(Answer {
        what: "peak memory while taking 400,000 spans in",
        value: peak.context("this system does not tell the memory of a process")?,
        unit: " MB",
        bound: Bound::Under(300.0),
    })
}

/// Where a server that was just started answers.
fn address(server: &mut Child) -> Result<String> {
    let mut line = String::new();
    let output = server.stdout.take().context("no output")?;
    BufReader::new(output).read_line(&mut line)?;
    let address = line.trim().strip_prefix("listening on ");
    Ok(address.context("it does not serve")?.to_owned())
}

async fn read_pages(company: &Company, database: &str, server: &mut Child) -> Result<()> {
    let address = address(server)?;
    let db = open(database).await?;
    let reader = Reader::sign_in(&db, &address, Utc::now().timestamp_millis()).await?;
    db.close().await;
    let mut reading = JoinSet::new();
    let mut bytes = 0;
    for page in 0..PAGES {
        let reader = reader.clone();
        let path = path(company, page);
        reading.spawn(async move { reader.read(&path).await });
        if reading.len() == AT_A_TIME
            && let Some(read) = reading.join_next().await
        {
            bytes += read??.1;
        }
    }
    while let Some(read) = reading.join_next().await {
        bytes += read??.1;
    }
    println!(
        "  {PAGES} pages, {AT_A_TIME} at a time, {} bytes each",
        bytes / PAGES
    );
    Ok(())
}

/// Half of the pages are reviews, half are lists, each of another week.
fn path(company: &Company, page: usize) -> String {
    let week = company.week(page as u64);
    match page % 4 {
        0 | 2 => format!("/review/{week}"),
        1 => format!("/records/pr_cycle_time?week={week}"),
        _ => format!("/records/changes_merged?week={week}"),
    }
}

/// The most physical memory that a running process has held, where the system tells.
pub fn peak_mb(process: &Child) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes * 1_024.0 / 1e6)
}

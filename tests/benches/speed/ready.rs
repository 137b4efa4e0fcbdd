//! How long a server over an existing database takes until it is ready.

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tests::command::onehop;

use crate::answer::{Answer, Bound};
use crate::company::Company;
use crate::times::{median, ms, quantile};

const STARTS: usize = 11;

pub async fn answer(company: &Company) -> Result<Answer> {
    let url = company.imported("many")?;
    let mut spent = Vec::new();
    for _ in 0..STARTS {
        spent.push(started(&url).await?);
    }
    println!(
        "  ready after {:.0} ms (from {:.0} to {:.0} in {STARTS} starts)",
        ms(median(&spent)),
        ms(quantile(&spent, 0.0)),
        ms(quantile(&spent, 1.0)),
    );
    Ok(Answer {
        what: "ready after its start over 1,000,000 changes",
        value: ms(median(&spent)),
        unit: " ms",
        bound: Bound::Under(200.0),
    })
}

async fn started(database: &str) -> Result<Duration> {
    let began = Instant::now();
    let mut server = onehop(database, &["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut line = String::new();
    let output = server.stdout.take().context("no output")?;
    BufReader::new(output).read_line(&mut line)?;
    let address = line.trim().strip_prefix("listening on ");
    let address = address.context("it does not serve")?.to_owned();
    let ready = reqwest::get(format!("{address}/health/ready")).await?;
    let spent = began.elapsed();
    server.kill()?;
    server.wait()?;
    ensure!(ready.status() == 200, "it is not ready: {}", ready.status());
    Ok(spent)
}

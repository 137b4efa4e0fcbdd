//! Judging every series that a review watches, once they are read, against rendering the page.

use std::time::Instant;

use anyhow::{Result, ensure};
use app::pages::Page;
use app::shell::render;
use chrono::Utc;
use server::store::registry;
use server::views::exceptions::{exceptions, watched};
use server::views::parse_week;
use server::views::review::review;
use server::views::scope::Scope;

use crate::answer::{Answer, Bound};
use crate::company::{self, Company, open};
use crate::pages::frame;
use crate::times::{median, ms};

const RUNS: usize = 100;
/// Behind the shown week of each series.
const WEEKS: u64 = 60;

pub async fn answer(company: &Company) -> Result<Answer> {
    let db = open(&company.imported("many")?).await?;
    let name = company.week(u64::from(company::WEEKS) - 1 - WEEKS);
    let (week, now_ms) = (parse_week(&name)?, Utc::now().timestamp_millis());
    let shown = review(&db, Some(&name), None, now_ms).await?;
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let scope = Scope::parse(None, &registry)?;
    let began = Instant::now();
    let watched = watched(&mut tx, &registry, now_ms, (&scope, week, 12)).await?;
    let reading = began.elapsed();
    drop(tx);
    db.close().await;
    let series: usize = watched.iter().map(|own| own.series.len()).sum();
    ensure!(series >= 200, "only {series} series are watched");
    let (mut judged, mut rendered) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let began = Instant::now();
        let found = exceptions(&watched, week);
        judged.push(began.elapsed());
        ensure!(found == shown.exceptions);
        let page = Page::Review(Box::new(shown.clone()));
        let began = Instant::now();
        render(&frame(), page);
        rendered.push(began.elapsed());
    }
    println!("  {series} series, read in {:.1} ms", ms(reading));
    println!(
        "  judged in {:.2} ms, rendered in {:.2} ms",
        ms(median(&judged)),
        ms(median(&rendered))
    );
    Ok(Answer {
        what: "judging 200 series of 60 weeks, of rendering their review",
        value: median(&judged).as_secs_f64() / median(&rendered).as_secs_f64(),
        unit: "",
        bound: Bound::Under(1.0),
    })
}

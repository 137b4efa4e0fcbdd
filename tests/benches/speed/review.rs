//! The review over few changes and over many, in turn: of a frozen week, as readers open it, and of one
//! that is judged at reading.

use std::time::Duration;

use anyhow::Result;
use chrono::Utc;
use server::freeze::freeze;
use tests::app::App;

use crate::answer::{Answer, Bound};
use crate::company::Company;
use crate::pages::Reader;
use crate::times::{median, ms, quantile};

const RUNS: usize = 400;
const WARM_UP: usize = 40;

pub async fn answer(company: &Company) -> Result<Answer> {
    let (few, few_app) = reader(&company.imported("few")?).await?;
    let (many, many_app) = reader(&company.imported("many")?).await?;
    for app in [&few_app, &many_app] {
        freeze(&app.db, None, app.now()).await?;
    }
    let judged = format!("/review/{}", company.week(1));
    let unfrozen = in_turn([&few, &many], &judged).await?;
    let ratio = times(&unfrozen);
    println!("  a week that is not frozen: {ratio:.2}, which grows with the records of its spans");
    let frozen = in_turn([&few, &many], "/review").await?;
    few_app.db.close().await;
    many_app.db.close().await;
    Ok(Answer {
        what: "/review over 1,000,000 changes, of its time over 1,000",
        value: times(&frozen),
        unit: "",
        bound: Bound::AtMost(1.2),
    })
}

/// Reads a page of both in turn, and says how long that took.
async fn in_turn(readers: [&Reader; 2], page: &str) -> Result<[Vec<Duration>; 2]> {
    let mut spent = [Vec::new(), Vec::new()];
    let mut bytes = [0, 0];
    for run in 0..WARM_UP + RUNS {
        // Neither always comes first.
        for place in [run % 2, (run + 1) % 2] {
            let (time, size) = readers[place].read(page).await?;
            bytes[place] = size;
            if run >= WARM_UP {
                spent[place].push(time);
            }
        }
    }
    println!("  {page}");
    say("few changes", &spent[0], bytes[0]);
    say("many changes", &spent[1], bytes[1]);
    Ok(spent)
}

fn times([few, many]: &[Vec<Duration>; 2]) -> f64 {
    median(many).as_secs_f64() / median(few).as_secs_f64()
}

/// A server over this database, and someone signed in.
async fn reader(url: &str) -> Result<(Reader, App)> {
    let app = App::start(url).await?;
    app.pass_ms(Utc::now().timestamp_millis() - app.now());
    Ok((Reader::sign_in(&app.db, &app.url, app.now()).await?, app))
}

fn say(what: &str, spent: &[Duration], bytes: usize) {
    println!(
        "  {what:<13} median {:.2} ms, p99 {:.2} ms, of {} ({bytes} bytes)",
        ms(median(spent)),
        ms(quantile(spent, 0.99)),
        spent.len(),
    );
}

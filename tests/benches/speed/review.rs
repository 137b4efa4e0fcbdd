//! The review over few changes and over many, in turn.

use std::time::Duration;

use anyhow::Result;
use chrono::Utc;
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
    let mut spent = [Vec::new(), Vec::new()];
    let mut bytes = [0, 0];
    for run in 0..WARM_UP + RUNS {
        // Neither always comes first.
        for place in [run % 2, (run + 1) % 2] {
            let (time, size) = [&few, &many][place].read("/review").await?;
            bytes[place] = size;
            if run >= WARM_UP {
                spent[place].push(time);
            }
        }
    }
    few_app.db.close().await;
    many_app.db.close().await;
    say("few changes", &spent[0], bytes[0]);
    say("many changes", &spent[1], bytes[1]);
    Ok(Answer {
        what: "/review over 1,000,000 changes, of its time over 1,000",
        value: median(&spent[1]).as_secs_f64() / median(&spent[0]).as_secs_f64(),
        unit: "",
        bound: Bound::AtMost(1.2),
    })
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

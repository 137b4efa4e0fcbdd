//! The review: of a frozen week, as readers open it, over few changes and over many, against a server
//! that renders it from memory, and with both cores busy; and of a week that is judged at reading.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use app::pages::Page;
use app::shell::render;
use axum::Router;
use axum::response::Html;
use axum::routing::get;
use server::freeze::freeze;
use tests::app::App;
use tokio::net::TcpListener;

use crate::answer::{Answer, Bound};
use crate::company::Company;
use crate::pages::{RUNS, Reader, WARM_UP, frame, in_turn, reader, say, times};
use crate::times::{median, quantile};

/// Programs that do nothing but keep the two cores busy.
const BUSY: usize = 2;

pub async fn answer(company: &Company) -> Result<Vec<Answer>> {
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
    let rendered = rendered(&many_app, &many).await?;
    let busy = while_busy(&many).await?;
    few_app.db.close().await;
    many_app.db.close().await;
    Ok(vec![
        Answer {
            what: "/review over 1,000,000 changes, of its time over 1,000",
            value: times(&frozen),
            unit: "",
            bound: Bound::AtMost(1.2),
        },
        Answer {
            what: "/review of a frozen week, of rendering it from memory",
            value: median(&frozen[1]).as_secs_f64() / median(&rendered).as_secs_f64(),
            unit: "",
            bound: Bound::AtMost(1.5),
        },
        Answer {
            what: "p99 of it with both cores busy, of the median",
            value: quantile(&busy, 0.99).as_secs_f64() / median(&busy).as_secs_f64(),
            unit: "",
            bound: Bound::Under(5.0),
        },
    ])
}

/// Reads the same view model from a server that holds it in memory and only renders it.
async fn rendered(app: &App, reader: &Reader) -> Result<Vec<Duration>> {
    let shown = server::views::review::review(&app.db, None, None, app.now()).await?;
    let page = get(move || async move {
        let page = Page::Review(Box::new(shown.clone()));
        Html(render(&frame(), page))
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let reader = reader.at(&format!("http://{}", listener.local_addr()?));
    let router = Router::new().route("/review", page);
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let (spent, bytes) = times_of(&reader).await?;
    serving.abort();
    say("from memory", &spent, bytes);
    Ok(spent)
}

/// Reads the frozen week while other work takes the cores.
async fn while_busy(reader: &Reader) -> Result<Vec<Duration>> {
    let working = Arc::new(AtomicBool::new(true));
    let work = |_| {
        let working = working.clone();
        thread::spawn(move || {
            while working.load(Ordering::Relaxed) {
                std::hint::spin_loop();
            }
        })
    };
    let threads: Vec<_> = (0..BUSY).map(work).collect();
    let (spent, bytes) = times_of(reader).await?;
    working.store(false, Ordering::Relaxed);
    threads.into_iter().for_each(|thread| drop(thread.join()));
    say("cores busy", &spent, bytes);
    Ok(spent)
}

/// How long the latest week takes, again and again, and its bytes.
async fn times_of(reader: &Reader) -> Result<(Vec<Duration>, usize)> {
    let mut spent = Vec::new();
    let mut bytes = 0;
    for run in 0..WARM_UP + RUNS {
        let (time, size) = reader.read("/review").await?;
        bytes = size;
        if run >= WARM_UP {
            spent.push(time);
        }
    }
    Ok((spent, bytes))
}

//! What is really true of a generated company, held against what its pages say was seen of it.

use anyhow::Result;
use app::backend::Backend;
use app::view::demo::{Demo, Truth};
use app::view::signal::Signal;
use reqwest::StatusCode;
use server::auth::role::Role;
use server::views::Pages;
use std::sync::Arc;
use tests::app::App;
use tests::command::run;
use tests::database::Database;
use tests::read::{self, Name};

async fn told(seed: &str) -> (Database, Demo) {
    let database = Database::sqlite();
    let demo = ["demo", "--size", "small", "--no-serve", "--weeks", "40"];
    run(&database.url, &[&demo[..], &["--seed", seed]].concat());
    let db = database.open().await;
    let demo = Pages::new(db, Arc::new(|| read::NOW_MS)).demo().await;
    (database, demo.unwrap())
}

/// The figure behind an address of its records.
fn named<'a>(url: &'a str) -> Name<'a> {
    let (path, query) = url.split_once('?').unwrap();
    let value = |key: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| *name == key).unwrap().1
    };
    Name {
        metric: path.strip_prefix("/records/").unwrap(),
        scope: value("scope"),
        segment: value("segment"),
        week: value("week"),
    }
}

#[tokio::test]
async fn what_was_seen_is_what_the_figure_of_that_week_says_and_another_seed_tells_another_story() {
    let (database, demo) = told("7").await;
    let db = database.open().await;
    assert_eq!(demo.chapters.len() + demo.quiet.len(), 4);
    let mut seen = 0;
    for chapter in demo.chapters.iter().chain(&demo.quiet) {
        for finding in &chapter.findings {
            let expected = match finding.truth {
                Truth::Better => Signal::Better,
                Truth::Worse => Signal::Worse,
                Truth::Unchanged => Signal::None,
            };
            if let Some(first) = &finding.seen {
                let figure = read::figure(&db, named(&first.records_url)).await;
                assert_eq!(
                    figure.signal, expected,
                    "{} {}",
                    chapter.title, finding.name
                );
                assert!(first.week >= chapter.begins);
                seen += 1;
            }
            for alarm in &finding.false_alarms {
                let figure = read::figure(&db, named(&alarm.records_url)).await;
                assert_eq!(figure.signal, alarm.signal);
                assert!(finding.truth == Truth::Unchanged || alarm.week < chapter.begins);
            }
        }
    }
    assert!(seen > 0, "nothing was seen of {demo:?}");
    let (_, other) = told("8").await;
    assert_ne!(demo.chapters, other.chapters);
}

#[tokio::test]
async fn a_real_company_has_no_such_page() -> Result<()> {
    let app = App::fresh().await?;
    let person = app.signed_in(Role::Operator).await?;
    let browser = app.browser()?;
    let request = browser.client.get(browser.at("/demo"));
    let told = request.header("cookie", person.cookie()).send().await?;
    assert_eq!(told.status(), StatusCode::NOT_FOUND);
    assert!(told.text().await?.contains("which this one is not"));
    Ok(())
}

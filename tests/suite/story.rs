//! What is really true of a generated company, held against what its pages say was seen of it.

use anyhow::{Context, Result};
use app::backend::Backend;
use app::format;
use app::view::demo::{Demo, Truth};
use app::view::figure::Figure;
use app::view::signal::Signal;
use reqwest::StatusCode;
use server::auth::role::{Role, Scope};
use server::metrics::week::Week;
use server::store::registry;
use server::store::story::{self, Chapter, Direction};
use server::views::Pages;
use std::sync::Arc;
use tests::app::App;
use tests::command::run;
use tests::database::Database;
use tests::read::{self, Name};
use tests::script::Script;

use crate::shown::page;

fn generate(database: &Database, seed: &str) {
    let demo = ["demo", "--size", "small", "--no-serve", "--weeks", "40"];
    run(&database.url, &[&demo[..], &["--seed", seed]].concat());
}

async fn told(seed: &str) -> (Database, Demo) {
    let database = Database::sqlite();
    generate(&database, seed);
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

/// The weeks of a series that have a verdict, as the API says them.
async fn verdicts(script: &Script, (metric, service): (&str, &str)) -> Result<Vec<Figure>> {
    let path = format!("/api/v1/metrics/{metric}?scope=service:{service}");
    let told = script.json(&path).await?;
    let mut figures: Vec<Figure> = serde_json::from_value(told["figures"].clone())?;
    figures.retain(|own| matches!(own.signal, Signal::Better | Signal::Worse | Signal::Routine));
    Ok(figures)
}

/// Where a part of a page leads, to lists alone.
fn lists(html: &str) -> Vec<String> {
    let links = html.split("href=\"/records/").skip(1);
    let told = links.filter_map(|rest| rest.split('"').next());
    told.map(|rest| format!("/records/{}", rest.replace("&amp;", "&")))
        .collect()
}

/// A metric of a chapter: where its row leads, and how many verdicts were given while nothing had
/// changed.
struct Row {
    name: &'static str,
    leads: Vec<String>,
    quiet: u64,
}

/// What the API says of a chapter.
async fn of_chapter(script: &Script, chapter: &Chapter) -> Result<Vec<Row>> {
    let begins = Week::of_date(chapter.begins.parse()?).to_string();
    let mut rows = Vec::new();
    for moved in &chapter.metrics {
        let expected = match moved.direction {
            Direction::Better => Some(Signal::Better),
            Direction::Worse => Some(Signal::Worse),
            Direction::Unchanged => None,
        };
        let verdicts = verdicts(script, (&moved.metric, &chapter.service)).await?;
        let (since, quiet): (Vec<_>, Vec<_>) = verdicts
            .into_iter()
            .partition(|own| expected.is_some() && own.week >= begins);
        let seen = since.into_iter().find(|own| Some(own.signal) == expected);
        let alarms = quiet.iter().filter(|own| own.signal != Signal::Routine);
        let leads = seen.iter().chain(alarms).map(|own| own.records_url.clone());
        rows.push(Row {
            name: server::views::metric(&moved.metric)?.name,
            leads: leads.collect(),
            quiet: quiet.len() as u64,
        });
    }
    Ok(rows)
}

/// The part of a page that begins with this tag and holds this text.
fn part<'a>(html: &'a str, tag: &str, holds: &str) -> Result<&'a str> {
    let mut parts = html.split(tag);
    parts
        .find(|part| part.contains(holds))
        .with_context(|| holds.to_owned())
}

/// Holds a chapter of the page against what the API says of it.
fn hold(html: &str, chapter: &Chapter, rows: &[Row]) -> Result<()> {
    let own = format!("href=\"/review?scope=service:{}\"", chapter.service);
    let is_quiet = chapter.kind == story::Kind::NothingChanged;
    let told = part(html, if is_quiet { "<tr>" } else { "<section>" }, &own)?;
    let leads: Vec<&String> = rows.iter().flat_map(|row| &row.leads).collect();
    assert_eq!(lists(told).iter().collect::<Vec<_>>(), leads, "{own}");
    if is_quiet {
        let all = rows.iter().map(|row| row.quiet).sum();
        assert!(told.contains(&format!("of {}", format::counted(all, "verdicts"))));
        return Ok(());
    }
    for row in rows {
        let name = format!("<th scope=\"row\">{}</th>", row.name);
        let told = part(told, "<tr>", &name)?;
        assert_eq!(lists(told), row.leads);
        let counted = format::counted(row.quiet, "quiet weeks");
        assert_eq!(told.contains(&counted), row.quiet > 0, "{counted}: {told}");
    }
    Ok(())
}

#[tokio::test]
async fn the_page_leads_to_the_signals_and_counts_the_verdicts_that_the_api_tells() -> Result<()> {
    for database in Database::on_each_engine().await {
        generate(&database, "7");
        let app = App::start(&database.url).await?;
        app.pass_ms(read::NOW_MS - app.now());
        let script = Script::with(&app, Scope::Read).await?;
        let html = page(&app, "/demo").await?;
        let registry = registry::load(&mut app.db.read().await?).await?;
        let (mut leading, mut quiet) = (0, 0);
        for chapter in &registry.company.story {
            let rows = of_chapter(&script, chapter).await?;
            hold(&html, chapter, &rows)?;
            leading += rows.iter().map(|row| row.leads.len()).sum::<usize>();
            quiet += rows.iter().map(|row| row.quiet).sum::<u64>();
        }
        assert!(leading > 5);
        assert_eq!(lists(&html).len(), leading);
        let verdicts = format::counted(quiet, "verdicts");
        assert!(html.contains(&format!("In {verdicts} in which nothing had changed")));
    }
    Ok(())
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

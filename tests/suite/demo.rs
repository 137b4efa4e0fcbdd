//! The generated company, fed like any other: its figures are the generator's own truth.

use std::collections::BTreeSet;
use std::time::Duration;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde_json::{Value, json};
use server::auth::role::Role;
use server::demo::{Plan, Size, Truth, WeekOfRecords, weeks};
use server::ingest::StreamName;
use server::store::registry::{self, Kind};
use server::store::story::{self, Chapter};
use server::store::{Db, cursors};
use server::views::table::{Weeks, figures};
use tests::app::App;
use tests::command::{onehop, refusal, run};
use tests::database::Database;
use tests::dump::{self, Dump};
use tests::{deliver, read};

const SIZE: [&str; 5] = ["demo", "--size", "small", "--no-serve", "--weeks"];

fn demo<'a>(weeks: &'a str, seed: &'a str) -> Vec<&'a str> {
    [&SIZE[..], &[weeks, "--seed", seed]].concat()
}

/// What the program notes of what it generates, and how far it has come.
async fn position(db: &Db) -> Option<Value> {
    let mut tx = db.read().await.unwrap();
    let stored = cursors::get(&mut tx, "demo", "weeks").await.unwrap()?;
    serde_json::from_str(&stored).ok()
}

/// The weeks as the generator makes them, with their truth.
async fn generated(db: &Db) -> Vec<WeekOfRecords> {
    let position = position(db).await.unwrap();
    let last: NaiveDate = position["last_monday"].as_str().unwrap().parse().unwrap();
    let plan = Plan {
        seed: 7,
        weeks: 30,
        size: Size::Small,
        last_monday: last,
    };
    weeks(&plan).collect()
}

/// The middle value, or the mean of the two in the middle.
fn median(sorted: &[i64]) -> Option<f64> {
    let (low, high) = (sorted.len().checked_sub(1)? / 2, sorted.len() / 2);
    Some((sorted[low] + sorted[high]) as f64 / 2.0)
}

/// All that the generator knows the truth of.
const METRICS: [&str; 5] = [
    "changes_merged",
    "change_size",
    "review_wait",
    "merged_without_review",
    "pr_cycle_time",
];

/// A metric's true value and sample, from what the generator counted.
fn known_of(truth: &Truth, metric: &str, key: &(String, String)) -> (Option<f64>, u64) {
    let count = truth.merged.get(key).copied().unwrap_or(0);
    let (values, scale) = match metric {
        "changes_merged" => return (Some(count as f64), count),
        "merged_without_review" => {
            let unreviewed = truth.unreviewed.get(key).copied().unwrap_or(0);
            let share = (count > 0).then(|| unreviewed as f64 / count as f64);
            return (share, count);
        }
        "change_size" => (&truth.lines, 1.0),
        "review_wait" => (&truth.review_wait_ms, 1_000.0),
        _ => (&truth.cycle_time_ms, 1_000.0),
    };
    let values = values.get(key).map_or(&[][..], Vec::as_slice);
    (
        median(values).map(|middle| middle / scale),
        values.len() as u64,
    )
}

#[tokio::test]
async fn every_figure_of_the_generated_company_is_what_the_generator_knows_to_be_true() {
    for database in Database::on_each_engine().await {
        run(&database.url, &demo("30", "7"));
        let db = database.open().await;
        let made = generated(&db).await;
        let known: BTreeSet<_> = made
            .iter()
            .flat_map(|week| week.truth.merged.keys())
            .collect();
        let mut compared = 0;
        for (scope, segment) in known {
            for metric in METRICS {
                let asked = Weeks {
                    metric,
                    scope: Some(scope),
                    segment: Some(segment),
                    from: Some(&week_of(&made[0])),
                    to: Some(&week_of(&made[29])),
                };
                let told = figures(&db, asked, read::NOW_MS).await.unwrap();
                assert_eq!(told.len(), 30);
                for (figure, week) in told.iter().zip(&made) {
                    let key = (scope.clone(), segment.clone());
                    let count = week.truth.merged.get(&key).copied().unwrap_or(0);
                    let (value, sample) = known_of(&week.truth, metric, &key);
                    let what = format!("{metric} {scope} {segment} {}", figure.week);
                    // Before a scope's first change there is no count, which is not zero.
                    if metric != "changes_merged" || figure.value.is_some() || count > 0 {
                        assert_eq!(figure.value, value, "{what}");
                    }
                    assert_eq!(figure.sample, sample, "{what}");
                    compared += u64::from(count > 0);
                }
            }
        }
        let stored = dump::whole(&db).await;
        let known = stored.rows("figures").iter().filter(|row| {
            let is = |metric: &&str| row.contains(&format!("metric=Some({metric:?})"));
            METRICS.iter().any(is)
        });
        let stored = known.count() as u64;
        assert_eq!(
            stored, compared,
            "figures that the generator knows nothing of"
        );
        assert!(compared > 1_000);
        db.close().await;
    }
}

fn week_of(week: &WeekOfRecords) -> String {
    week.monday.format("%G-W%V").to_string()
}

/// What a generated database holds, but for the instants at which it was made.
async fn held(db: &Db) -> Vec<(String, Vec<String>)> {
    let dump: Dump = dump::whole(db).await;
    let tables = [
        "raw",
        "raw_refused",
        "registry",
        "changes",
        "reviews",
        "deployments",
        "incidents",
        "defects",
        "change_links",
        "figures",
        "touched_weeks",
    ];
    tables
        .map(|table| (table.to_owned(), dump.rows(table).to_vec()))
        .to_vec()
}

fn assert_same(one: &[(String, Vec<String>)], other: &[(String, Vec<String>)]) {
    for ((table, mine), (_, theirs)) in one.iter().zip(other) {
        assert!(
            mine == theirs,
            "{table}: {} and {} rows",
            mine.len(),
            theirs.len()
        );
    }
}

#[tokio::test]
async fn the_same_seed_fills_any_database_with_the_same_bytes_and_running_it_again_changes_nothing()
{
    let mut held_by = Vec::new();
    let mut databases = Database::on_each_engine().await;
    databases.push(Database::sqlite());
    for database in &databases {
        run(&database.url, &demo("5", "7"));
        let db = database.open().await;
        let first = held(&db).await;
        let said = run(&database.url, &demo("5", "7"));
        assert!(said.contains("there already"), "{said}");
        assert_same(&first, &held(&db).await);
        held_by.push(first);
        db.close().await;
    }
    for other in &held_by[1..] {
        assert_same(&held_by[0], other);
    }
    let another = Database::sqlite();
    run(&another.url, &demo("5", "8"));
    let db = another.open().await;
    assert_ne!(held(&db).await[0], held_by[0][0]);
}

/// Starts the program and kills it as soon as it has come so far.
async fn killed_after(database: &Database, db: &Db, weeks_done: u64) {
    let mut running = onehop(&database.url, &demo("30", "7")).spawn().unwrap();
    loop {
        let done = position(db)
            .await
            .map(|position| position["weeks_done"].as_u64().unwrap());
        if done.is_some_and(|done| done >= weeks_done) || running.try_wait().unwrap().is_some() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // It may have ended by itself.
    let _ = running.kill();
    running.wait().unwrap();
}

#[tokio::test]
async fn killed_again_and_again_and_run_once_more_it_is_the_same_company() {
    let undisturbed = Database::sqlite();
    run(&undisturbed.url, &demo("30", "7"));
    let db = undisturbed.open().await;
    let expected = held(&db).await;
    for database in Database::on_each_engine().await {
        let db = database.open().await;
        for weeks_done in [0, 1, 12, 13, 30] {
            killed_after(&database, &db, weeks_done).await;
        }
        run(&database.url, &demo("30", "7"));
        assert_same(&expected, &held(&db).await);
        db.close().await;
    }
}

#[tokio::test]
async fn a_database_that_holds_anything_real_is_refused_and_stays_as_it_is() {
    let open = json!({"id": "c1", "service": "shop", "author": {"id": "ana"}});
    for database in Database::on_each_engine().await {
        let db = database.open().await;
        deliver::good(&db, StreamName::Changes, std::slice::from_ref(&open)).await;
        assert_refused(&database, &db, "a real company").await;
        db.close().await;
    }
    for database in Database::on_each_engine().await {
        let db = database.open().await;
        deliver::declare(&db, Kind::Service, "shop", json!({"slug": "shop"})).await;
        assert_refused(&database, &db, "a real company").await;
        db.close().await;
    }
    for database in Database::on_each_engine().await {
        run(&database.url, &demo("2", "8"));
        let db = database.open().await;
        assert_refused(&database, &db, "--seed 8 --size small --weeks 2").await;
        db.close().await;
    }
}

async fn assert_refused(database: &Database, db: &Db, why: &str) {
    let before = dump::whole(db).await;
    let said = refusal(&database.url, &demo("2", "7"));
    for word in [why, "nothing was changed", "--database"] {
        assert!(said.contains(word), "{said}");
    }
    dump::whole(db).await.assert_same(&before, "a refused demo");
}

const MARK: &str = "Generated company: every name and number here is made up (seed 7).";

#[tokio::test]
async fn every_page_of_a_generated_company_says_that_it_is_one() -> Result<()> {
    let database = Database::sqlite();
    run(&database.url, &demo("3", "7"));
    let app = App::start(&database.url).await?;
    let made = position(&app.db).await.context("a position")?;
    let last: NaiveDate = made["last_monday"].as_str().context("a day")?.parse()?;
    let week = last.format("%G-W%V").to_string();
    let person = app.signed_in(Role::Executive).await?;
    let browser = app.browser()?;
    for path in [
        "/review".to_owned(),
        format!("/review/{week}"),
        format!("/records/pr_cycle_time?week={week}"),
        "/definitions/pr_cycle_time".to_owned(),
        "/review?scope=service:nope".to_owned(),
        "/nothing".to_owned(),
    ] {
        let request = browser.client.get(browser.at(&path));
        let page = request.header("cookie", person.cookie()).send().await?;
        assert!(page.text().await?.contains(MARK), "{path}");
    }
    let door = browser.get("/sign-in").await?.text().await?;
    assert!(door.contains(MARK), "/sign-in");
    Ok(())
}

#[tokio::test]
async fn a_real_company_carries_no_such_mark() -> Result<()> {
    let app = App::fresh().await?;
    let page = app.browser()?.get("/sign-in").await?.text().await?;
    assert!(!page.contains("Generated company"));
    Ok(())
}

async fn told(db: &Db) -> Vec<Chapter> {
    let mut tx = db.read().await.unwrap();
    registry::load(&mut tx).await.unwrap().company.story
}

#[tokio::test]
async fn a_generated_company_keeps_its_story_and_no_file_can_tell_another() {
    let database = Database::sqlite();
    run(&database.url, &demo("40", "7"));
    let db = database.open().await;
    let story = told(&db).await;
    let kinds: Vec<(&str, story::Kind)> = story
        .iter()
        .map(|chapter| (chapter.service.as_str(), chapter.kind))
        .collect();
    let expected = [
        ("checkout", story::Kind::FasterAndSloppier),
        ("catalogue", story::Kind::FasterNoSloppier),
    ];
    assert_eq!(kinds[..2], expected);
    assert!(
        kinds[2..]
            .iter()
            .all(|(_, kind)| *kind == story::Kind::NothingChanged)
    );
    let file = tempfile::tempdir().unwrap();
    let path = file.path().join("company.toml");
    std::fs::write(&path, "[company]\nname = \"Another\"").unwrap();
    run(&database.url, &["apply", path.to_str().unwrap()]);
    assert_eq!(told(&db).await, story);
    std::fs::write(&path, "[company]\nstory = []").unwrap();
    assert!(refusal(&database.url, &["apply", path.to_str().unwrap()]).contains("story"));
    db.close().await;
}

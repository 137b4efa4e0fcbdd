//! The generated company, fed like any other: its figures are the generator's own truth.

use std::time::Duration;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use serde_json::{Value, json};
use server::auth::role::Role;
use server::demo::{self, Plan, Size, Truth};
use server::ingest::StreamName;
use server::metrics::catalogue::{CATALOGUE, Kind};
use server::store::registry;
use server::store::story::{self, Chapter};
use server::store::{Db, cursors};
use server::views::table::{Weeks, figures};
use tests::app::App;
use tests::command::{onehop, refusal, run};
use tests::database::Database;
use tests::dump::{self, Dump};
use tests::{deliver, read};

const SIZE: [&str; 5] = ["demo", "--size", "small", "--no-serve", "--weeks"];

fn arguments<'a>(weeks: &'a str, seed: &'a str) -> Vec<&'a str> {
    [&SIZE[..], &[weeks, "--seed", seed]].concat()
}

/// What the program notes of what it generates, and how far it has come.
async fn position(db: &Db) -> Option<Value> {
    let mut tx = db.read().await.unwrap();
    let stored = cursors::get(&mut tx, "demo", "weeks").await.unwrap()?;
    serde_json::from_str(&stored).ok()
}

/// The plan that a database was filled by.
async fn plan(db: &Db) -> Plan {
    let position = position(db).await.unwrap();
    Plan {
        seed: position["seed"].as_u64().unwrap(),
        weeks: u32::try_from(position["weeks"].as_u64().unwrap()).unwrap(),
        size: Size::Small,
        last_monday: position["last_monday"].as_str().unwrap().parse().unwrap(),
    }
}

fn week_of(monday: NaiveDate) -> String {
    monday.format("%G-W%V").to_string()
}

const SEGMENTS: [&str; 4] = ["all", "agent", "assisted", "unmarked"];

/// Compares every figure of these weeks with the truth; answers how many have records behind them.
async fn assert_true(db: &Db, truth: &Truth, mondays: &[NaiveDate]) -> usize {
    let (from, to) = (week_of(mondays[0]), week_of(mondays[mondays.len() - 1]));
    let mut with_records = 0;
    for metric in CATALOGUE {
        for scope in truth.scopes() {
            for segment in SEGMENTS {
                let asked = Weeks {
                    metric: metric.id,
                    scope: Some(scope),
                    segment: Some(segment),
                    from: Some(&from),
                    to: Some(&to),
                };
                let told = figures(db, asked, read::NOW_MS).await.unwrap();
                assert_eq!(told.len(), mondays.len());
                for (told, monday) in told.iter().zip(mondays) {
                    let known = truth.figure(metric.id, (scope, segment), *monday);
                    let known = known.expect(metric.id);
                    let found = demo::Figure {
                        value: told.value,
                        sample: told.sample,
                        parts: match metric.kind {
                            Kind::Ratio | Kind::Sums => told.numerator.zip(told.denominator),
                            _ => None,
                        },
                    };
                    let what = format!("{} {scope} {segment} {}", metric.id, told.week);
                    assert_eq!(found, known, "{what}");
                    with_records += usize::from(known.sample > 0);
                }
            }
        }
    }
    with_records
}

/// How many figures are stored that have records behind them.
async fn stored(db: &Db) -> usize {
    let dump = dump::whole(db).await;
    let rows = dump.rows("figures").iter();
    rows.filter(|row| !row.contains("sample=Some(0)")).count()
}

/// Fills a database and compares all that it says with what the generator knows.
async fn assert_all_true(database: &Database, (weeks, seed): (&str, &str)) {
    run(&database.url, &arguments(weeks, seed));
    let db = database.open().await;
    let plan = plan(&db).await;
    let truth = Truth::of(&plan);
    // What is deployed or broken late in the last week may end in the next.
    let mondays: Vec<NaiveDate> = (0..u64::from(plan.weeks) + 2)
        .map(|week| plan.monday(0) + chrono::Days::new(7 * week))
        .collect();
    let with_records = assert_true(&db, &truth, &mondays).await;
    assert_eq!(
        with_records,
        truth.count(),
        "truths that were not asked for"
    );
    assert_eq!(
        stored(&db).await,
        truth.count(),
        "figures that nobody knows the truth of"
    );
    db.close().await;
}

#[tokio::test]
async fn every_figure_of_the_generated_company_is_what_the_generator_knows_to_be_true() {
    for database in Database::on_each_engine().await {
        assert_all_true(&database, ("30", "7")).await;
    }
    for seed in ["8", "9"] {
        assert_all_true(&Database::sqlite(), ("30", seed)).await;
    }
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
        run(&database.url, &arguments("5", "7"));
        let db = database.open().await;
        let first = held(&db).await;
        let said = run(&database.url, &arguments("5", "7"));
        assert!(said.contains("there already"), "{said}");
        assert_same(&first, &held(&db).await);
        held_by.push(first);
        db.close().await;
    }
    for other in &held_by[1..] {
        assert_same(&held_by[0], other);
    }
    let another = Database::sqlite();
    run(&another.url, &arguments("5", "8"));
    let db = another.open().await;
    assert_ne!(held(&db).await[0], held_by[0][0]);
}

/// Starts the program and kills it as soon as it has come so far.
async fn killed_after(database: &Database, db: &Db, weeks_done: u64) {
    let mut running = onehop(&database.url, &arguments("30", "7"))
        .spawn()
        .unwrap();
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
    run(&undisturbed.url, &arguments("30", "7"));
    let db = undisturbed.open().await;
    let expected = held(&db).await;
    for database in Database::on_each_engine().await {
        let db = database.open().await;
        for weeks_done in [0, 1, 12, 13, 30] {
            killed_after(&database, &db, weeks_done).await;
        }
        run(&database.url, &arguments("30", "7"));
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
        deliver::declare(
            &db,
            registry::Kind::Service,
            "shop",
            json!({"slug": "shop"}),
        )
        .await;
        assert_refused(&database, &db, "a real company").await;
        db.close().await;
    }
    for database in Database::on_each_engine().await {
        run(&database.url, &arguments("2", "8"));
        let db = database.open().await;
        assert_refused(&database, &db, "--seed 8 --size small --weeks 2").await;
        db.close().await;
    }
}

async fn assert_refused(database: &Database, db: &Db, why: &str) {
    let before = dump::whole(db).await;
    let said = refusal(&database.url, &arguments("2", "7"));
    for word in [why, "nothing was changed", "--database"] {
        assert!(said.contains(word), "{said}");
    }
    dump::whole(db).await.assert_same(&before, "a refused demo");
}

const MARK: &str = "Generated company: every name and number here is made up (seed 7).";

#[tokio::test]
async fn every_page_of_a_generated_company_says_that_it_is_one() -> Result<()> {
    let database = Database::sqlite();
    run(&database.url, &arguments("3", "7"));
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
    run(&database.url, &arguments("40", "7"));
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

//! `onehop import git`: what a clone's history becomes, and what is said of what it does not hold.

mod damaged;
mod deployments;
mod history;
mod odd;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike};
use serde_json::Value;
use server::connectors::git::Dates;
use server::store::changes::{self, Change};
use tests::command;
use tests::database::Database;
use tests::dump::{self, Dump};
use tests::git::{HOUR_S, MONDAY_S, Repository, Script, WEEK_S};

/// Imports a clone as the service shop.
fn import(database: &Database, clone: &Repository) -> Value {
    imported_with(database, clone, &[])
}

fn imported_with(database: &Database, clone: &Repository, options: &[&str]) -> Value {
    let command = [
        "import",
        "git",
        clone.argument(),
        "--service",
        "shop",
        "--json",
    ];
    command::json(&database.url, &[&command, options].concat())
}

/// What it says to a person.
fn said(database: &Database, clone: &Repository) -> String {
    let command = ["import", "git", clone.argument(), "--service", "shop"];
    command::run(&database.url, &command)
}

/// Dates as they were seen on 2026-09-01.
fn dates() -> Dates {
    Dates::seen_at(1_788_220_800)
}

/// What it says when it cannot be done.
fn refusal(database: &Database, clone: &Repository) -> String {
    let command = ["import", "git", clone.argument(), "--service", "shop"];
    command::refusal(&database.url, &command)
}

/// The changes that are stored, by title.
async fn stored(database: &Database) -> BTreeMap<String, Change> {
    let db = database.open().await;
    let mut tx = db.read().await.unwrap();
    let all = changes::after(&mut tx, "", "", 10_000).await.unwrap();
    drop(tx);
    db.close().await;
    let titled = all
        .into_iter()
        .map(|change| (change.title.clone().unwrap_or_default(), change));
    titled.collect()
}

async fn whole(database: &Database) -> Dump {
    let db = database.open().await;
    let dump = dump::whole(&db).await;
    db.close().await;
    dump
}

/// A list of JSON numbers or texts as texts.
fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| item.as_str().unwrap().to_owned())
        .collect()
}

/// What is said of changes that lack something.
fn gap<'a>(said: &'a Value, words: &str) -> &'a Value {
    let gaps = said["gaps"].as_array().unwrap();
    gaps.iter()
        .find(|gap| gap["what"].as_str().unwrap().contains(words))
        .unwrap_or_else(|| panic!("nothing on {words}: {said:#}"))
}

/// Three plain commits, each an hour after the other.
fn three() -> Script {
    let mut script = Script::default();
    let one = script.plain("one", &[], 0);
    let two = script.plain("two", &[one], 1);
    script.plain("three", &[two], 2);
    script
}

fn week_of(at_s: i64) -> String {
    let week = DateTime::from_timestamp(at_s, 0).unwrap().iso_week();
    format!("{}-W{:02}", week.year(), week.week())
}

fn counted<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeMap<T, u64> {
    let mut counts = BTreeMap::new();
    for item in items {
        *counts.entry(item).or_default() += 1;
    }
    counts
}

#[tokio::test]
async fn changes_of_a_week_are_what_git_log_counts() {
    let mut script = Script::default();
    let mut last = Vec::new();
    for commit in 0..60_i64 {
        let hours = commit * commit % 700;
        last = vec![script.plain(&format!("commit {commit}"), &last, hours)];
        if commit % 7 == 0 {
            script.tag(&format!("v{commit}"), last[0], None);
        }
    }
    let clone = script.build();
    // git log --first-parent --format=%ct, counted by ISO week in UTC
    let log = clone.git(&["log", "--first-parent", "--format=%ct", "main"]);
    let expected = counted(log.lines().map(|at_s| week_of(at_s.parse().unwrap())));
    // git tag --list 'v*'
    let tags = clone.git(&["tag", "--list", "v*"]).lines().count();
    for database in Database::on_each_engine().await {
        let said = import(&database, &clone);
        assert_eq!(said["deployments"]["tags"], tags);
        let (first, last) = (week_of(MONDAY_S), week_of(MONDAY_S + 700 * HOUR_S));
        let asked = [
            "export",
            "metric",
            "changes_merged",
            "--format",
            "json",
            "--from",
            &first,
            "--to",
            &last,
        ];
        let figures = command::json(&database.url, &asked);
        let figures = figures["figures"].as_array().unwrap().iter();
        let counted: BTreeMap<String, u64> = figures
            .map(|figure| {
                (
                    figure["week"].as_str().unwrap().to_owned(),
                    figure["value"].as_f64().unwrap_or(0.0) as u64,
                )
            })
            .filter(|(_, count)| *count > 0)
            .collect();
        assert_eq!(counted, expected, "{}", database.engine());
    }
}

#[tokio::test]
async fn importing_twice_leaves_every_row_as_it_was() {
    let mut script = three();
    script.tag("v1", 2, Some("1767600000 +0000"));
    let clone = script.build();
    for database in Database::on_each_engine().await {
        import(&database, &clone);
        let before = whole(&database).await;
        let again = import(&database, &clone);
        assert_eq!(again["changes"]["accepted"], 0);
        assert_eq!(again["changes"]["imported_before"], 3);
        whole(&database)
            .await
            .assert_same(&before, "imported twice");
    }
}

#[tokio::test]
async fn without_a_remembered_place_everything_is_sent_again_and_is_a_repeat() {
    let mut script = three();
    script.tag("v1", 1, None);
    script.tag("v2", 3, None);
    let clone = script.build();
    let database = Database::sqlite();
    import(&database, &clone);
    let before = whole(&database).await;
    forget(&database).await;
    let again = import(&database, &clone);
    assert_eq!(
        (&again["changes"]["accepted"], &again["changes"]["repeated"]),
        (&0.into(), &3.into())
    );
    assert_eq!(again["deployments"]["repeated"], 2);
    for table in ["changes", "deployments", "raw", "change_links", "figures"] {
        assert_eq!(
            whole(&database).await.rows(table),
            before.rows(table),
            "{table}"
        );
    }
}

/// Takes the remembered place away.
async fn forget(database: &Database) {
    let server::store::Db::Sqlite { write, .. } = database.open().await else {
        return;
    };
    sqlx::query("DELETE FROM cursors")
        .execute(&write)
        .await
        .unwrap();
    write.close().await;
}

#[tokio::test]
async fn a_second_import_adds_only_what_is_new() {
    let clone = three().build();
    let database = Database::sqlite();
    import(&database, &clone);
    let mut more = three();
    let four = more.plain("four", &[3], 3);
    more.tag("v4", four, None);
    clone.feed(more.text());
    let said = import(&database, &clone);
    assert_eq!(said["changes"]["imported_before"], 3);
    assert_eq!(
        (&said["changes"]["accepted"], &said["changes"]["repeated"]),
        (&1.into(), &0.into())
    );
    assert_eq!(said["deployments"]["accepted"], 1);
    assert_eq!(stored(&database).await.len(), 4);
}

#[tokio::test]
async fn a_second_import_ends_where_one_of_everything_ends() {
    let mut early = three();
    early.tag("v1", 1, None);
    let mut late = three();
    late.tag("v1", 1, None);
    let four = late.plain("four", &[3], 3);
    late.tag("v4", four, None);
    let (in_two, at_once) = (Database::sqlite(), Database::sqlite());
    let clone = early.build();
    import(&in_two, &clone);
    clone.feed(late.text());
    import(&in_two, &clone);
    import(&at_once, &clone);
    let facts = |dump: &Dump| {
        let figures = dump.rows("figures").to_vec();
        (figures, dump.rows("change_links").to_vec())
    };
    assert_eq!(facts(&whole(&in_two).await), facts(&whole(&at_once).await));
    assert_eq!(stored(&in_two).await.keys().count(), 4);
}

#[tokio::test]
async fn a_tip_that_left_the_line_is_said_and_everything_is_sent_again() {
    let clone = three().build();
    let database = Database::sqlite();
    import(&database, &clone);
    clone.git(&["update-ref", "refs/heads/main", "main~1"]);
    let mut other = Script::default();
    let one = other.plain("one", &[], 0);
    let two = other.plain("two", &[one], 1);
    other.plain("another three", &[two], 5);
    clone.feed(other.text());
    let said = import(&database, &clone);
    let sentences = texts(&said["sentences"]).join("\n");
    assert!(
        sentences.contains("is not on the first-parent line any more"),
        "{sentences}"
    );
    assert_eq!(
        (&said["changes"]["accepted"], &said["changes"]["repeated"]),
        (&1.into(), &2.into())
    );
}

#[tokio::test]
async fn the_sentences_tell_changes_weeks_marks_deployments_and_what_is_not_known() {
    let mut script = Script::default();
    let one = script.plain("one", &[], 0);
    let marked = "two (#7)\n\nCo-authored-by: Claude <noreply@anthropic.com>\n";
    let two = script.plain(marked, &[one], 1);
    script.plain("three", &[two], WEEK_S / HOUR_S);
    let database = Database::sqlite();
    let said = said(&database, &script.build());
    for words in [
        "shop: 3 changes on the first-parent line of main, in 2 weeks from 2026-W02 to 2026-W03",
        "An agent's mark is on 1 of 3 merged changes (33.3 %): 0 by agents, 1 assisted",
        "trailer Co-authored-by names",
        "No tag matches v*",
        "When 1 change was begun is not in the history",
        "Git knows no reviews and no incidents",
        "shop is not registered",
    ] {
        assert!(said.contains(words), "{words} is not in: {said}");
    }
}

#[test]
fn a_service_that_cannot_be_one_is_refused() {
    let clone = three().build();
    let database = Database::sqlite();
    let command = ["import", "git", clone.argument(), "--service", "a shop"];
    let said = command::refusal(&database.url, &command);
    assert!(said.contains("is no slug"), "{said}");
}

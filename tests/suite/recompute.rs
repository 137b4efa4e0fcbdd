//! Every exported figure, computed again from its exported records by a script that shares no code
//! with the server, is the same.

use std::path::Path;
use std::process::Command;

use server::store::Db;
use tests::database::Database;
use tests::import::{self, Shape};
use tests::{command, fixture, repository};

/// After every record of both tests, and soon after, so that few weeks are empty.
const AS_OF: &str = "2026-11-09T00:00:00Z";

/// Whether all figures came out the same, and what the script said.
fn computed_again(database: &str, scopes: &[&str], segments: &[&str]) -> (bool, String) {
    let mut node = Command::new("node");
    node.arg(repository::root().join("tests/recompute.mjs"))
        .arg("--program")
        .arg(command::program())
        .args(["--database", database, "--as-of", AS_OF]);
    for scope in scopes {
        node.args(["--scope", scope]);
    }
    for segment in segments {
        node.args(["--segment", segment]);
    }
    let output = node.output().unwrap();
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    println!("{said}");
    (output.status.success(), said)
}

fn import(database: &str, stream: &str, file: &Path) {
    command::run(
        database,
        &["import", "records", stream, file.to_str().unwrap()],
    );
}

#[tokio::test]
async fn the_fixtures_figures_computed_again_from_their_records_are_the_same() {
    for database in Database::on_each_engine().await {
        let registry = fixture::path("registry.toml");
        command::run(&database.url, &["apply", registry.to_str().unwrap()]);
        import(&database.url, "changes", &fixture::path("changes.ndjson"));
        import(&database.url, "reviews", &fixture::path("reviews.ndjson"));
        let scopes = [
            "company",
            "service:shop",
            "service:search",
            "workflow:buying",
        ];
        let (same, said) = computed_again(&database.url, &scopes, &["all", "agent", "unmarked"]);
        assert!(same && said.contains("; 0 differences"));
    }
}

/// Forty weeks, so that normal ranges and all kinds of words come up.
fn a_year() -> Database {
    let database = Database::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let (changes, reviews) = import::generated(Shape {
        changes: 900,
        weeks: 40,
        seed: 11,
    });
    for (stream, text) in [("changes", changes), ("reviews", reviews)] {
        let file = folder.path().join(stream);
        std::fs::write(&file, text).unwrap();
        import(&database.url, stream, &file);
    }
    database
}

#[tokio::test]
async fn a_years_figures_computed_again_from_their_records_are_the_same_until_one_is_touched() {
    let database = a_year();
    let (same, said) = computed_again(&database.url, &["company"], &["all"]);
    assert!(same && said.contains("; 0 differences"));
    let db = database.open().await;
    if let Db::Sqlite { write, .. } = &db {
        let touch = "UPDATE figures SET value = value + 1 WHERE metric = 'pr_cycle_time' AND week = '2026-W20'";
        sqlx::query(touch).execute(write).await.unwrap();
    }
    db.close().await;
    let (same, said) = computed_again(&database.url, &["company"], &["all"]);
    assert!(!same && said.contains("pr_cycle_time 2026-W20 company all: value is"));
}

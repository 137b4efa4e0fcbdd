//! Every exported figure, computed again from its exported records by a script that shares no code
//! with the server, is the same.

use std::path::Path;
use std::process::Command;

use tests::database::Database;
use tests::import::{self, Shape};
use tests::{command, fixture, repository};

/// After every record of both tests, and soon after, so that few weeks are empty.
const AS_OF: &str = "2026-11-09T00:00:00Z";

fn computed_again(database: &str, scopes: &[&str], segments: &[&str]) -> String {
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
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complained}");
    said
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
        let said = computed_again(&database.url, &scopes, &["all", "agent", "unmarked"]);
        assert!(said.contains("0 differences"), "{said}");
    }
}

#[test]
fn a_years_figures_computed_again_from_their_records_are_the_same() {
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
    let said = computed_again(&database.url, &["company"], &["all"]);
    assert!(said.contains("0 differences"), "{said}");
}

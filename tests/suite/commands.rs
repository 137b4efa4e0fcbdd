//! The command line as scripts and people meet it: what goes in, what comes out, and how it refuses.

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::database::Database;
use tests::{command, fixture};

const AS_OF: [&str; 2] = ["--as-of", "2026-11-09T00:00:00Z"];

fn fed() -> Database {
    let database = Database::sqlite();
    let path = |file: &str| fixture::path(file).display().to_string();
    command::run(&database.url, &["apply", &path("registry.toml")]);
    for stream in ["changes", "reviews"] {
        let file = path(&format!("{stream}.ndjson"));
        command::run(&database.url, &["import", "records", stream, &file]);
    }
    database
}

fn written(text: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, text).unwrap();
    (folder, file)
}

fn export(database: &Database, arguments: &[&str]) -> Value {
    let whole = [&["export"], arguments, &["--format", "json"], &AS_OF].concat();
    command::json(&database.url, &whole)
}

fn keys(value: &Value) -> Vec<&str> {
    let keys = value.as_object().unwrap().keys();
    keys.map(String::as_str).collect()
}

#[test]
fn applying_the_same_file_again_changes_nothing() {
    let database = Database::sqlite();
    let file = fixture::path("registry.toml").display().to_string();
    let first = command::json(&database.url, &["apply", &file, "--json"]);
    assert_eq!(first["added"].as_array().unwrap().len(), 5);
    let again = command::json(&database.url, &["apply", &file, "--json"]);
    assert_eq!(
        (&again["added"], &again["changed"]),
        (&json!([]), &json!([]))
    );
}

#[test]
fn an_import_says_what_became_of_each_record() {
    let database = Database::sqlite();
    let good =
        r#"{"id":"c1","service":"shop","author":{"id":"ana"},"merged_at":"2026-11-03T10:00:00Z"}"#;
    let bad = good.replace("c1", "c2").replace("2026-11-03", "soon");
    let (_folder, file) = written(&format!("[{good}, {bad}, 7]"));
    let import = [
        "import",
        "records",
        "changes",
        file.to_str().unwrap(),
        "--json",
    ];
    let said = command::json(&database.url, &import);
    assert_eq!(
        (&said["accepted"], &said["repeated"]),
        (&json!(1), &json!(0))
    );
    let refused = said["refused"].as_array().unwrap();
    assert_eq!(
        (&refused[0]["index"], &refused[0]["id"]),
        (&json!(1), &json!("c2"))
    );
    assert_eq!(refused[0]["field"], "merged_at");
    assert_eq!(
        (&refused[1]["index"], &refused[1]["id"]),
        (&json!(2), &Value::Null)
    );
    let again = command::json(&database.url, &import);
    assert_eq!(
        (&again["accepted"], &again["repeated"]),
        (&json!(0), &json!(1))
    );
}

#[test]
fn an_import_of_nothing_good_fails() {
    let database = Database::sqlite();
    let (_folder, file) = written("garbage\n");
    let import = ["import", "records", "changes", file.to_str().unwrap()];
    let said = command::refusal(&database.url, &import);
    assert!(said.contains("refused"), "{said}");
}

#[test]
fn exported_figures_carry_every_field_of_the_contract() {
    let database = fed();
    let whole = export(
        &database,
        &[
            "metric",
            "pr_cycle_time",
            "--from",
            "2026-W42",
            "--to",
            "2026-W44",
        ],
    );
    assert_eq!(keys(&whole), ["figures"]);
    let figures = whole["figures"].as_array().unwrap();
    assert_eq!(figures.len(), 3);
    let contract = "metric week scope segment value unit sample numerator denominator p90 low high parts \
                    interval normal_range signal state settles reason definition_version records_url";
    for name in contract.split_whitespace() {
        assert!(keys(&figures[0]).contains(&name), "{name}");
    }
    assert_eq!(
        (&figures[1]["value"], &figures[1]["unit"]),
        (&json!(6300.0), &json!("seconds"))
    );
    assert_eq!(figures[1]["settles"], "2026-10-25T23:00:00Z");
}

#[test]
fn exported_records_carry_every_field_of_the_contract() {
    let database = fed();
    let whole = export(
        &database,
        &["records", "pr_cycle_time", "--week", "2026-W43"],
    );
    assert_eq!(whole["next"], Value::Null);
    let records = whole["records"].as_array().unwrap();
    assert_eq!(records.len(), 8);
    let contract = "id kind title url at value unit parts reason segment evidence receipt_url";
    for name in contract.split_whitespace() {
        assert!(keys(&records[0]).contains(&name), "{name}");
    }
    assert_eq!(records[0]["kind"], "change");
    let id = records[0]["id"].as_str().unwrap();
    let url = app::routes::receipt("change", id);
    assert_eq!(records[0]["receipt_url"], url.as_str());
}

#[test]
fn the_csv_holds_the_same_figures_as_the_json() {
    let database = fed();
    let asked = [
        "metric",
        "changes_merged",
        "--from",
        "2026-W41",
        "--to",
        "2026-W44",
    ];
    let json = export(&database, &asked);
    let whole = [&["export"], &asked[..], &["--format", "csv"], &AS_OF].concat();
    let csv = command::run(&database.url, &whole);
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let at = |name| header.iter().position(|column| *column == name).unwrap();
    for (figure, line) in json["figures"].as_array().unwrap().iter().zip(lines) {
        assert_eq!(line[at("week")], figure["week"].as_str().unwrap());
        assert_eq!(line[at("sample")], figure["sample"].to_string());
        let value = figure["value"].as_f64();
        assert_eq!(line[at("value")].parse().ok(), value);
    }
}

#[test]
fn now_is_an_input() {
    let database = fed();
    let state = |as_of| {
        let asked = [
            "export",
            "metric",
            "pr_cycle_time",
            "--from",
            "2026-W44",
            "--to",
            "2026-W44",
        ];
        let whole = [&asked[..], &["--format", "json", "--as-of", as_of]].concat();
        command::json(&database.url, &whole)["figures"][0]["state"].clone()
    };
    assert_eq!(state("2026-11-01T22:59:59Z"), "maturing");
    assert_eq!(state("2026-11-01T23:00:00Z"), "provisional");
}

#[test]
fn recomputing_changes_no_export() {
    let database = fed();
    let asked = [
        "metric",
        "pr_cycle_time",
        "--from",
        "2026-W42",
        "--to",
        "2026-W44",
    ];
    let before = export(&database, &asked);
    command::run(&database.url, &["recompute"]);
    assert_eq!(before, export(&database, &asked));
}

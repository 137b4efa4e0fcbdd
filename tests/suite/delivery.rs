//! Every case of the fixture comes out as computed by hand: one file a rule of links and delivery.
//!
//! A case names only what it is about. Each is fed in an order of its own, and again from nothing.

use std::fs;

use serde_json::{Map, Value};
use server::cli::apply::{Document, apply};
use server::ingest::StreamName;
use server::store::Db;
use tests::database::{Database, execute};
use tests::read::Name;
use tests::{deliver, dump, read, repository, schema};

/// The cases, by the name of their file.
fn cases() -> Vec<(String, Value)> {
    let files = repository::files("tests/fixtures/delivery", &[".json"]);
    files
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(repository::root().join(&path)).unwrap();
            let case =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
            (path, case)
        })
        .collect()
}

fn list<'a>(case: &'a Value, member: &str) -> &'a [Value] {
    case[member].as_array().map_or(&[], Vec::as_slice)
}

async fn declare(db: &Db, case: &Value) {
    let registry = case["registry"].as_str().unwrap_or_default();
    let document = Document::parse(registry).unwrap();
    apply(db, document, read::NOW_MS, &|_, _, _| {})
        .await
        .unwrap();
}

/// Stream by stream, each record by itself, with the figures brought up to date after each.
async fn feed_one_by_one(db: &Db, case: &Value) {
    declare(db, case).await;
    for stream in StreamName::ALL {
        for record in list(case, stream.as_str()) {
            deliver::good(db, stream, std::slice::from_ref(record)).await;
        }
    }
}

async fn feed(db: &Db, case: &Value, seed: u64) {
    declare(db, case).await;
    let mut records = Vec::new();
    for stream in StreamName::ALL {
        let these = list(case, stream.as_str()).iter();
        records.extend(these.map(|record| (stream, record.to_string())));
    }
    deliver::shuffled(db, &records, seed).await;
}

fn name(of: &Value) -> Name<'_> {
    Name {
        metric: of["metric"].as_str().unwrap(),
        scope: of["scope"].as_str().unwrap_or("company"),
        segment: of["segment"].as_str().unwrap_or("all"),
        week: of["week"].as_str().unwrap(),
    }
}

/// Whether what came out is what was computed, numbers but for the last digits.
fn is_same(expected: &Value, told: &Value) -> bool {
    match (expected, told) {
        (Value::Number(_), Value::Number(_)) => {
            let (a, b) = (expected.as_f64().unwrap(), told.as_f64().unwrap());
            (a - b).abs() <= 1e-9 * a.abs().max(1.0)
        }
        (Value::Object(expected), Value::Object(told)) => expected
            .iter()
            .all(|(key, value)| is_same(value, told.get(key).unwrap_or(&Value::Null))),
        (Value::Array(expected), Value::Array(told)) => {
            expected.len() == told.len() && expected.iter().zip(told).all(|(a, b)| is_same(a, b))
        }
        _ => expected == told,
    }
}

async fn check_figure(db: &Db, expected: &Value, wrong: &mut Vec<String>) {
    let name = name(expected);
    let told = serde_json::to_value(read::figure(db, name).await).unwrap();
    let expected: &Map<String, Value> = expected.as_object().unwrap();
    for (member, value) in expected {
        let said = &told[member];
        let same = match (member.as_str(), value, said) {
            ("reason", Value::String(part), Value::String(whole)) => whole.contains(part.as_str()),
            _ => is_same(value, said),
        };
        if !same {
            wrong.push(format!("{name:?}: {member} is {said}, computed {value}"));
        }
    }
}

async fn check_records(db: &Db, expected: &Value, wrong: &mut Vec<String>) {
    let name = name(expected);
    let told = serde_json::to_value({
        let lists = read::records(db, name).await;
        serde_json::json!({"counted": lists.counted, "left_out": lists.left_out})
    })
    .unwrap();
    for member in ["counted", "left_out"] {
        let Some(asked) = expected[member].as_array() else {
            continue;
        };
        let listed = told[member].as_array().unwrap();
        let ids = |these: &[Value]| -> Vec<String> {
            these.iter().map(|one| one["id"].to_string()).collect()
        };
        let (mut asked_ids, mut listed_ids) = (ids(asked), ids(listed));
        if member == "left_out" {
            asked_ids.sort_unstable();
            listed_ids.sort_unstable();
        }
        if asked_ids != listed_ids {
            wrong.push(format!(
                "{name:?}: {member} lists {listed_ids:?}, computed {asked_ids:?}"
            ));
            continue;
        }
        for one in asked {
            let record = listed
                .iter()
                .find(|record| record["id"] == one["id"])
                .unwrap();
            for (key, value) in one.as_object().unwrap() {
                let same = match (key.as_str(), value, &record[key]) {
                    ("reason", Value::String(part), Value::String(whole)) => {
                        whole.contains(part.as_str())
                    }
                    (_, value, said) => is_same(value, said),
                };
                if !same {
                    wrong.push(format!(
                        "{name:?}: {} {key} is {}, computed {value}",
                        one["id"], record[key]
                    ));
                }
            }
        }
    }
}

/// The incidents that blame no deployment, each listed with the reason.
async fn check_unattributed(db: &Db, expected: &Value, wrong: &mut Vec<String>) {
    let mut told = Vec::new();
    for week in ["2026-W08", "2026-W09", "2026-W10", "2026-W11", "2026-W12"] {
        let incidents = read::records(db, read::company("incident_frequency", week)).await;
        let nowhere = incidents.counted.into_iter().filter(|incident| {
            let reason = incident.reason.as_deref().unwrap_or_default();
            reason.starts_with("laid to no deployment: ")
        });
        told.extend(nowhere.map(|incident| incident.id));
    }
    told.sort_unstable();
    if Value::from(told.clone()) != *expected {
        wrong.push(format!("unattributed are {told:?}, computed {expected}"));
    }
}

async fn check(db: &Db, case: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    for figure in list(case, "figures") {
        check_figure(db, figure, &mut wrong).await;
    }
    for records in list(case, "records") {
        check_records(db, records, &mut wrong).await;
    }
    if let Some(expected) = case.get("unattributed") {
        check_unattributed(db, expected, &mut wrong).await;
    }
    wrong
}

/// Takes out what a case brought, so that the next begins from nothing.
async fn empty(db: &Db, tables: impl Iterator<Item = &String>) {
    for table in tables {
        execute(db, &format!("DELETE FROM {table}")).await;
    }
}

#[tokio::test]
async fn every_case_comes_out_as_computed_by_hand_in_any_order_and_from_nothing() {
    let cases = cases();
    assert!(cases.len() >= 40, "{}", cases.len());
    let databases = Database::on_each_engine().await;
    let mut wrong = Vec::new();
    for database in &databases {
        let db = database.open().await;
        let tables = schema::tables(&db).await;
        for (seed, (path, case)) in (0..).zip(&cases) {
            let checks = list(case, "figures").len() + list(case, "records").len();
            assert!(checks > 0, "{path} checks nothing");
            feed(&db, case, seed).await;
            let mut found = check(&db, case).await;
            let once = dump::facts(&db).await;
            deliver::recompute(&db).await;
            once.assert_same(&dump::facts(&db).await, path);
            empty(&db, tables.keys()).await;
            if database.engine() == "SQLite" {
                feed_one_by_one(&db, case).await;
                found.extend(check(&db, case).await);
                empty(&db, tables.keys()).await;
            }
            let engine = database.engine();
            wrong.extend(
                found
                    .into_iter()
                    .map(|what| format!("{path}, {engine}: {what}")),
            );
        }
        db.close().await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

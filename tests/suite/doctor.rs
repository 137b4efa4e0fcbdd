//! `onehop doctor`: what it finds well, what it finds wrong, and what it says to do.

use serde_json::{Value, json};
use server::auth::role::Role;
use server::auth::sign_in;
use server::ingest::StreamName;
use server::settings::{By, accounts};
use server::store::registry::Kind;
use server::store::{Db, acts};
use tests::command::onehop;
use tests::company::Company;
use tests::database::{Database, execute};
use tests::deliver;

/// Its exit code, and what it found, by check.
fn examined(database: &Database) -> (i32, Value) {
    let output = onehop(&database.url, &["doctor", "--json"])
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap();
    (output.status.code().unwrap(), report)
}

fn state<'a>(report: &'a Value, check: &str) -> &'a str {
    let checks = report["checks"].as_array().unwrap();
    let found = checks.iter().find(|one| one["check"] == check);
    found.unwrap_or_else(|| panic!("{check} in {report}"))["state"]
        .as_str()
        .unwrap()
}

/// A company in which nothing is wrong. It counts as generated, so that no week is overdue by the
/// clock of the day.
async fn well(database: &Database) -> Db {
    let db = database.open().await;
    let company = Company::of(3).declaring("generated_seed", json!(1));
    company.feed(&db).await;
    sign_in::invite(&db, "ops@example.org", Role::Operator, 0)
        .await
        .unwrap();
    db
}

#[tokio::test]
async fn where_nothing_is_wrong_every_check_is_well_and_it_ends_with_0() {
    for database in Database::on_each_engine().await {
        let db = well(&database).await;
        let (code, report) = examined(&database);
        assert_eq!((code, &report["faults"]), (0, &json!(0)), "{report}");
        for check in report["checks"].as_array().unwrap() {
            assert_eq!(check["state"], "well", "{check}");
        }
        db.close().await;
    }
}

#[tokio::test]
async fn each_thing_that_is_wrong_is_found_with_what_to_do() {
    let wrong: [(&str, &str, &'static str); 5] = [
        (
            "figures",
            "fault",
            "UPDATE figures SET sample = sample + 1 WHERE metric = 'changes_merged'",
        ),
        ("people", "fault", "UPDATE people SET role = 'finance'"),
        (
            "jobs",
            "fault",
            "INSERT INTO jobs (name, failures, last_error) VALUES ('freeze_week', 3, 'no room')",
        ),
        (
            "jobs",
            "notice",
            "INSERT INTO jobs (name, holder, lease_until, failures) VALUES ('freeze_week', 'gone', 5, 0)",
        ),
        (
            "backlog",
            "notice",
            "INSERT INTO walks (cause, service, id, changes, is_through) VALUES ('anew', '', '', 7, 0)",
        ),
    ];
    for database in Database::on_each_engine().await {
        for (check, expected, statement) in wrong {
            let database = database.another().await;
            let db = well(&database).await;
            execute(&db, statement).await;
            let (code, report) = examined(&database);
            assert_eq!(state(&report, check), expected, "{report}");
            assert_eq!(code, i32::from(expected == "fault"));
            let checks = report["checks"].as_array().unwrap();
            let all_say = checks
                .iter()
                .all(|one| (one["state"] == "well") == one["to_do"].is_null());
            assert!(all_say, "{report}");
            db.close().await;
        }
    }
}

#[tokio::test]
async fn records_set_aside_quiet_sources_and_weeks_not_frozen_are_told() {
    let database = Database::sqlite();
    let db = database.open().await;
    Company::of(3).feed(&db).await;
    deliver::texts(&db, StreamName::Changes, &["{}", "7"]).await;
    let pager =
        json!({"kind": "push", "name": "pager", "streams": ["incidents"], "rhythm": "daily"});
    deliver::declare(&db, Kind::Source, "pager", pager).await;
    execute(&db, "UPDATE raw SET received_at = 1768000000000").await;
    let (code, report) = examined(&database);
    assert_eq!(code, 1);
    for (check, expected) in [
        ("set aside", "notice"),
        ("sources", "fault"),
        ("freezes", "fault"),
    ] {
        assert_eq!(state(&report, check), expected, "{report}");
    }
    db.close().await;
}

fn says<'a>(report: &'a Value, check: &str) -> &'a str {
    let checks = report["checks"].as_array().unwrap();
    let found = checks.iter().find(|one| one["check"] == check).unwrap();
    found["says"].as_str().unwrap()
}

#[tokio::test]
async fn a_whole_record_of_acts_is_told_with_its_head_and_a_broken_one_by_its_number() {
    for database in Database::on_each_engine().await {
        let db = well(&database).await;
        let by = By {
            email: "ops@example.org",
            now_ms: 1,
        };
        for name in ["forge", "pager", "tracker"] {
            accounts::make_token(&db, (name, "ingest"), by)
                .await
                .unwrap();
        }
        let head = acts::head(&mut db.read().await.unwrap()).await.unwrap();
        let (code, report) = examined(&database);
        assert_eq!((code, state(&report, "acts")), (0, "well"));
        let whole = format!("is whole: 3, ending in {}.", head.unwrap().hash);
        assert!(says(&report, "acts").ends_with(&whole), "{report}");
        execute(&db, "UPDATE acts SET by_whom = 'x' WHERE number = 2").await;
        let (code, report) = examined(&database);
        assert_eq!((code, state(&report, "acts")), (1, "fault"));
        assert!(says(&report, "acts").starts_with("act 2 of 3 "), "{report}");
        db.close().await;
    }
}

#[tokio::test]
async fn a_database_of_another_schema_is_told_and_left_as_it_is() {
    for database in Database::on_each_engine().await {
        let db = well(&database).await;
        execute(&db, "DELETE FROM _sqlx_migrations WHERE version = (SELECT MAX(version) FROM _sqlx_migrations)").await;
        let (code, report) = examined(&database);
        assert_eq!((code, state(&report, "schema")), (1, "fault"));
        assert_eq!(examined(&database).1, report);
        db.close().await;
    }
}

#[test]
fn a_database_that_is_not_there_is_a_fault_and_is_not_made() {
    let database = Database::sqlite();
    let (code, report) = examined(&database);
    assert_eq!((code, state(&report, "database")), (1, "fault"));
    let file = database.url.strip_prefix("sqlite:").unwrap();
    assert!(!std::path::Path::new(file).exists());
}

//! `onehop freeze` as scripts and people meet it: what it prints, and how it ends.

use serde_json::json;
use server::store::{Db, weeks};
use tests::command::{self, onehop};
use tests::database::Database;

use super::{WEEK, frozen_weeks, shop};

/// The command at an instant.
fn at<'a>(now: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    [&["freeze", "--as-of", now], arguments].concat()
}

const MONDAY: &str = "2026-11-23T07:00:00Z";

async fn shops() -> Vec<(Database, Db)> {
    let mut shops = Vec::new();
    for database in Database::on_each_engine().await {
        let db = database.open().await;
        shop(&db).await;
        shops.push((database, db));
    }
    shops
}

/// How many figures are kept of a week, and how many of them have settled.
async fn kept(db: &Db, week: &str) -> (usize, usize) {
    let mut tx = db.read().await.unwrap();
    let kept = weeks::figures(&mut tx, week).await.unwrap();
    (kept.len(), kept.iter().filter(|own| own.is_settled).count())
}

#[tokio::test]
async fn the_latest_complete_week_freezes_and_what_was_kept_is_said() {
    for (database, db) in shops().await {
        let said = command::run(&database.url, &at(MONDAY, &[]));
        let (figures, settled) = kept(&db, WEEK).await;
        assert!(0 < settled && settled < figures);
        assert_eq!(
            said,
            format!(
                "{WEEK} is frozen: {figures} figures, {settled} of them settled; settled of earlier weeks: 0\n"
            )
        );
        let next = command::run(&database.url, &at("2026-11-30T07:00:00Z", &[]));
        let later = figures - settled;
        assert!(
            next.ends_with(&format!("settled of earlier weeks: {later}\n")),
            "{next}"
        );
        db.close().await;
    }
}

#[tokio::test]
async fn a_week_that_is_named_freezes_alone_and_is_told_as_json() {
    for (database, db) in shops().await {
        let named = at(MONDAY, &["--week", "2026-W46", "--json"]);
        let said = command::json(&database.url, &named);
        let (figures, settled) = kept(&db, "2026-W46").await;
        assert_eq!(
            said,
            json!({
                "week": "2026-W46", "frozen_at": MONDAY, "was_frozen": false,
                "figures": figures, "settled": settled, "settled_since": 0,
            })
        );
        assert_eq!(frozen_weeks(&db).await, ["2026-W46"]);
        db.close().await;
    }
}

#[tokio::test]
async fn a_week_frozen_before_is_said_to_be_and_that_is_no_failure() {
    for (database, db) in shops().await {
        command::run(&database.url, &at(MONDAY, &[]));
        let later = at("2026-11-24T12:00:00Z", &[]);
        assert_eq!(
            command::run(&database.url, &later),
            "2026-W47 is frozen already, since 2026-11-23 07:00 UTC; nothing was changed\n"
        );
        let told = command::json(&database.url, &[&later[..], &["--json"]].concat());
        assert_eq!(
            (&told["was_frozen"], &told["frozen_at"]),
            (&json!(true), &json!(MONDAY))
        );
        db.close().await;
    }
}

#[tokio::test]
async fn what_cannot_freeze_is_refused_in_a_sentence_and_nothing_is_frozen() {
    for (database, db) in shops().await {
        for (week, code, sentence) in [
            (
                "2026-W48",
                1,
                "onehop: 2026-W48 is not over, and only complete weeks freeze; the latest is 2026-W47\n",
            ),
            ("2026-W54", 2, "2026-W54"),
            ("yesterday", 2, "yesterday"),
        ] {
            let asked = at(MONDAY, &["--week", week]);
            let ended = onehop(&database.url, &asked).output().unwrap();
            assert_eq!((ended.status.code(), ended.stdout.len()), (Some(code), 0));
            let said = String::from_utf8(ended.stderr).unwrap();
            assert!(said.contains(sentence), "{said}");
        }
        assert!(frozen_weeks(&db).await.is_empty());
        db.close().await;
    }
}

#[tokio::test]
async fn a_week_without_records_freezes_with_no_figure() {
    for database in Database::on_each_engine().await {
        assert_eq!(
            command::run(&database.url, &at(MONDAY, &[])),
            "2026-W47 is frozen: 0 figures, 0 of them settled; settled of earlier weeks: 0\n"
        );
    }
}

//! The recorded pull requests of a real project come out whole, each with its own cycle time.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::{Value, json};
use server::ingest::StreamName::{Changes, Reviews};
use server::metrics::week::Calendar;
use server::store::Db;
use server::store::registry::Kind;
use tests::database::on_each_engine;
use tests::read::{self, company};
use tests::{deliver, dump, recorded};

async fn fed(db: &Db, recorded: &[Value]) {
    deliver::declare(db, Kind::Service, "ants", json!({"slug": "ants"})).await;
    let changes: Vec<Value> = recorded.iter().map(recorded::change).collect();
    let reviews: Vec<Value> = recorded.iter().flat_map(recorded::reviews).collect();
    deliver::good(db, Changes, &changes).await;
    deliver::good(db, Reviews, &reviews).await;
}

fn seconds(instant: &Value) -> Option<i64> {
    let instant = DateTime::parse_from_rfc3339(instant.as_str()?).unwrap();
    Some(instant.timestamp())
}

/// Merge − the earlier of first commit and creation, in seconds; none without a commit.
fn cycle_time(recorded: &Value) -> Option<f64> {
    let merged = seconds(&recorded["payload"]["merged_at"])?;
    let created = seconds(&recorded["payload"]["created_at"])?;
    let commits = recorded["commits"].as_array()?;
    let first = commits
        .iter()
        .filter_map(|commit| seconds(&commit["commit"]["author"]["date"]))
        .min()?;
    Some((merged - first.min(created)) as f64)
}

/// The merged ones by the week of their merge.
fn merged_by_week(recorded: &[Value]) -> BTreeMap<String, Vec<&Value>> {
    let mut weeks: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for pull_request in recorded {
        if let Some(merged) = seconds(&pull_request["payload"]["merged_at"]) {
            let week = Calendar::utc().week_of(merged * 1_000).to_string();
            weeks.entry(week).or_default().push(pull_request);
        }
    }
    weeks
}

#[tokio::test]
async fn recorded_pull_requests_are_all_kept_with_their_whole_titles() {
    let Some(recorded) = recorded::pull_requests() else {
        return;
    };
    on_each_engine(async |db| {
        fed(&db, &recorded).await;
        let dump = dump::facts(&db).await;
        assert_eq!((recorded.len(), dump.rows("changes").len()), (49, 49));
        for pull_request in &recorded {
            let title = format!("title={:?}", pull_request["payload"]["title"].as_str());
            let id = format!(" id=Some({:?})", recorded::id(pull_request));
            let row = dump.rows("changes").iter().find(|row| row.contains(&id));
            assert!(row.unwrap().contains(&title), "{title}");
        }
    })
    .await;
}

#[tokio::test]
async fn each_merged_pull_request_is_listed_with_its_own_cycle_time() {
    let Some(recorded) = recorded::pull_requests() else {
        return;
    };
    let weeks = merged_by_week(&recorded);
    assert_eq!(weeks.values().map(Vec::len).sum::<usize>(), 26);
    on_each_engine(async |db| {
        fed(&db, &recorded).await;
        for (week, merged) in &weeks {
            let count = read::figure(&db, company("changes_merged", week)).await;
            assert_eq!(count.sample as usize, merged.len(), "{week}");
            let list = read::records(&db, company("pr_cycle_time", week)).await;
            let figure = read::figure(&db, company("pr_cycle_time", week)).await;
            assert_eq!(figure.sample as usize, list.counted.len(), "{week}");
            assert_eq!(list.counted.len() + list.left_out.len(), merged.len());
            for pull_request in merged {
                let id = recorded::id(pull_request);
                let mut listed = list.counted.iter().chain(&list.left_out);
                let record = listed.find(|record| record.id == id).unwrap();
                assert_eq!(record.value, cycle_time(pull_request), "{id} in {week}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn none_of_the_recorded_pull_requests_bears_a_mark() {
    let Some(recorded) = recorded::pull_requests() else {
        return;
    };
    on_each_engine(async |db| {
        fed(&db, &recorded).await;
        let dump = dump::facts(&db).await;
        let links = dump.rows("change_links");
        let plain = [r#" segment=Some("unmarked") "#, r#" evidence=Some("[]") "#];
        let is_plain = |row: &&String| plain.iter().all(|part| row.contains(part));
        let marked: Vec<&String> = links.iter().filter(|row| !is_plain(row)).collect();
        assert_eq!((links.len(), marked), (49, Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn recorded_pull_requests_fed_again_in_another_order_change_nothing() {
    let Some(recorded) = recorded::pull_requests() else {
        return;
    };
    on_each_engine(async |db| {
        fed(&db, &recorded).await;
        let once = dump::facts(&db).await;
        let mut reversed = recorded.clone();
        reversed.reverse();
        fed(&db, &reversed).await;
        once.assert_same(&dump::facts(&db).await, "fed again");
    })
    .await;
}

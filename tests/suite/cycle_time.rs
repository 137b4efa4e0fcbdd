//! Every cycle time, stage and weekly figure of the fixture is as computed by hand.

use std::collections::BTreeSet;

use app::view::records::Record;
use server::metrics::catalogue::CATALOGUE;
use server::store::Db;
use tests::database::on_each_engine;
use tests::fixture::{self, Row, number};
use tests::read::Name;
use tests::{deliver, dump, read};

async fn fed(db: &Db, seed: u64) {
    fixture::declare(db).await;
    deliver::shuffled(db, &fixture::records(), seed).await;
}

fn name<'a>(row: &'a Row, week: &'a str) -> Name<'a> {
    Name {
        metric: "pr_cycle_time",
        scope: &row["scope"],
        segment: &row["segment"],
        week,
    }
}

fn week(row: &Row) -> String {
    format!("2026-{}", row["week"])
}

fn assert_by_hand(record: &Record, row: &Row) {
    let id = &row["change"];
    assert_eq!(record.value, number(row, "value"), "{id}: value");
    for stage in ["coding", "pickup", "review", "open", "agent_review"] {
        let part = record.parts[stage].as_f64();
        assert_eq!(part, number(row, stage), "{id}: {stage}");
    }
    assert_eq!(record.reason.as_ref(), row.get("reason"), "{id}: reason");
    assert_eq!(record.segment, row["segment"], "{id}: segment");
    let stages = ["coding", "pickup", "review", "open"];
    let known: Vec<f64> = stages
        .iter()
        .filter_map(|stage| record.parts[*stage].as_f64())
        .collect();
    if let (Some(total), false) = (record.value, known.is_empty()) {
        let sum: f64 = known.iter().sum();
        assert!((sum - total).abs() < 1e-9, "{id}: {sum} of {total}");
    }
}

#[tokio::test]
async fn every_change_has_the_value_and_stages_computed_by_hand() {
    let (changes, _) = fixture::by_hand();
    assert!(changes.len() >= 18);
    on_each_engine(async |db| {
        fed(&db, 3).await;
        let mut listed = BTreeSet::new();
        for week in ["2026-W42", "2026-W43", "2026-W44"] {
            let lists = read::records(&db, read::company("pr_cycle_time", week)).await;
            assert!(lists.counted.iter().all(|record| record.value.is_some()));
            for record in lists.counted.iter().chain(&lists.left_out) {
                let row = changes
                    .iter()
                    .find(|row| row["change"] == record.id)
                    .unwrap_or_else(|| panic!("{} is not in the table", record.id));
                assert_eq!(self::week(row), week, "{}", record.id);
                assert_by_hand(record, row);
                listed.insert(record.id.clone());
            }
        }
        assert_eq!(listed.len(), changes.len());
    })
    .await;
}

#[tokio::test]
async fn every_weekly_figure_is_as_computed_by_hand() {
    let (_, weeks) = fixture::by_hand();
    on_each_engine(async |db| {
        fed(&db, 4).await;
        for row in &weeks {
            let week = week(row);
            let name = name(row, &week);
            let figure = read::figure(&db, name).await;
            let interval = number(row, "low").map(|low| [low, number(row, "high").unwrap()]);
            assert_eq!(figure.value, number(row, "value"), "{name:?}");
            assert_eq!(figure.p90, number(row, "p90"), "{name:?}");
            assert_eq!(figure.interval, interval, "{name:?}");
            assert_eq!(
                Some(figure.sample as f64),
                number(row, "sample"),
                "{name:?}"
            );
            let merged = Name {
                metric: "changes_merged",
                ..name
            };
            let merged = read::figure(&db, merged).await;
            assert_eq!(
                Some(merged.sample as f64),
                number(row, "merged"),
                "{name:?}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn waits_and_unreviewed_changes_of_a_week_are_as_computed_by_hand() {
    on_each_engine(async |db| {
        fed(&db, 5).await;
        let figure = async |metric| read::figure(&db, read::company(metric, "2026-W42")).await;
        // 0 1200 1800 1800 5410 9000
        let wait = figure("review_wait").await;
        assert_eq!((wait.value, wait.sample), (Some(1_800.0), 6));
        assert_eq!(
            (wait.p90, wait.interval),
            (Some(9_000.0), Some([0.0, 9_000.0]))
        );
        let unreviewed = figure("merged_without_review").await;
        assert_eq!(
            (unreviewed.numerator, unreviewed.denominator),
            (Some(5), Some(11))
        );
        assert_eq!(
            (unreviewed.value, unreviewed.sample),
            (Some(5.0 / 11.0), 11)
        );
        let size = figure("change_size").await;
        assert_eq!((size.value, size.sample), (None, 0));
        assert_eq!(
            size.reason.as_deref(),
            Some("no merged change whose size is known")
        );
    })
    .await;
}

#[tokio::test]
async fn lists_are_as_long_as_their_samples_in_every_scope_and_segment() {
    on_each_engine(async |db| {
        fed(&db, 6).await;
        for metric in CATALOGUE.iter().map(|metric| metric.id) {
            for scope in [
                "company",
                "service:shop",
                "service:search",
                "workflow:buying",
            ] {
                for segment in ["all", "agent", "assisted", "unmarked"] {
                    for week in ["2026-W41", "2026-W42", "2026-W43", "2026-W44", "2026-W45"] {
                        let name = Name {
                            metric,
                            scope,
                            segment,
                            week,
                        };
                        let figure = read::figure(&db, name).await;
                        let list = read::records(&db, name).await;
                        assert_eq!(figure.sample as usize, list.counted.len(), "{name:?}");
                        assert_eq!(figure.value.is_none(), figure.reason.is_some(), "{name:?}");
                    }
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn shuffled_and_fed_twice_the_fixture_gives_the_same_bytes() {
    on_each_engine(async |db| {
        fed(&db, 7).await;
        let once = dump::facts(&db).await;
        fed(&db, 8).await;
        once.assert_same(&dump::facts(&db).await, "fed twice");
    })
    .await;
}

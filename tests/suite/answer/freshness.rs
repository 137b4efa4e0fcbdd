//! What is said when a source has brought nothing for longer than its rhythm allows.

use std::sync::Arc;

use app::view::figure::{Figure, State};
use app::view::freshness::Freshness;
use app::view::review::Review;
use serde_json::{Value, json};
use server::freeze::freeze;
use server::ingest::StreamName;
use server::metrics::catalogue::CATALOGUE;
use server::metrics::week::Calendar;
use server::store::Db;
use server::store::registry::Kind;
use server::views::table::{Weeks, figures, figures_csv};
use tests::company::{Company, HOUR_MS, week};
use tests::database::{Database, on_each_engine};
use tests::deliver;

use super::*;

const DAY_MS: i64 = 24 * HOUR_MS;
/// The shown week, the last of twenty.
const SHOWN: i32 = 19;

fn ended_ms() -> i64 {
    Calendar::utc().end_ms(week(SHOWN))
}

/// When all has settled.
fn now_ms() -> i64 {
    ended_ms() + 4 * DAY_MS
}

/// Twenty steady weeks, whose records name the source of their stream and came when it last did.
async fn fed(db: &Db, sources: &[Value], sent: impl Fn(StreamName) -> (&'static str, i64)) {
    let company = Company::of(20).but(16..20, |work| work.failing = 1);
    company.declare(db).await;
    for source in sources {
        let name = source["name"].as_str().unwrap();
        deliver::declare(db, Kind::Source, name, source.clone()).await;
    }
    for stream in StreamName::ALL {
        let (source, received_ms) = sent(stream);
        let mut records = company.records_of(stream);
        for record in &mut records {
            record["source"] = json!(source);
        }
        let outcome = deliver::records_at(db, stream, &records, received_ms).await;
        assert_eq!(outcome.refused, []);
    }
    deliver::refresh(db).await;
}

fn source(name: &str) -> Value {
    json!({"kind": "push", "name": name, "rhythm": "daily"})
}

/// A company whose incidents come from a pager, last at this instant; all else came just now.
async fn with_pager(db: &Db, incidents_ms: i64) {
    let sources = [source("forge"), source("pager")];
    fed(db, &sources, |stream| match stream {
        StreamName::Incidents => ("pager", incidents_ms),
        _ => ("forge", now_ms()),
    })
    .await;
}

/// A company of which everything comes from one platform, incidents last at this instant.
async fn with_platform(db: &Db, incidents_ms: i64) {
    fed(db, &[source("platform")], |stream| match stream {
        StreamName::Incidents => ("platform", incidents_ms),
        _ => ("platform", now_ms()),
    })
    .await;
}

async fn reviewed(db: &Db, now_ms: i64) -> Review {
    let pages = Pages::new(db.clone(), Arc::new(move || now_ms));
    let shown = week(SHOWN).to_string();
    let review = pages.review(Some(&shown), None).await.unwrap();
    assert_sound(&review.answer);
    review
}

fn state(review: &Review, metric: &str) -> State {
    figure(review, metric).state
}

fn figure<'a>(review: &'a Review, metric: &str) -> &'a Figure {
    let rows = review.groups.iter().flat_map(|group| &group.rows);
    let mut figures = rows.map(|row| &row.figure);
    figures.find(|figure| figure.metric == metric).unwrap()
}

fn freshness(review: &Review) -> Vec<(&str, Freshness)> {
    let sources = review.sources.iter();
    sources
        .map(|own| (own.name.as_str(), own.freshness))
        .collect()
}

#[test]
fn every_metric_needs_streams_that_there_are() {
    for metric in CATALOGUE {
        assert!(!metric.needs.is_empty(), "{}", metric.id);
        for stream in metric.needs {
            assert!(
                stream.parse::<StreamName>().is_ok(),
                "{}: {stream}",
                metric.id
            );
        }
    }
}

const SINCE: &str = "since Sun 17 May 2026, 23:59 UTC";

#[tokio::test]
async fn a_source_that_stopped_before_the_week_ended_makes_its_figures_stale_and_quality_untold() {
    on_each_engine(async |db| {
        with_pager(&db, ended_ms() - 1).await;
        let review = reviewed(&db, now_ms()).await;
        let answer = &review.answer;
        assert_eq!(
            answer.sentence,
            "Speed unchanged; quality can’t be told yet."
        );
        let said = format!("no incidents came from pager {SINCE}");
        let told = format!("; change fail rate can’t be told yet: {said}.");
        assert!(answer.reason.ends_with(&told), "{}", answer.reason);
        assert_eq!(
            answer.missing,
            [
                format!("Change fail rate: {said}."),
                "Push or import the newer incidents of pager. If nothing new is to come so often, give \
                 the source a longer rhythm in the registry, or leave out the streams that seldom bring \
                 anything."
                    .to_owned(),
            ]
        );
        assert_eq!(
            freshness(&review),
            [("forge", Freshness::Fresh), ("pager", Freshness::Stale)]
        );
        let why = format!("no incidents came {SINCE}; it is to deliver every day");
        assert_eq!(review.sources[1].reason, Some(why));
        let failing = figure(&review, "change_fail_rate");
        assert_eq!((failing.state, failing.value), (State::Stale, Some(0.05)));
        assert_eq!(failing.reason, Some(said));
        assert_eq!(state(&review, "incident_frequency"), State::Stale);
        assert_eq!(state(&review, "change_lead_time"), State::Provisional);
    })
    .await;
}

#[tokio::test]
async fn one_that_stopped_just_when_the_week_ended_leaves_its_figures_as_they_are() {
    let database = Database::sqlite();
    let db = database.open().await;
    with_pager(&db, ended_ms()).await;
    let review = reviewed(&db, now_ms()).await;
    assert_eq!(review.answer.sentence, "No change we can see.");
    assert_eq!(review.sources[1].freshness, Freshness::Stale);
    assert_eq!(state(&review, "change_fail_rate"), State::Provisional);
    assert_eq!(figure(&review, "change_fail_rate").reason, None);
}

#[tokio::test]
async fn a_source_is_stale_once_two_rhythms_are_over_and_not_before() {
    let database = Database::sqlite();
    let db = database.open().await;
    let last_ms = ended_ms() - 1;
    with_pager(&db, last_ms).await;
    let late = reviewed(&db, last_ms + 2 * DAY_MS).await;
    assert_eq!(late.sources[1].freshness, Freshness::Late);
    assert_eq!(state(&late, "incident_frequency"), State::Provisional);
    let stale = reviewed(&db, last_ms + 2 * DAY_MS + 1).await;
    assert_eq!(stale.sources[1].freshness, Freshness::Stale);
    assert_eq!(state(&stale, "incident_frequency"), State::Stale);
}

#[tokio::test]
async fn a_source_of_which_one_stream_stopped_makes_partial_what_needs_it_among_others() {
    let database = Database::sqlite();
    let db = database.open().await;
    with_platform(&db, ended_ms() - 1).await;
    let review = reviewed(&db, now_ms()).await;
    assert_eq!(freshness(&review), [("platform", Freshness::Partial)]);
    assert_eq!(review.answer.sentence, "No change we can see.");
    let said = format!("no incidents came from platform {SINCE}");
    assert_eq!(
        review.answer.beside.last(),
        Some(&format!("Change fail rate is partial: {said}."))
    );
    assert_eq!(review.answer.missing, Vec::<String>::new());
    let failing = figure(&review, "change_fail_rate");
    assert_eq!(
        (failing.state, &failing.reason),
        (State::Partial, &Some(said))
    );
    assert_eq!(state(&review, "incident_frequency"), State::Stale);
    assert_eq!(state(&review, "change_lead_time"), State::Provisional);
}

#[tokio::test]
async fn a_stream_that_stopped_just_when_the_week_ended_makes_nothing_partial() {
    let database = Database::sqlite();
    let db = database.open().await;
    with_platform(&db, ended_ms()).await;
    let review = reviewed(&db, now_ms()).await;
    assert_eq!(freshness(&review), [("platform", Freshness::Partial)]);
    assert_eq!(review.answer.beside.len(), 1);
    assert_eq!(state(&review, "change_fail_rate"), State::Provisional);
    assert_eq!(state(&review, "incident_frequency"), State::Provisional);
}

#[tokio::test]
async fn a_declared_stream_that_never_came_is_missed_and_one_that_is_left_out_is_not() {
    for (streams, sentence, never) in [
        (
            json!(["defects", "incidents"]),
            "Speed unchanged; quality can’t be told yet.",
            "no defects or incidents ever came; it is to deliver every week",
        ),
        (
            json!(["defects"]),
            "No change we can see.",
            "no defects ever came; it is to deliver every week",
        ),
    ] {
        let database = Database::sqlite();
        let db = database.open().await;
        let pager =
            json!({"kind": "push", "name": "pager", "rhythm": "weekly", "streams": streams});
        fed(&db, &[pager], |_| ("forge", now_ms())).await;
        let review = reviewed(&db, now_ms()).await;
        assert_eq!(freshness(&review), [("pager", Freshness::NeverLoaded)]);
        assert_eq!(review.sources[0].reason.as_deref(), Some(never));
        assert_eq!(review.answer.sentence, sentence);
    }
}

#[tokio::test]
async fn a_source_without_a_rhythm_is_never_stale() {
    let database = Database::sqlite();
    let db = database.open().await;
    let pager = json!({"kind": "push", "name": "pager"});
    fed(&db, &[pager], |_| ("pager", week_ms(0))).await;
    let review = reviewed(&db, now_ms()).await;
    assert_eq!(review.answer.sentence, "No change we can see.");
    assert_eq!(freshness(&review), []);
    assert_eq!(state(&review, "incident_frequency"), State::Provisional);
}

fn week_ms(number: i32) -> i64 {
    Calendar::utc().start_ms(week(number))
}

#[tokio::test]
async fn the_export_says_stale_of_the_weeks_that_ended_after_the_last_receipt_alone() {
    let database = Database::sqlite();
    let db = database.open().await;
    with_pager(&db, ended_ms() - 7 * DAY_MS - 1).await;
    let asked = Weeks {
        metric: "change_fail_rate",
        scope: None,
        segment: None,
        from: Some("2026-W18"),
        to: Some("2026-W20"),
    };
    let told = figures(&db, asked, now_ms()).await.unwrap();
    let states: Vec<State> = told.iter().map(|figure| figure.state).collect();
    assert_eq!(states, [State::Provisional, State::Stale, State::Stale]);
    let csv = figures_csv(&told).unwrap();
    assert_eq!(csv.matches(",stale,").count(), 2);
    assert_eq!(serde_json::to_value(&told[1]).unwrap()["state"], "stale");
}

#[tokio::test]
async fn a_frozen_review_keeps_which_sources_were_stale() {
    let database = Database::sqlite();
    let db = database.open().await;
    with_pager(&db, ended_ms() - 1).await;
    freeze(&db, Some(week(SHOWN)), now_ms()).await.unwrap();
    let frozen = reviewed(&db, now_ms()).await;
    let incident = json!({"id": "late", "source": "pager", "service": "shop",
        "started_at": "2026-05-20T10:00:00Z"});
    let came_ms = now_ms() + HOUR_MS;
    deliver::records_at(&db, StreamName::Incidents, &[incident], came_ms).await;
    deliver::refresh(&db).await;
    assert_eq!(reviewed(&db, came_ms).await, frozen);
    assert_eq!(frozen.sources[1].freshness, Freshness::Stale);
    assert_eq!(state(&frozen, "change_fail_rate"), State::Stale);
}

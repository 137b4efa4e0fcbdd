//! Where records come from: what is said of each source, on both engines.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::Result;
use app::backend::Backend;
use app::view::freshness::Freshness;
use app::view::signal::Signal;
use app::view::sources::{Source, Sources};
use serde_json::{Value, json};
use server::auth::role::Role;
use server::ingest::StreamName::{self, Changes, Incidents};
use server::store::Db;
use server::store::registry::Kind;
use server::views::Pages;
use tests::app::App;
use tests::database::on_each_engine;
use tests::deliver;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const NOW_MS: i64 = deliver::RECEIVED_AT_MS;

fn incident(id: &str) -> Value {
    json!({"id": id, "service": "shop", "started_at": "2026-11-16T12:00:00Z", "source": "pager"})
}

fn change(id: &str) -> Value {
    json!({"id": id, "service": "shop", "author": {"id": "ana"}, "merged_at": "2026-11-16T12:00:00Z"})
}

async fn shown(db: &Db) -> Sources {
    let pages = Pages::new(db.clone(), Arc::new(|| NOW_MS));
    pages.sources().await.unwrap()
}

fn named<'a>(sources: &'a Sources, name: &str) -> &'a Source {
    sources.sources.iter().find(|own| own.name == name).unwrap()
}

async fn pager_every_day(db: &Db) {
    let pager = json!({"kind": "push", "name": "pager", "rhythm": "daily"});
    deliver::declare(db, Kind::Source, "pager", pager).await;
}

#[tokio::test]
async fn the_worst_source_stands_first_with_what_it_affects_and_since_when() {
    on_each_engine(async |db| {
        pager_every_day(&db).await;
        let forge =
            json!({"kind": "push", "name": "forge", "rhythm": "daily", "streams": ["changes"]});
        deliver::declare(&db, Kind::Source, "forge", forge).await;
        let three_days_ago = NOW_MS - 3 * DAY_MS;
        deliver::records_at(&db, Incidents, &[incident("i1")], three_days_ago).await;
        let mut merged = change("c1");
        merged["source"] = json!("forge");
        deliver::records_at(&db, Changes, &[merged], NOW_MS).await;
        let sources = shown(&db).await;
        let order: Vec<_> = sources
            .sources
            .iter()
            .map(|own| (own.name.as_str(), own.freshness))
            .collect();
        assert_eq!(
            order,
            [
                ("pager", Some(Freshness::Stale)),
                ("forge", Some(Freshness::Fresh))
            ]
        );
        let pager = &sources.sources[0];
        assert_eq!(pager.since.unwrap().timestamp_millis(), three_days_ago);
        assert_eq!(pager.rhythm.as_deref(), Some("every day"));
        assert!(
            pager
                .affects
                .iter()
                .any(|own| own.id == "incident_frequency"),
            "{:?}",
            pager.affects
        );
        assert!(!pager.affects.iter().any(|own| own.id == "changes_merged"));
        assert!(sources.sources[1].affects.is_empty());
        let never: Vec<_> = sources
            .never_came
            .iter()
            .map(|own| own.stream.as_str())
            .collect();
        let never: Vec<_> = never.into_iter().take(4).collect();
        assert_eq!(never, ["deployments", "reviews", "defects", "runs"]);
    })
    .await;
}

#[tokio::test]
async fn a_delivery_of_what_is_known_is_counted_and_makes_no_source_fresh() {
    on_each_engine(async |db| {
        pager_every_day(&db).await;
        let three_days_ago = NOW_MS - 3 * DAY_MS;
        deliver::records_at(
            &db,
            Incidents,
            &[incident("i1"), incident("i2")],
            three_days_ago,
        )
        .await;
        deliver::records_at(
            &db,
            Incidents,
            &[incident("i1"), incident("i3")],
            three_days_ago + 1,
        )
        .await;
        deliver::records_at(&db, Incidents, &[incident("i1")], NOW_MS).await;
        let sources = shown(&db).await;
        let pager = named(&sources, "pager");
        assert_eq!(pager.freshness, Some(Freshness::Stale));
        assert_eq!(pager.last_delivery.unwrap().timestamp_millis(), NOW_MS);
        assert_eq!(pager.newest.unwrap().timestamp_millis(), three_days_ago + 1);
        let hours: Vec<_> = pager
            .deliveries
            .iter()
            .map(|own| (own.deliveries, own.accepted, own.repeated))
            .collect();
        assert_eq!(hours, [(1, 0, 1), (2, 3, 1)]);
        assert_eq!(pager.traffic.records, 3);
    })
    .await;
}

#[tokio::test]
async fn a_refused_record_is_listed_at_the_source_that_it_names_and_else_at_its_sender() {
    on_each_engine(async |db| {
        let mut broken = incident("i1");
        broken["started_at"] = json!("yesterday");
        deliver::records(
            &db,
            Incidents,
            &[broken, json!({"id": "i2", "started_at": 5}), incident("i3")],
        )
        .await;
        let sources = shown(&db).await;
        for (name, id, accepted) in [("pager", "i1", 1), ("test", "i2", 0)] {
            let source = named(&sources, name);
            assert_eq!(source.set_aside.count, 1, "{name}");
            let aside = &source.set_aside.latest[0];
            assert_eq!(
                (aside.id.as_deref(), aside.field.as_deref()),
                (Some(id), Some("started_at"))
            );
            assert_eq!(
                (source.deliveries[0].accepted, source.deliveries[0].refused),
                (accepted, 1)
            );
            assert!(!source.is_declared && source.freshness.is_none());
        }
    })
    .await;
}

#[tokio::test]
async fn a_source_that_slowly_falls_silent_is_a_signal() {
    on_each_engine(async |db| {
        for back in 0..15_i64 {
            let size = if back == 0 { 2 } else { 20 + back % 3 };
            let records: Vec<_> = (0..size)
                .map(|at| change(&format!("c{back}-{at}")))
                .collect();
            deliver::records_at(&db, Changes, &records, NOW_MS - back * 7 * DAY_MS).await;
        }
        let sources = shown(&db).await;
        let traffic = &named(&sources, "test").traffic;
        assert_eq!(
            (traffic.records, traffic.signal, traffic.spans),
            (2, Signal::Down, 13)
        );
        let [low, high] = traffic.normal_range.unwrap();
        assert!(low > 10.0 && high < 30.0, "{low} {high}");
    })
    .await;
}

#[tokio::test]
async fn with_nothing_connected_it_says_what_each_stream_would_add() {
    on_each_engine(async |db| {
        let sources = shown(&db).await;
        assert!(sources.sources.is_empty());
        let never = sources.never_came.iter().map(|own| own.stream.as_str());
        let every = StreamName::ALL.map(StreamName::as_str);
        assert_eq!(never.collect::<BTreeSet<_>>(), BTreeSet::from(every));
        for stream in &sources.never_came {
            assert!(
                !stream.adds.is_empty() && !stream.commands.is_empty(),
                "{}",
                stream.stream
            );
        }
        assert!(sources.database.bytes > 0);
        assert!(sources.work.next_freeze.is_none() && sources.work.no_freeze.is_some());
    })
    .await;
}

#[tokio::test]
async fn everyone_who_is_signed_in_reads_it_and_the_review_leads_to_it() -> Result<()> {
    let app = App::fresh().await?;
    pager_every_day(&app.db).await;
    deliver::records(&app.db, Incidents, &[incident("i1")]).await;
    let reader = app.signed_in(Role::Finance).await?;
    let browser = app.browser()?;
    for (path, said) in [("/review", "href=\"/sources\""), ("/sources", "pager")] {
        let request = browser
            .client
            .get(browser.at(path))
            .header("cookie", reader.cookie());
        let page = request.send().await?;
        assert_eq!(page.status(), 200);
        assert!(page.text().await?.contains(said), "{path}");
    }
    Ok(())
}

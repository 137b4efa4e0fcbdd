//! Of several copies of one thing the right one stays, in whatever order they come.

use serde_json::{Value, json};
use server::ingest::StreamName::{Changes, Defects, Deployments, Incidents, Reviews};
use server::store::Db;
use tests::database::on_each_engine;
use tests::dump::{self, Dump};
use tests::{deliver, read};

fn copy(updated_at: Option<&str>, title: &str) -> Value {
    json!({
        "id": "c1", "service": "shop", "author": {"id": "ana"}, "title": title, "updated_at": updated_at,
        "merged_at": "2026-11-17T12:00:00Z", "commits": [{"sha": "a", "authored_at": "2026-11-17T10:00:00Z"}],
    })
}

const EARLY: Option<&str> = Some("2026-11-17T12:00:00Z");
const LATE: Option<&str> = Some("2026-11-18T12:00:00Z");

async fn title(db: &Db) -> String {
    let list = read::records(db, read::company("changes_merged", "2026-W47")).await;
    assert_eq!(list.counted.len(), 1);
    list.counted[0].title.clone().unwrap()
}

/// Feeds the copies one by one and in one delivery; answers the title that stayed.
async fn stays(db: &Db, copies: &[Value]) -> String {
    for copy in copies {
        deliver::good(db, Changes, std::slice::from_ref(copy)).await;
    }
    title(db).await
}

#[tokio::test]
async fn the_newer_copy_stays_in_either_order() {
    for copies in [
        [copy(EARLY, "old"), copy(LATE, "new")],
        [copy(LATE, "new"), copy(EARLY, "old")],
    ] {
        on_each_engine(async |db| assert_eq!(stays(&db, &copies).await, "new")).await;
        on_each_engine(async |db| {
            deliver::good(&db, Changes, &copies).await;
            assert_eq!(title(&db).await, "new");
        })
        .await;
    }
}

#[tokio::test]
async fn of_two_copies_of_one_date_the_larger_text_stays_in_either_order() {
    let [smaller, larger] = [copy(EARLY, "a"), copy(EARLY, "b")];
    for copies in [[smaller.clone(), larger.clone()], [larger, smaller]] {
        on_each_engine(async |db| assert_eq!(stays(&db, &copies).await, "b")).await;
        on_each_engine(async |db| {
            deliver::good(&db, Changes, &copies).await;
            assert_eq!(title(&db).await, "b");
        })
        .await;
    }
}

#[tokio::test]
async fn a_dated_copy_stays_over_an_undated_one_in_either_order() {
    let [undated, dated] = [copy(None, "undated"), copy(EARLY, "dated")];
    for copies in [[undated.clone(), dated.clone()], [dated, undated]] {
        on_each_engine(async |db| assert_eq!(stays(&db, &copies).await, "dated")).await;
    }
}

#[tokio::test]
async fn of_two_undated_copies_the_last_received_stays() {
    on_each_engine(async |db| {
        let copies = [copy(None, "first"), copy(None, "second")];
        assert_eq!(stays(&db, &copies).await, "second");
        assert_eq!(stays(&db, &copies[..1]).await, "first");
    })
    .await;
}

#[tokio::test]
async fn key_order_spaces_and_nulls_make_no_other_copy() {
    on_each_engine(async |db| {
        let one = r#"{"id":"c1","service":"shop","author":{"id":"ana"},"title":"x"}"#;
        let same = r#"{ "title": "x", "url": null, "author": {"id": "ana"}, "service": "shop", "id": "c1" }"#;
        assert_eq!(deliver::texts(&db, Changes, &[one]).await.accepted, 1);
        let again = deliver::texts(&db, Changes, &[same, one]).await;
        assert_eq!((again.accepted, again.repeated), (0, 2));
    })
    .await;
}

#[tokio::test]
async fn known_changes_that_come_with_a_new_one_keep_their_links() {
    on_each_engine(async |db| {
        let known = [copy(LATE, "known")];
        deliver::good(&db, Changes, &known).await;
        let mut new = copy(EARLY, "new");
        new["id"] = json!("c2");
        for stale in [copy(LATE, "known"), copy(EARLY, "older")] {
            new["title"] = stale["title"].clone();
            deliver::good(&db, Changes, &[stale, new.clone()]).await;
            assert_eq!(change_rows(&db).await.rows("change_links").len(), 2);
            new["updated_at"] = json!(LATE);
        }
    })
    .await;
}

async fn change_rows(db: &Db) -> Dump {
    dump::facts(db).await
}

#[tokio::test]
async fn a_change_that_moves_to_another_service_leaves_the_old_one() {
    on_each_engine(async |db| {
        deliver::good(&db, Changes, &[copy(EARLY, "old")]).await;
        let mut moved = copy(LATE, "new");
        moved["service"] = json!("search");
        deliver::good(&db, Changes, &[moved]).await;
        let dump = change_rows(&db).await;
        for table in ["changes", "change_links"] {
            assert_eq!(dump.rows(table).len(), 1, "{table}");
            assert!(dump.rows(table)[0].contains("search"));
        }
        assert_eq!(title(&db).await, "new");
    })
    .await;
}

#[tokio::test]
async fn a_review_that_moves_to_another_change_leaves_the_old_one() {
    on_each_engine(async |db| {
        let change = |id: &str| {
            json!({"id": id, "service": "shop", "author": {"id": "ana"},
                "created_at": "2026-11-17T10:00:00Z", "merged_at": "2026-11-17T12:00:00Z"})
        };
        let review = |of: &str, updated_at: &str| {
            json!({"id": "r", "change": of, "author": {"id": "ben"}, "state": "approved",
                "submitted_at": "2026-11-17T11:00:00Z", "updated_at": updated_at})
        };
        deliver::good(&db, Changes, &[change("c1"), change("c2")]).await;
        deliver::good(&db, Reviews, &[review("c1", "2026-11-17T11:00:00Z")]).await;
        deliver::good(&db, Reviews, &[review("c2", "2026-11-17T11:30:00Z")]).await;
        let dump = change_rows(&db).await;
        assert_eq!(dump.rows("reviews").len(), 1);
        let reviewed: Vec<&String> = dump
            .rows("change_links")
            .iter()
            .filter(|row| !row.contains("first_review_at=None"))
            .collect();
        assert_eq!(reviewed.len(), 1);
        assert!(reviewed[0].contains("\"c2\""));
    })
    .await;
}

#[tokio::test]
async fn a_deployment_keeps_its_newest_copy() {
    on_each_engine(async |db| {
        let copy = |result: &str, updated_at: &str| {
            json!({"id": "d1", "service": "shop", "environment": "production", "commit": "a",
                "finished_at": "2026-11-17T12:00:00Z", "result": result, "updated_at": updated_at, "changes": []})
        };
        let copies = [
            copy("failure", "2026-11-17T13:00:00Z"),
            copy("success", "2026-11-17T12:00:00Z"),
        ];
        deliver::good(&db, Deployments, &copies).await;
        deliver::good(&db, Deployments, &copies).await;
        let dump = change_rows(&db).await;
        assert_eq!(dump.rows("deployments").len(), 1);
        assert!(dump.rows("deployments")[0].contains("failure"));
    })
    .await;
}

#[tokio::test]
async fn an_incident_or_a_defect_that_names_a_service_later_moves_to_it() {
    on_each_engine(async |db| {
        let copy = |service: Option<&str>, updated_at: Option<&str>| {
            json!({"id": "x", "service": service, "updated_at": updated_at,
                "started_at": "2026-11-17T12:00:00Z", "found_at": "2026-11-17T12:00:00Z"})
        };
        for stream in [Incidents, Defects] {
            deliver::good(&db, stream, &[copy(None, EARLY)]).await;
            let homeless = change_rows(&db).await;
            assert!(homeless.rows(stream.as_str())[0].contains("service=Some(\"\")"));
            deliver::good(&db, stream, &[copy(Some("shop"), LATE)]).await;
            let moved = change_rows(&db).await;
            assert_eq!(moved.rows(stream.as_str()).len(), 1);
            assert!(moved.rows(stream.as_str())[0].contains("service=Some(\"shop\")"));
        }
    })
    .await;
}

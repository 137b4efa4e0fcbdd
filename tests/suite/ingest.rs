//! What is taken in, what is refused and how, and that order, size and repetition change nothing.

use serde_json::{Value, json};
use server::ingest::{MAX_RECORD_BYTES, RefusedRecord, StreamName, elements};
use server::store::{Db, receipts};
use tests::database::on_each_engine;
use tests::{deliver, dump, fixture};

use StreamName::{Changes, Reviews};

fn change(id: &str) -> Value {
    json!({"id": id, "service": "shop", "author": {"id": "ana"}, "merged_at": "2026-11-17T12:00:00Z"})
}

fn with(mut record: Value, field: &str, value: Value) -> Value {
    record[field] = value;
    record
}

/// Feeds a bad record between two good ones; answers its refusal.
async fn refusal(db: &Db, bad: &str) -> RefusedRecord {
    let (good, other) = (change("good").to_string(), change("other").to_string());
    let outcome = deliver::texts(db, Changes, &[&good, bad, &other]).await;
    assert_eq!(outcome.accepted + outcome.repeated, 2, "the good ones stay");
    let [refused] = <[RefusedRecord; 1]>::try_from(outcome.refused).unwrap();
    assert_eq!(refused.index, 1);
    refused
}

#[tokio::test]
async fn a_bad_record_is_refused_with_its_place_id_field_and_reason() {
    let cases = [
        (
            with(change("c"), "merged_at", json!("yesterday")),
            "merged_at",
            "yesterday",
        ),
        (
            with(change("c"), "number", json!("7")),
            "number",
            "invalid type",
        ),
        (
            with(change("c"), "author", json!({"id": "a", "kind": "robot"})),
            "author.kind",
            "robot",
        ),
        (
            with(change("c"), "author", json!("ana")),
            "author",
            "invalid type",
        ),
        (
            with(change("c"), "commits", json!([{"sha": "a"}])),
            "commits[0].authored_at",
            "missing",
        ),
        (
            with(change("c"), "commits", json!({})),
            "commits",
            "invalid type",
        ),
        (
            with(change("c"), "labels", json!([1])),
            "labels[0]",
            "invalid type",
        ),
        (
            with(change("c"), "additions", json!(-1)),
            "additions",
            "invalid value",
        ),
        (
            with(change("c"), "service", Value::Null),
            "service",
            "missing",
        ),
        (with(change("c"), "service", json!(" ")), "service", "empty"),
        (
            with(change("c"), "service", json!("s".repeat(513))),
            "service",
            "513 bytes",
        ),
        (with(change("c"), "source", json!("")), "source", "empty"),
        (
            with(change("c"), "source", json!("s".repeat(513))),
            "source",
            "513 bytes",
        ),
        (with(change("c"), "title", json!("a\0b")), "title", "NUL"),
        (
            with(change("c"), "title", json!("t".repeat(300_000))),
            "title",
            "300000 bytes",
        ),
        (
            with(change("c"), "extra", nested(40)),
            "extra",
            "nested too deeply",
        ),
    ];
    on_each_engine(async |db| {
        for (record, field, reason) in &cases {
            let refused = refusal(&db, &record.to_string()).await;
            assert_eq!(refused.id.as_deref(), Some("c"), "{field}");
            let found = refused.field.as_deref().unwrap_or_default();
            assert!(found.starts_with(field), "{found} for {field}");
            assert!(refused.reason.contains(reason), "{}", refused.reason);
        }
    })
    .await;
}

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!(1), |inner, _| json!([inner]))
}

#[tokio::test]
async fn what_is_no_record_at_all_is_refused_without_an_id() {
    let oversized = with(change("c"), "extra", json!(vec!["x".repeat(200_000); 6])).to_string();
    assert!(oversized.len() > MAX_RECORD_BYTES);
    let bottomless = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let cases = [
        ("{", "not valid JSON"),
        ("[]", "object"),
        ("\"text\"", "object"),
        ("{\"id\":1}{", "not valid JSON"),
        (&oversized, "bytes"),
        (&bottomless, "nested too deeply"),
    ];
    on_each_engine(async |db| {
        for (text, reason) in cases {
            let refused = refusal(&db, text).await;
            assert!(refused.reason.contains(reason), "{}", refused.reason);
            assert_eq!(refused.id, None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_nul_character_in_an_id_or_a_name_of_a_field_is_refused_too() {
    let id = with(change("c"), "id", json!("c\0")).to_string();
    let name = with(change("c"), "na\0me", json!(1)).to_string();
    on_each_engine(async |db| {
        for text in [&id, &name] {
            let refused = refusal(&db, text).await;
            assert!(refused.reason.contains("NUL"), "{}", refused.reason);
        }
        assert_eq!(dump::whole(&db).await.rows("raw_refused").len(), 2);
    })
    .await;
}

#[tokio::test]
async fn refused_records_are_set_aside_once() {
    on_each_engine(async |db| {
        for _ in 0..2 {
            refusal(&db, &with(change("c"), "number", json!("7")).to_string()).await;
        }
        let set_aside = dump::whole(&db).await.rows("raw_refused").to_vec();
        assert_eq!(set_aside.len(), 1);
        for said in ["record_id=Some(\"c\")", "field=Some(\"number\")"] {
            assert!(set_aside[0].contains(said), "{}", set_aside[0]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_delivery_of_nothing_good_keeps_nothing_but_the_refusals() {
    on_each_engine(async |db| {
        let empty = dump::facts(&db).await;
        for stream in StreamName::ALL {
            let outcome = deliver::texts(&db, stream, &["{}", "nonsense"]).await;
            assert_eq!((outcome.accepted, outcome.refused.len()), (0, 2));
            assert_eq!(deliver::texts(&db, stream, &[]).await.refused, []);
        }
        empty.assert_same(&dump::facts(&db).await, "after refusals");
        assert!(dump::whole(&db).await.rows("raw").is_empty());
    })
    .await;
}

/// The raw deliveries, expanded, as one text.
async fn raw_text(db: &Db) -> String {
    let mut text = String::new();
    let mut tx = db.read().await.unwrap();
    let ids: Vec<String> = match db {
        Db::Sqlite { read, .. } => {
            sqlx::query_scalar("SELECT id FROM raw")
                .fetch_all(read)
                .await
        }
        Db::Postgres(pool) => {
            sqlx::query_scalar("SELECT id FROM raw")
                .fetch_all(pool)
                .await
        }
    }
    .unwrap();
    for id in ids {
        let record = server::store::raw::record(&mut tx, &id, 0).await.unwrap();
        text.push_str(&record.unwrap());
    }
    text
}

#[tokio::test]
async fn secrets_are_taken_out_before_anything_is_kept() {
    let token = format!("ghp_{}", "k3".repeat(18));
    let body = format!("Deploy with {token} or postgres://app:hunter2@db/shop, please");
    let kept = with(change("c"), "body", json!(body));
    let unknown = with(kept, "unknown_field", json!({"deep": [token]}));
    let refused = with(unknown.clone(), "number", json!("7"));
    on_each_engine(async |db| {
        let outcome = deliver::records(&db, Changes, &[unknown.clone(), refused.clone()]).await;
        assert_eq!((outcome.accepted, outcome.refused.len()), (1, 1));
        let raw = raw_text(&db).await;
        assert!(raw.contains("unknown_field") && raw.contains("[redacted]"));
        assert!(!raw.contains(&token) && !raw.contains("hunter2"), "{raw}");
    })
    .await;
}

/// When the sources of the tests last brought something new.
async fn received(db: &Db) -> Vec<(String, i64)> {
    let mut tx = db.read().await.unwrap();
    let found = receipts::newest(&mut tx, &["forge", "test"]).await.unwrap();
    let named = found
        .into_iter()
        .map(|own| (format!("{} {}", own.source, own.stream), own.received_at));
    named.collect()
}

#[tokio::test]
async fn a_receipt_is_of_the_source_that_a_record_names_and_repeats_leave_none() {
    on_each_engine(async |db| {
        let named = with(change("a"), "source", json!("forge"));
        let unnamed = change("b");
        let take = async |records: &[Value], at_ms| {
            deliver::records_at(&db, Changes, records, at_ms).await;
            received(&db).await
        };
        let both = |forge, test| {
            [("forge changes", forge), ("test changes", test)].map(|(of, at)| (of.to_owned(), at))
        };
        assert_eq!(
            take(&[named.clone(), unnamed.clone()], 10).await,
            both(10, 10)
        );
        assert_eq!(
            take(&[named.clone(), unnamed.clone()], 20).await,
            both(10, 10)
        );
        let edited = with(named.clone(), "title", json!("edited"));
        assert_eq!(take(&[edited, unnamed], 30).await, both(30, 10));
        let refused = with(named, "merged_at", json!("yesterday"));
        assert_eq!(take(&[refused], 40).await, both(30, 10));
    })
    .await;
}

#[tokio::test]
async fn a_review_may_arrive_before_its_change() {
    let (changes, reviews) = by_stream();
    on_each_engine(async |db| {
        fixture::declare(&db).await;
        deliver::texts(&db, Changes, &lines(&changes)).await;
        deliver::texts(&db, Reviews, &lines(&reviews)).await;
        deliver::refresh(&db).await;
        let in_order = dump::facts(&db).await;
        on_fresh(&db, async |other| {
            fixture::declare(&other).await;
            deliver::texts(&other, Reviews, &lines(&reviews)).await;
            deliver::texts(&other, Changes, &lines(&changes)).await;
            deliver::refresh(&other).await;
            in_order.assert_same(&dump::facts(&other).await, "reviews first");
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn feeding_the_same_again_changes_not_a_byte() {
    let (changes, reviews) = by_stream();
    on_each_engine(async |db| {
        fixture::declare(&db).await;
        let feed = async || {
            let first = deliver::texts(&db, Changes, &lines(&changes)).await;
            let second = deliver::texts(&db, Reviews, &lines(&reviews)).await;
            deliver::refresh(&db).await;
            (first.accepted, second.accepted)
        };
        feed().await;
        let once = dump::whole(&db).await;
        assert_eq!(feed().await, (0, 0));
        once.assert_same(&dump::whole(&db).await, "fed twice");
    })
    .await;
}

#[tokio::test]
async fn order_and_size_of_deliveries_change_not_a_byte() {
    let records = fixture::records();
    on_each_engine(async |db| {
        fixture::declare(&db).await;
        deliver::shuffled(&db, &records, 0).await;
        let first = dump::facts(&db).await;
        assert!(!first.rows("figures").is_empty());
        for seed in 1..12 {
            on_fresh(&db, async |other| {
                fixture::declare(&other).await;
                deliver::shuffled(&other, &records, seed).await;
                first.assert_same(&dump::facts(&other).await, &format!("seed {seed}"));
                deliver::shuffled(&other, &records, seed + 100).await;
                first.assert_same(&dump::facts(&other).await, &format!("seed {seed}, again"));
                deliver::recompute(&other).await;
                first.assert_same(&dump::facts(&other).await, "computed from nothing");
            })
            .await;
        }
    })
    .await;
}

#[tokio::test]
async fn both_engines_hold_the_same() {
    let dumps = std::cell::RefCell::new(Vec::new());
    on_each_engine(async |db| {
        fixture::declare(&db).await;
        deliver::shuffled(&db, &fixture::records(), 5).await;
        let dump = dump::whole(&db).await;
        dumps.borrow_mut().push(dump);
    })
    .await;
    for pair in dumps.borrow().windows(2) {
        pair[0].assert_same(&pair[1], "the two engines");
    }
}

#[test]
fn an_array_and_lines_hold_the_same_records() {
    let array = "[ {\"id\":\"a\"} , {\"id\":\"b\"} ]";
    let lines = "{\"id\":\"a\"}\r\n\n  {\"id\":\"b\"}\n";
    assert_eq!(elements(array).unwrap(), elements(lines).unwrap());
    assert!(elements("[{\"id\":\"a\"}").is_err());
    assert_eq!(elements("").unwrap(), Vec::<&str>::new());
}

/// Another empty database of the same engine.
async fn on_fresh(like: &Db, test: impl AsyncFn(Db)) {
    let database = match like {
        Db::Sqlite { .. } => tests::database::Database::sqlite(),
        Db::Postgres(_) => tests::database::Database::postgres().await.unwrap(),
    };
    let db = database.open().await;
    test(db.clone()).await;
    db.close().await;
}

fn by_stream() -> (Vec<String>, Vec<String>) {
    let of = |wanted| {
        let records = fixture::records().into_iter();
        let wanted = records.filter(move |(stream, _)| *stream == wanted);
        wanted.map(|(_, line)| line).collect()
    };
    (of(Changes), of(Reviews))
}

fn lines(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}

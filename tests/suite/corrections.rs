//! A person's word over a derived link: it counts, and it survives everything that comes after.

use serde_json::json;
use server::ingest::StreamName::Changes;
use server::store::Db;
use server::store::corrections::{self, Correction};
use tests::database::on_each_engine;
use tests::read::{self, Name, company};
use tests::{deliver, dump};

async fn correct(db: &Db, segment: &str, made_at: i64) {
    let correction = Correction {
        kind: "change".to_owned(),
        subject_id: "c1".to_owned(),
        field: "segment".to_owned(),
        made_at,
        value: segment.to_owned(),
        reason: "the agent wrote it, its mark was switched off".to_owned(),
        made_by: "dri@example.com".to_owned(),
    };
    let mut tx = db.write().await.unwrap();
    corrections::add(&mut tx, &correction).await.unwrap();
    tx.commit().await.unwrap();
    deliver::recompute(db).await;
}

async fn samples(db: &Db) -> [u64; 3] {
    let mut samples = [0; 3];
    for (at, segment) in ["agent", "assisted", "unmarked"].into_iter().enumerate() {
        let name = Name {
            segment,
            ..company("changes_merged", "2026-W47")
        };
        samples[at] = read::figure(db, name).await.sample;
    }
    samples
}

#[tokio::test]
async fn a_corrected_segment_counts_and_the_newest_correction_wins() {
    on_each_engine(async |db| {
        let change = json!({"id": "c1", "service": "shop", "author": {"id": "ana"}, "merged_at": "2026-11-17T12:00:00Z"});
        deliver::good(&db, Changes, &[change]).await;
        assert_eq!(samples(&db).await, [0, 0, 1]);
        correct(&db, "agent", 20).await;
        assert_eq!(samples(&db).await, [1, 0, 0]);
        correct(&db, "assisted", 10).await;
        assert_eq!(samples(&db).await, [1, 0, 0], "an older correction comes too late");
        correct(&db, "assisted", 30).await;
        assert_eq!(samples(&db).await, [0, 1, 0]);
    })
    .await;
}

#[tokio::test]
async fn a_correction_survives_a_newer_copy_and_may_come_before_its_change() {
    on_each_engine(async |db| {
        correct(&db, "agent", 10).await;
        for (title, updated_at) in [("old", "2026-11-17T12:00:00Z"), ("new", "2026-11-18T12:00:00Z")] {
            let change = json!({"id": "c1", "service": "shop", "author": {"id": "ana"}, "title": title,
                "merged_at": "2026-11-17T12:00:00Z", "updated_at": updated_at});
            deliver::good(&db, Changes, &[change]).await;
            assert_eq!(samples(&db).await, [1, 0, 0], "{title}");
        }
        let before = dump::facts(&db).await;
        deliver::recompute(&db).await;
        before.assert_same(&dump::facts(&db).await, "computed from nothing");
    })
    .await;
}

#[tokio::test]
async fn a_word_that_is_no_segment_corrects_nothing() {
    on_each_engine(async |db| {
        let change = json!({"id": "c1", "service": "shop", "author": {"id": "ana"}, "merged_at": "2026-11-17T12:00:00Z"});
        deliver::good(&db, Changes, &[change]).await;
        correct(&db, "human", 10).await;
        assert_eq!(samples(&db).await, [0, 0, 1]);
    })
    .await;
}

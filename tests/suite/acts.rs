//! Every act of a person is kept, in one chain that shows where it was tampered with.

use app::backend::Backend;
use serde_json::json;
use server::corrections::{Kind, Word, keep, preview};
use server::ingest::StreamName::Changes;
use server::store::Db;
use server::store::acts::again::{Rewritten, rewrite};
use server::store::acts::{Act, Kept, broken, head, latest, record};
use server::views::Pages;
use tests::database::{execute, on_each_engine};
use tests::{deliver, read};

async fn act(db: &Db, subject: &str) {
    let mut tx = db.write().await.unwrap();
    let act = Act {
        at_ms: 20,
        by: "ana@example.org",
        kind: "correction",
        subject,
        before: json!(null),
        after: json!({"value": "agent"}),
    };
    record(&mut tx, &act).await.unwrap();
    tx.commit().await.unwrap();
}

async fn first_broken(db: &Db) -> Option<i64> {
    broken(&mut db.read().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn acts_are_numbered_from_one_and_the_newest_is_the_head() {
    on_each_engine(async |db| {
        assert_eq!(head(&mut db.read().await.unwrap()).await.unwrap(), None);
        assert_eq!(first_broken(&db).await, None);
        for subject in ["change:c1", "change:c2", "change:c3"] {
            act(&db, subject).await;
        }
        let mut tx = db.read().await.unwrap();
        let newest = latest(&mut tx, 2).await.unwrap();
        let said: Vec<_> = newest
            .iter()
            .map(|one| (one.number, one.subject.as_str(), one.after.as_str()))
            .collect();
        let after = "{\"value\":\"agent\"}";
        assert_eq!(said, [(3, "change:c3", after), (2, "change:c2", after)]);
        let end = head(&mut tx).await.unwrap().unwrap();
        assert_eq!(
            (end.number, end.hash.as_str()),
            (3, newest[0].hash.as_str())
        );
        assert_eq!(broken(&mut tx).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_row_that_was_changed_or_taken_out_is_named() {
    for (statement, expected) in [
        (
            "UPDATE acts SET by_whom = 'ben@example.org' WHERE number = 2",
            2,
        ),
        ("UPDATE acts SET after = '{}' WHERE number = 3", 3),
        ("DELETE FROM acts WHERE number = 2", 2),
        ("DELETE FROM acts WHERE number = 1", 1),
        ("UPDATE acts SET hash = 'x' WHERE number = 4", 4),
    ] {
        on_each_engine(async |db| {
            for subject in ["a", "b", "c", "d"] {
                act(&db, subject).await;
            }
            execute(&db, statement).await;
            assert_eq!(first_broken(&db).await, Some(expected), "{statement}");
        })
        .await;
    }
}

/// Ben's name taken out.
async fn without_ben(db: &Db) -> Rewritten {
    let mut tx = db.write().await.unwrap();
    let clean = |act: &mut Kept| act.subject = act.subject.replace("ben", "erased");
    let done = rewrite(&mut tx, &clean).await.unwrap();
    tx.commit().await.unwrap();
    done
}

async fn hashes(db: &Db) -> Vec<String> {
    let all = latest(&mut db.read().await.unwrap(), 9).await.unwrap();
    all.into_iter().rev().map(|act| act.hash).collect()
}

#[tokio::test]
async fn acts_that_are_written_again_keep_the_hashes_before_them_and_no_other() {
    on_each_engine(async |db| {
        for subject in ["a", "person:ben", "b"] {
            act(&db, subject).await;
        }
        let before = hashes(&db).await;
        let done = without_ben(&db).await;
        assert_eq!((done.first, done.rows), (Some(2), 1));
        let after = hashes(&db).await;
        let same: Vec<bool> = before.iter().zip(&after).map(|(a, b)| a == b).collect();
        assert_eq!(same, [true, false, false]);
        assert_eq!(first_broken(&db).await, None);
        assert_eq!(without_ben(&db).await, Rewritten::default());
    })
    .await;
}

#[tokio::test]
async fn writing_acts_again_does_not_hide_what_was_tampered_with() {
    for (statement, broken) in [
        ("UPDATE acts SET by_whom = 'x' WHERE number = 3", 3),
        ("DELETE FROM acts WHERE number = 3", 3),
        ("UPDATE acts SET at = 0 WHERE number = 1", 1),
    ] {
        on_each_engine(async |db| {
            for subject in ["a", "person:ben", "b", "c"] {
                act(&db, subject).await;
            }
            execute(&db, statement).await;
            assert_eq!(without_ben(&db).await.first, Some(2));
            assert_eq!(first_broken(&db).await, Some(broken), "{statement}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_chain_longer_than_a_batch_is_read_to_its_end() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        for number in 1..=1_002 {
            let act = Act {
                at_ms: number,
                by: "ana@example.org",
                kind: "correction",
                subject: "change:c1",
                before: json!(null),
                after: json!(number),
            };
            record(&mut tx, &act).await.unwrap();
        }
        tx.commit().await.unwrap();
        assert_eq!(first_broken(&db).await, None);
        execute(&db, "UPDATE acts SET at = 0 WHERE number = 1001").await;
        assert_eq!(first_broken(&db).await, Some(1_001));
    })
    .await;
}

#[tokio::test]
async fn many_writers_at_once_make_one_chain() {
    on_each_engine(async |db| {
        let mut writers = Vec::new();
        for writer in 0..8 {
            let db = db.clone();
            writers.push(tokio::spawn(async move {
                for turn in 0..5 {
                    act(&db, &format!("change:{writer}-{turn}")).await;
                }
            }));
        }
        for writer in writers {
            writer.await.unwrap();
        }
        let end = head(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!(end.unwrap().number, 40);
        assert_eq!(first_broken(&db).await, None);
    })
    .await;
}

#[tokio::test]
async fn a_correction_is_an_act_when_it_is_kept_and_the_review_names_the_last_one() {
    on_each_engine(async |db| {
        let change = json!({"id": "c1", "service": "shop", "author": {"id": "ana"}, "merged_at": "2026-11-17T12:00:00Z"});
        deliver::good(&db, Changes, &[change]).await;
        let word = Word {
            kind: Kind::Change,
            id: "c1",
            value: "agent",
            reason: "its mark was off",
            made_by: "dri@example.org",
        };
        let pages = Pages::new(db.clone(), std::sync::Arc::new(|| read::NOW_MS));
        preview(&db, word, read::NOW_MS).await.unwrap();
        let shown = pages.review(Some("2026-W47"), None).await.unwrap();
        assert_eq!(shown.acts_head, None, "only tried");
        keep(&db, word, read::NOW_MS).await.unwrap();
        let kept = latest(&mut db.read().await.unwrap(), 9).await.unwrap();
        let [act] = kept.as_slice() else {
            panic!("{kept:?}");
        };
        assert_eq!(
            (act.kind.as_str(), act.subject.as_str(), act.by_whom.as_str()),
            ("correction", "change:c1", "dri@example.org")
        );
        assert_eq!(act.before, "{\"field\":\"segment\",\"value\":\"unmarked\"}");
        assert!(act.after.contains("its mark was off"), "{}", act.after);
        let shown = pages.review(Some("2026-W47"), None).await.unwrap();
        let end = shown.acts_head.unwrap();
        assert_eq!((end.number, end.hash.as_str()), (1, &act.hash[..12]));
    })
    .await;
}

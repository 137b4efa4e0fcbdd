//! An edit of the registry that is ended on its way is finished by whoever computes next, and stays
//! the reason.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use server::cli::apply::{Document, apply};
use server::figures::Refresher;
use server::store::Db;
use tests::database::Database;
use tests::{dump, read};
use tokio::sync::Notify;

use super::{WEEK, frozen, of, shop};

/// A service that was not registered, and an agent whose changes were not known as that.
const EDIT: &str = "[[service]]\nslug = \"desk\"\n[[agent]]\nid = \"bot\"\nidentities = [\"ana\"]";

async fn frozen_shop(db: &Db) {
    shop(db).await;
    frozen(db, WEEK, "2026-11-23T07:00:00Z").await;
}

/// Applies the edit up to a step, where it is dropped like a process that dies; answers whether it
/// was ended before its end.
async fn ended_at(db: &Db, step: u32) -> bool {
    let (steps, ended) = (AtomicU32::new(0), Notify::new());
    let progress = |_: &str, _, _| {
        if steps.fetch_add(1, Ordering::SeqCst) == step {
            ended.notify_one();
        }
    };
    let document = Document::parse(EDIT).unwrap();
    tokio::select! {
        biased;
        () = ended.notified() => true,
        applied = apply(db, document, read::NOW_MS, &progress) => {
            applied.unwrap();
            false
        }
    }
}

#[tokio::test]
async fn ended_at_any_step_it_is_finished_by_the_next_server_and_is_the_reason() {
    for undisturbed in Database::on_each_engine().await {
        let expected = undisturbed.open().await;
        frozen_shop(&expected).await;
        assert!(!ended_at(&expected, u32::MAX).await);
        let left_alone = dump::whole(&expected).await;
        expected.close().await;
        let mut step = 0;
        loop {
            let database = undisturbed.another().await;
            let db = database.open().await;
            frozen_shop(&db).await;
            let was_ended = ended_at(&db, step).await;
            Refresher::start(db.clone(), Arc::new(|| read::NOW_MS))
                .current()
                .await;
            let edit = "the registry was edited".to_owned();
            assert_eq!(
                of(&db, "agent_share").await,
                [(0.0.into(), 1.0.into(), edit)],
                "step {step}"
            );
            let whole = dump::whole(&db).await;
            whole.assert_same(&left_alone, &format!("ended at step {step}"));
            db.close().await;
            if !was_ended {
                break;
            }
            step += 1;
        }
        println!("{}: {step} steps", undisturbed.engine());
        assert!(step > 2, "it ended before much was done");
    }
}

//! A week freezes once and whole, whoever is at it and whoever dies of it.

use serde_json::json;
use server::freeze::freeze_within;
use server::jobs::freeze_week::{LEASE_MS, step};
use server::store::jobs::{self, Claim};
use server::store::registry::Kind;
use tests::database::{Database, on_each_engine};
use tests::deliver;

use super::{WEEK, at_ms, frozen_weeks, left_behind, shop};

/// The Monday after the Wednesday on which the records came.
const WHEN: &str = "2026-11-23T07:00:00Z";

#[tokio::test]
async fn nothing_is_frozen_before_its_time_and_nothing_twice() {
    on_each_engine(async |db| {
        shop(&db).await;
        assert_eq!(step(&db, "one", at_ms(WHEN) - 1).await.unwrap(), []);
        assert_eq!(step(&db, "one", at_ms(WHEN)).await.unwrap().len(), 1);
        assert_eq!(step(&db, "one", at_ms(WHEN) + 60_000).await.unwrap(), []);
        let three_weeks_later = at_ms(WHEN) + 21 * 86_400_000;
        assert_eq!(step(&db, "two", three_weeks_later).await.unwrap().len(), 3);
        assert_eq!(
            frozen_weeks(&db).await,
            [WEEK, "2026-W48", "2026-W49", "2026-W50"]
        );
    })
    .await;
}

#[tokio::test]
async fn the_weeks_of_a_generated_company_do_not_freeze_by_themselves() {
    on_each_engine(async |db| {
        shop(&db).await;
        deliver::declare(&db, Kind::Company, "company", json!({"generated_seed": 7})).await;
        assert_eq!(step(&db, "one", at_ms(WHEN)).await.unwrap(), []);
        assert!(frozen_weeks(&db).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn of_two_servers_one_freezes() {
    for database in Database::on_each_engine().await {
        let (one, two) = (database.open().await, database.open().await);
        shop(&one).await;
        let (first, second) = tokio::join!(
            step(&one, "one", at_ms(WHEN)),
            step(&two, "two", at_ms(WHEN))
        );
        let done = [first.unwrap(), second.unwrap()].concat();
        let new = done.iter().filter(|week| !week.was_frozen);
        assert_eq!(new.count(), 1, "{done:?}");
        assert_eq!(frozen_weeks(&one).await, [WEEK]);
        one.close().await;
        two.close().await;
    }
}

#[tokio::test]
async fn a_server_killed_in_the_middle_leaves_nothing_and_another_takes_over() {
    let whole = async |database: &Database| {
        let db = database.open().await;
        shop(&db).await;
        db
    };
    let (undisturbed, disturbed) = (
        Database::on_each_engine().await,
        Database::on_each_engine().await,
    );
    for (undisturbed, disturbed) in undisturbed.iter().zip(&disturbed) {
        let expected = whole(undisturbed).await;
        let later = at_ms(WHEN) + LEASE_MS;
        step(&expected, "one", later).await.unwrap();
        let db = whole(disturbed).await;
        let mut tx = db.write().await.unwrap();
        let claim = Claim {
            job: "freeze_week",
            holder: "one",
            now_ms: at_ms(WHEN),
            lease_ms: LEASE_MS,
        };
        assert!(jobs::claim(&mut tx, claim).await.unwrap());
        tx.commit().await.unwrap();
        let mut tx = db.write().await.unwrap();
        let week = Some(WEEK.parse().unwrap());
        freeze_within(&mut tx, week, at_ms(WHEN)).await.unwrap();
        drop(tx);
        assert!(left_behind(&db).await.is_empty());
        assert_eq!(step(&db, "two", later - 1).await.unwrap(), []);
        assert_eq!(step(&db, "two", later).await.unwrap().len(), 1);
        assert_eq!(left_behind(&db).await, left_behind(&expected).await);
        expected.close().await;
        db.close().await;
    }
}

//! What each noun of the store keeps and gives back, the same on both engines.
//!
//! What ingest and figures do through it is tested there.

use serde_json::json;
use server::store::jobs::{self, Claim};
use server::store::registry::{self, Kind};
use server::store::versions::{self, Table, Version};
use server::store::weeks::{self, Snapshot};
use server::store::{
    Db, Durable, Error, changes, corrections, cursors, defects, deployments, incidents, raw,
    receipts, reviews,
};
use tests::database::{Database, on_each_engine};

mod figures;
mod links;
mod rows;
mod trouble;

use rows::{change, correction, defect, deployment, incident, review};

#[tokio::test]
async fn a_delivery_is_kept_once_and_its_records_are_found_by_their_place() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let delivery = raw::Delivery {
            id: "d1".to_owned(),
            source: "push".to_owned(),
            stream: "changes".to_owned(),
            received_at: 7,
            records: 2,
            body: "{\"id\":\"a\"}\n{\"id\":\"ä\"}".to_owned(),
        };
        assert_eq!(raw::newest_at(&mut tx).await.unwrap(), None);
        raw::keep(&mut tx, raw::pack(delivery.clone()))
            .await
            .unwrap();
        let again = raw::Delivery {
            received_at: 9,
            ..delivery
        };
        raw::keep(&mut tx, raw::pack(again)).await.unwrap();
        assert_eq!(raw::newest_at(&mut tx).await.unwrap(), Some(7));
        let record = raw::record(&mut tx, "d1", 1).await.unwrap();
        assert_eq!(record.as_deref(), Some("{\"id\":\"ä\"}"));
        assert_eq!(raw::record(&mut tx, "d1", 2).await.unwrap(), None);
        assert_eq!(raw::record(&mut tx, "d2", 0).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn of_each_source_and_stream_the_newest_receipt_is_kept() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let receipt = |source: &str, stream: &str, received_at| receipts::Receipt {
            source: source.to_owned(),
            stream: stream.to_owned(),
            received_at,
        };
        for received_at in [7, 9, 8] {
            let receipt = receipt("forge", "changes", received_at);
            receipts::keep(&mut tx, &receipt).await.unwrap();
        }
        let others = [
            receipt("forge", "Reviews", 3),
            receipt("ärger", "incidents", 4),
        ];
        for other in &others {
            receipts::keep(&mut tx, other).await.unwrap();
        }
        let newest = receipts::newest(&mut tx, &["ärger", "forge", "unknown"]);
        let expected = [
            others[0].clone(),
            receipt("forge", "changes", 9),
            others[1].clone(),
        ];
        assert_eq!(newest.await.unwrap(), expected);
        assert_eq!(receipts::newest(&mut tx, &[]).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn versions_are_found_by_id_and_a_moved_row_is_removed() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        changes::put(&mut tx, &[change("shop", "c1")])
            .await
            .unwrap();
        reviews::put(&mut tx, &[review("c1", "r1")]).await.unwrap();
        deployments::put(&mut tx, &[deployment("shop", "d1")])
            .await
            .unwrap();
        incidents::put(&mut tx, &[incident("", "i1")])
            .await
            .unwrap();
        defects::put(&mut tx, &[defect("shop", "b1")])
            .await
            .unwrap();
        for (table, id, home) in [
            (Table::Changes, "c1", "shop"),
            (Table::Reviews, "r1", "c1"),
            (Table::Deployments, "d1", "shop"),
            (Table::Incidents, "i1", ""),
            (Table::Defects, "b1", "shop"),
        ] {
            let found = versions::find(&mut tx, table, &[id, "unknown"])
                .await
                .unwrap();
            let version: &Version = &found[id];
            assert_eq!((found.len(), version.home.as_str()), (1, home));
            versions::remove(&mut tx, table, version).await.unwrap();
            assert!(
                versions::find(&mut tx, table, &[id])
                    .await
                    .unwrap()
                    .is_empty()
            );
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_comes_back_as_it_was_put() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let full = change("shop", "c1");
        let bare = changes::Change {
            version: Version {
                home: "shop".to_owned(),
                id: "c2".to_owned(),
                ..Version::default()
            },
            ..changes::Change::default()
        };
        changes::put(&mut tx, &[full.clone(), bare.clone()])
            .await
            .unwrap();
        let found = changes::after(&mut tx, "", "", 10).await.unwrap();
        assert_eq!(found, [full.clone(), bare]);
        let edited = changes::Change {
            title: None,
            ..full
        };
        changes::put(&mut tx, std::slice::from_ref(&edited))
            .await
            .unwrap();
        assert_eq!(
            changes::find(&mut tx, &["c1", "c9"]).await.unwrap(),
            [edited]
        );
    })
    .await;
}

#[tokio::test]
async fn a_walk_through_all_changes_meets_each_once_in_key_order() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let keys = [("a", "2"), ("a", "10"), ("b", "1"), ("B", "1"), ("a", "é")];
        let put: Vec<_> = keys
            .iter()
            .map(|(service, id)| change(service, id))
            .collect();
        changes::put(&mut tx, &put).await.unwrap();
        let mut walked: Vec<(String, String)> = vec![(String::new(), String::new())];
        while let Some((service, id)) = walked.last().cloned() {
            let next = changes::after(&mut tx, &service, &id, 2).await.unwrap();
            if next.is_empty() {
                break;
            }
            walked.extend(
                next.into_iter()
                    .map(|change| (change.version.home, change.version.id)),
            );
        }
        let mut bytewise: Vec<_> = keys.map(|(a, b)| (a.to_owned(), b.to_owned())).to_vec();
        bytewise.sort();
        assert_eq!(walked[1..], bytewise);
        assert_eq!(changes::services(&mut tx).await.unwrap(), ["B", "a", "b"]);
    })
    .await;
}

#[tokio::test]
async fn more_rows_than_one_statement_binds_are_put_and_found() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let ids: Vec<String> = (0..3_000).map(|n| format!("c{n}")).collect();
        let rows: Vec<_> = ids.iter().map(|id| change("shop", id)).collect();
        changes::put(&mut tx, &rows).await.unwrap();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert_eq!(changes::find(&mut tx, &ids).await.unwrap().len(), 3_000);
        let reviewed: Vec<_> = ids.iter().map(|id| review(id, id)).collect();
        reviews::put(&mut tx, &reviewed).await.unwrap();
        let many: Vec<&str> = ids.iter().cycle().take(40_000).copied().collect();
        let found = versions::find(&mut tx, Table::Reviews, &many)
            .await
            .unwrap();
        assert_eq!(found.len(), 3_000);
    })
    .await;
}

#[tokio::test]
async fn reviews_are_found_by_their_changes() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let put = [review("c1", "r1"), review("c1", "r2"), review("c2", "r3")];
        reviews::put(&mut tx, &put).await.unwrap();
        let found = reviews::of_changes(&mut tx, &["c1", "c9"]).await.unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(
            (found[0].submitted_at, &found[0].author),
            (80, &put[0].author)
        );
    })
    .await;
}

#[tokio::test]
async fn the_registry_keeps_the_last_word_on_each_entry() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let put = [
            (
                Kind::Company,
                "company",
                json!({"name": "Acme", "time_zones": [{"zone": "UTC"}]}),
            ),
            (
                Kind::Service,
                "shop",
                json!({"slug": "shop", "name": "Old"}),
            ),
            (
                Kind::Service,
                "shop",
                json!({"slug": "shop", "name": "Shop"}),
            ),
            (
                Kind::Workflow,
                "buying",
                json!({"slug": "buying", "tier": 2, "services": ["shop"]}),
            ),
            (
                Kind::Agent,
                "bot",
                json!({"id": "bot", "identities": ["bot[app]"]}),
            ),
        ];
        for (kind, key, body) in put {
            registry::put(&mut tx, kind, key, &body.to_string())
                .await
                .unwrap();
        }
        let registry = registry::load(&mut tx).await.unwrap();
        assert_eq!(registry.company.name.as_deref(), Some("Acme"));
        assert_eq!(registry.services.len(), 1);
        assert_eq!(registry.services[0].name.as_deref(), Some("Shop"));
        assert_eq!(registry.workflows[0].services, ["shop"]);
        assert_eq!(registry.agents[0].identities, ["bot[app]"]);
    })
    .await;
}

#[tokio::test]
async fn an_entry_that_does_not_read_is_an_error_that_names_it() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        registry::put(&mut tx, Kind::Service, "shop", "{")
            .await
            .unwrap();
        let error = registry::load(&mut tx).await.unwrap_err();
        assert!(error.to_string().contains("a service"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn corrections_stay_and_the_newest_of_a_field_is_found() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        assert!(!corrections::any(&mut tx).await.unwrap());
        for (id, at, value) in [
            ("c1", 20, "agent"),
            ("c1", 10, "assisted"),
            ("c2", 5, "unmarked"),
        ] {
            corrections::add(&mut tx, &correction(id, at, value))
                .await
                .unwrap();
        }
        assert!(corrections::any(&mut tx).await.unwrap());
        let newest = corrections::newest(&mut tx, "change", "segment", &["c1", "c9"])
            .await
            .unwrap();
        assert_eq!((newest.len(), newest["c1"].value.as_str()), (1, "agent"));
        let other = corrections::newest(&mut tx, "change", "deployment", &["c1"])
            .await
            .unwrap();
        assert!(other.is_empty());
        let twice = corrections::add(&mut tx, &correction("c1", 20, "unmarked")).await;
        assert!(twice.is_err(), "a correction is never overwritten");
    })
    .await;
}

#[tokio::test]
async fn a_cursor_moves_on_for_its_own_source_and_stream() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        assert_eq!(
            cursors::get(&mut tx, "forge", "changes").await.unwrap(),
            None
        );
        cursors::set(&mut tx, "forge", "changes", "page 1", 1)
            .await
            .unwrap();
        cursors::set(&mut tx, "forge", "changes", "page 2", 2)
            .await
            .unwrap();
        cursors::set(&mut tx, "forge", "reviews", "page 9", 3)
            .await
            .unwrap();
        let at = cursors::get(&mut tx, "forge", "changes").await.unwrap();
        assert_eq!(at.as_deref(), Some("page 2"));
    })
    .await;
}

async fn claims(db: &Db, holder: &str, now_ms: i64) -> bool {
    let mut tx = db.write().await.unwrap();
    let claim = Claim {
        job: "freeze",
        holder,
        now_ms,
        lease_ms: 100,
    };
    let taken = jobs::claim(&mut tx, claim).await.unwrap();
    tx.commit().await.unwrap();
    taken
}

#[tokio::test]
async fn a_lease_has_one_holder_until_it_runs_out_or_is_given_back() {
    on_each_engine(async |db| {
        assert!(claims(&db, "one", 0).await);
        assert!(!claims(&db, "two", 99).await);
        assert!(claims(&db, "one", 50).await, "the holder renews it");
        assert!(!claims(&db, "two", 149).await);
        assert!(claims(&db, "two", 150).await, "run out, it goes to another");
        assert!(!claims(&db, "one", 151).await);
        let mut tx = db.write().await.unwrap();
        jobs::release(&mut tx, "freeze", "one", 152, None)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(
            !claims(&db, "one", 153).await,
            "only the holder gives it back"
        );
        let mut tx = db.write().await.unwrap();
        jobs::release(&mut tx, "freeze", "two", 154, Some("no network"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(claims(&db, "one", 155).await);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_claim_at_once_one_gets_the_lease() {
    on_each_engine(async |db| {
        for round in 0..10 {
            let now_ms = round * 1_000;
            let (one, two) = tokio::join!(claims(&db, "one", now_ms), claims(&db, "two", now_ms));
            assert!(one != two, "round {round}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_first_snapshot_of_a_week_stays() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        let first = Snapshot {
            week: "2026-W47".to_owned(),
            scope: "company".to_owned(),
            frozen_at: 1,
            body: "{\"shown\":1}".to_owned(),
        };
        let second = Snapshot {
            frozen_at: 2,
            body: "{}".to_owned(),
            ..first.clone()
        };
        assert!(weeks::freeze(&mut tx, &first).await.unwrap());
        assert!(!weeks::freeze(&mut tx, &second).await.unwrap());
        let frozen = weeks::frozen(&mut tx, "2026-W47", "company").await.unwrap();
        assert_eq!(frozen, Some(first));
        let other = weeks::frozen(&mut tx, "2026-W47", "service:shop")
            .await
            .unwrap();
        assert_eq!(other, None);
    })
    .await;
}

#[tokio::test]
async fn a_transaction_that_is_dropped_leaves_nothing() {
    on_each_engine(async |db| {
        let mut tx = db.write().await.unwrap();
        cursors::set(&mut tx, "forge", "changes", "page 1", 1)
            .await
            .unwrap();
        drop(tx);
        let mut tx = db.read().await.unwrap();
        assert_eq!(
            cursors::get(&mut tx, "forge", "changes").await.unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_read_sees_one_moment() {
    on_each_engine(async |db| {
        let mut read = db.read().await.unwrap();
        assert_eq!(
            cursors::get(&mut read, "forge", "changes").await.unwrap(),
            None
        );
        let mut tx = db.write().await.unwrap();
        cursors::set(&mut tx, "forge", "changes", "page 1", 1)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            cursors::get(&mut read, "forge", "changes").await.unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_read_cannot_write() {
    on_each_engine(async |db| {
        let mut tx = db.read().await.unwrap();
        let written = cursors::set(&mut tx, "forge", "changes", "page 1", 1).await;
        assert!(written.is_err());
    })
    .await;
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_named_without_its_password() {
    for url in ["mysql://me:hunter2@host/db", "/tmp/x.db", ""] {
        let error = Db::open(url, Durable::Process).await.unwrap_err();
        assert!(matches!(error, Error::Address { .. }), "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_made_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a file");
    std::fs::write(&file, "").unwrap();
    let url = format!("sqlite:{}", file.join("onehop.db").display());
    let error = Db::open(&url, Durable::Process).await.unwrap_err();
    assert!(matches!(error, Error::Folder { .. }), "{error}");
    assert!(error.to_string().contains("--database"), "{error}");
}

#[tokio::test]
async fn a_database_of_a_newer_onehop_is_refused() {
    let database = Database::sqlite();
    let db = database.open().await;
    let Db::Sqlite { write, .. } = &db else {
        return;
    };
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', 1, x'00', 0)",
    )
    .execute(write)
    .await
    .unwrap();
    db.close().await;
    let error = Db::open(&database.url, Durable::Full).await.unwrap_err();
    assert!(error.to_string().contains("newer Onehop"), "{error}");
}

//! An issue that is an incident or a defect no longer: its label is taken off, it is deleted, or it is moved
//! to another repository.

use serde_json::{Value, json};
use server::store::Db;
use tests::database::on_each_engine;
use tests::forge::connected;
use tests::forge::{Forge, Manner, Repository, TOKEN};
use tests::{deliver, dump};

const SHOP: &str = "acme/shop";
const DAY_MS: i64 = 24 * 3_600_000;

fn issue(number: u64, label: &str) -> Value {
    json!({
        "id": 600 + number, "number": number, "html_url": format!("https://forge.example/{SHOP}/issues/{number}"),
        "title": "Till stood still", "labels": [{"name": label}],
        "created_at": "2026-08-30T13:00:00Z", "updated_at": format!("2026-08-30T15:00:0{number}Z"),
    })
}

async fn stands(db: &Db, table: &str, id: &str) -> String {
    let dump = dump::facts(db).await;
    let id = format!("id=Some(\"{id}\")");
    let row = dump.rows(table).iter().find(|row| row.contains(&id));
    row.cloned().unwrap_or_default()
}

#[tokio::test]
async fn an_issue_whose_label_is_taken_off_or_changed_is_counted_as_what_it_is_now() {
    on_each_engine(async |db| {
        let shop = Repository {
            issues: vec![issue(1, "incident"), issue(2, "bug"), issue(3, "question")],
            ..Repository::default()
        };
        let forge = Forge::start(&[(SHOP, shop)], Manner::default()).await;
        connected::declare(&db, &forge, &[SHOP]).await;
        assert_eq!(connected::pull(&db).await.failures, []);
        assert!(stands(&db, "incidents", "601").await.contains("kind=None"));
        assert_eq!(stands(&db, "incidents", "603").await, "");
        forge.change(SHOP, |own| {
            own.issues[0]["labels"] = json!([{"name": "bug"}]);
            own.issues[0]["updated_at"] = json!("2026-08-31T10:00:00Z");
            own.issues[1]["labels"] = json!([]);
            own.issues[1]["updated_at"] = json!("2026-08-31T11:00:00Z");
        });
        assert_eq!(connected::pull(&db).await.failures, []);
        let incident = stands(&db, "incidents", "601").await;
        assert!(incident.contains(r#"kind=Some("declined")"#), "{incident}");
        assert!(
            stands(&db, "defects", "601")
                .await
                .contains("resolution=None")
        );
        let defect = stands(&db, "defects", "602").await;
        assert!(
            defect.contains(r#"resolution=Some("not_a_defect")"#),
            "{defect}"
        );
        // Labelled again, it counts again.
        forge.change(SHOP, |own| {
            own.issues[0]["labels"] = json!([{"name": "incident"}]);
            own.issues[0]["updated_at"] = json!("2026-08-31T12:00:00Z");
        });
        assert_eq!(connected::pull(&db).await.failures, []);
        assert!(stands(&db, "incidents", "601").await.contains("kind=None"));
    })
    .await;
}

#[tokio::test]
async fn an_issue_that_is_deleted_or_moved_away_is_found_missing_within_a_day() {
    on_each_engine(async |db| {
        let shop = Repository {
            issues: vec![issue(1, "incident"), issue(2, "bug"), issue(3, "bug")],
            ..Repository::default()
        };
        let forge = Forge::start(&[(SHOP, shop)], Manner::default()).await;
        connected::declare(&db, &forge, &[SHOP]).await;
        assert_eq!(connected::pull(&db).await.failures, []);
        forge.change(SHOP, |own| {
            own.issues.remove(0);
            // Where it was, GitHub leads on to the issue that it became.
            own.issues[0]["id"] = json!(999);
            own.issues[0]["labels"] = json!([]);
        });
        // Within the day nobody looks.
        assert_eq!(connected::pull(&db).await.failures, []);
        assert!(stands(&db, "incidents", "601").await.contains("kind=None"));
        let later = deliver::RECEIVED_AT_MS + DAY_MS;
        assert_eq!(connected::pull_at(&db, TOKEN, later).await.failures, []);
        let incident = stands(&db, "incidents", "601").await;
        assert!(incident.contains(r#"kind=Some("declined")"#), "{incident}");
        let defect = stands(&db, "defects", "602").await;
        assert!(
            defect.contains(r#"resolution=Some("not_a_defect")"#),
            "{defect}"
        );
        assert!(
            stands(&db, "defects", "603")
                .await
                .contains("resolution=None")
        );
    })
    .await;
}

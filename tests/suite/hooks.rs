//! What a connected system sends of its own accord: signed, once, in any order, and never in place of
//! what is read.

use std::sync::Arc;

use anyhow::Result;
use axum::http::{HeaderMap, HeaderValue};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use server::connections::Connections;
use server::connectors::NotHeard;
use server::jobs::hear_source::{self, Said};
use server::store::Db;
use server::store::hooks;
use server::store::registry::Kind;
use sha2::Sha256;
use tests::app::App;
use tests::database::{Database, on_each_engine};
use tests::forge::connected;
use tests::{deliver, dump};

const SECRET: &str = "It's a Secret to Everybody";
const NOW_MS: i64 = deliver::RECEIVED_AT_MS;

fn connections() -> Connections {
    let environment = |name: &str| (name == "HOOK_SECRET").then(|| SECRET.to_owned());
    Connections::new(Arc::new(environment), connected::vault())
}

async fn declare(db: &Db, repository: &str) {
    let source = json!({
        "kind": "github", "name": "forge", "repositories": [repository],
        "deployed_by": ["deployments", "workflow:Deploy"],
        "token_env": "FORGE_TOKEN", "webhook_secret_env": "HOOK_SECRET",
    });
    deliver::declare(db, Kind::Source, "forge", source).await;
}

/// As GitHub signs.
fn signature(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    let bytes = mac.finalize().into_bytes();
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

fn headers(event: &str, id: &str, signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("x-github-event", event),
        ("x-github-delivery", id),
        ("x-hub-signature-256", signature),
    ] {
        headers.insert(name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

async fn heard(db: &Db, (event, id): (&str, &str), body: &Value) -> Said {
    let body = body.to_string();
    let headers = headers(event, id, &signature(body.as_bytes()));
    hear(db, headers, body).await
}

async fn hear(db: &Db, headers: HeaderMap, body: String) -> Said {
    let call = (headers, Bytes::from(body));
    hear_source::hear(db, &connections(), ("forge", call), NOW_MS)
        .await
        .unwrap()
}

fn deployment_status(state: &str, at: &str) -> Value {
    json!({
        "repository": {"full_name": "acme/shop"},
        "deployment": {
            "id": 5, "node_id": "D_5", "sha": "abc", "environment": "production",
            "created_at": "2026-11-02T10:00:00Z", "updated_at": at,
        },
        "deployment_status": {"state": state, "created_at": at},
    })
}

fn issue(action: &str, label: &str, at: &str) -> Value {
    json!({
        "action": action, "repository": {"full_name": "acme/shop"},
        "issue": {
            "id": 8, "number": 1, "html_url": "https://forge.example/8", "title": "Till stood still",
            "labels": [{"name": label}], "created_at": "2026-11-02T09:00:00Z", "updated_at": at,
        },
    })
}

const NOTHING: Said = Said::Heard {
    accepted: 0,
    refused: 0,
};

#[tokio::test]
async fn the_signature_that_github_publishes_holds_and_another_does_not() {
    let database = Database::sqlite();
    let db = database.open().await;
    declare(&db, "acme/shop").await;
    let published = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let body = "Hello, World!".to_owned();
    let said = hear(&db, headers("ping", "1", published), body.clone()).await;
    // It is signed, and no JSON.
    assert_eq!(said, Said::NotHeard(NotHeard::Unreadable));
    let wrong = published.replace('7', "8");
    let said = hear(&db, headers("ping", "2", &wrong), body.clone()).await;
    assert_eq!(said, Said::NotHeard(NotHeard::Forged));
    let said = hear(&db, HeaderMap::new(), body).await;
    assert_eq!(said, Said::NotHeard(NotHeard::Forged));
    let mut tx = db.read().await.unwrap();
    assert_eq!(
        hooks::forgeries(&mut tx, "forge").await.unwrap(),
        Some((2, NOW_MS))
    );
}

#[tokio::test]
async fn a_delivery_is_heard_once_and_a_later_word_wins_whatever_comes_first() {
    on_each_engine(async |db| {
        declare(&db, "acme/shop").await;
        let opened = issue("opened", "incident", "2026-11-02T09:00:00Z");
        let worded = issue("edited", "incident", "2026-11-02T10:00:00Z");
        let once = Said::Heard {
            accepted: 1,
            refused: 0,
        };
        assert_eq!(heard(&db, ("issues", "b"), &worded).await, once);
        assert_eq!(heard(&db, ("issues", "b"), &worded).await, Said::Repeated);
        assert_eq!(heard(&db, ("issues", "a"), &opened).await, NOTHING);
        // Nor does it lose what it became later to a word from before.
        let unlabelled = issue("opened", "question", "2026-11-02T09:00:00Z");
        assert_eq!(heard(&db, ("issues", "c"), &unlabelled).await, NOTHING);
        let dump = dump::facts(&db).await;
        let [row] = dump.rows("incidents") else {
            panic!("{:?}", dump.rows("incidents"));
        };
        assert!(
            row.contains("kind=None") && row.contains("updated_at=Some(1793613600000)"),
            "{row}"
        );
    })
    .await;
}

#[tokio::test]
async fn an_event_that_tells_a_part_of_a_story_has_its_repository_read_again() {
    let database = Database::sqlite();
    let db = database.open().await;
    declare(&db, "acme/shop").await;
    let status = deployment_status("success", "2026-11-02T10:09:00Z");
    assert_eq!(
        heard(&db, ("deployment_status", "a"), &status).await,
        NOTHING
    );
    let mut tx = db.read().await.unwrap();
    let parts = hooks::parts(&mut tx, "forge").await.unwrap();
    assert_eq!(parts, [("acme/shop".to_owned(), NOW_MS)]);
}

#[tokio::test]
async fn a_repository_that_is_not_read_is_not_heard_of_either() {
    let database = Database::sqlite();
    let db = database.open().await;
    declare(&db, "acme/other").await;
    let said = heard(
        &db,
        ("deployment_status", "a"),
        &deployment_status("success", "2026-11-02T10:09:00Z"),
    )
    .await;
    assert_eq!(
        said,
        Said::Heard {
            accepted: 0,
            refused: 0
        }
    );
    let dump = dump::facts(&db).await;
    assert_eq!(
        (
            dump.rows("deployments").len(),
            dump.rows("hook_parts").len()
        ),
        (0, 0)
    );
}

#[tokio::test]
async fn what_is_deleted_or_changed_and_was_never_seen_is_no_error_and_leaves_nothing() {
    let database = Database::sqlite();
    let db = database.open().await;
    declare(&db, "acme/shop").await;
    let at = "2026-11-02T10:00:00Z";
    for (id, action) in [("1", "deleted"), ("2", "transferred"), ("3", "unlabeled")] {
        let said = heard(&db, ("issues", id), &issue(action, "question", at)).await;
        assert_eq!(said, NOTHING, "{action}");
    }
    heard(&db, ("issues", "4"), &issue("opened", "incident", at)).await;
    heard(&db, ("issues", "5"), &issue("deleted", "incident", at)).await;
    let dump = dump::facts(&db).await;
    let [incident] = dump.rows("incidents") else {
        panic!("{:?}", dump.rows("incidents"));
    };
    assert!(incident.contains(r#"kind=Some("declined")"#), "{incident}");
}

#[tokio::test]
async fn a_request_and_its_decision_are_one_approval_and_a_check_is_an_evaluation() {
    on_each_engine(async |db| {
        declare(&db, "acme/shop").await;
        let run = |updated: &str| {
            json!({
                "id": 9, "name": "Deploy", "head_sha": "abc", "html_url": "https://forge.example/9",
                "created_at": "2026-11-02T09:59:00Z", "updated_at": updated,
            })
        };
        let asked = json!({
            "action": "requested", "since": "2026-11-02T10:00:00Z", "environment": "production",
            "repository": {"full_name": "acme/shop"}, "workflow_run": run("2026-11-02T10:00:00Z"),
        });
        let approved = json!({
            "action": "approved", "since": "2026-11-02T10:00:00Z", "approver": {"login": "ana"},
            "workflow_job_runs": [{"environment": "production"}],
            "repository": {"full_name": "acme/shop"}, "workflow_run": run("2026-11-02T10:30:00Z"),
        });
        heard(&db, ("deployment_review", "2"), &approved).await;
        heard(&db, ("deployment_review", "1"), &asked).await;
        let check = json!({
            "repository": {"full_name": "acme/shop"},
            "check_run": {"id": 4, "name": "unit tests", "head_sha": "abc", "conclusion": "failure", "completed_at": "2026-11-02T09:00:00Z"},
        });
        heard(&db, ("check_run", "3"), &check).await;
        let dump = dump::facts(&db).await;
        let [approval] = dump.rows("approvals") else {
            panic!("{:?}", dump.rows("approvals"));
        };
        for part in [r#"decision=Some("approved")"#, r#"approver=Some("ana")"#, r#"subject=Some("deployment:run-9")"#] {
            assert!(approval.contains(part), "{approval}");
        }
        let [evaluation] = dump.rows("evaluations") else {
            panic!("{:?}", dump.rows("evaluations"));
        };
        for part in [r#"evaluator=Some("unit tests")"#, "passed=Some(0)", r#"subject=Some("commit:abc")"#] {
            assert!(evaluation.contains(part), "{evaluation}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_delivery_needs_no_cookie_and_only_its_signature() -> Result<()> {
    let app = App::connected(connections()).await?;
    declare(&app.db, "acme/shop").await;
    let client = reqwest::Client::new();
    let body = deployment_status("success", "2026-11-02T10:09:00Z").to_string();
    let send = |source: &str, signature: &str| {
        let post = client.post(format!("{}/hooks/{source}", app.url));
        let headers = headers("deployment_status", "a", signature);
        post.headers(headers).body(body.clone()).send()
    };
    let signature = signature(body.as_bytes());
    assert_eq!(send("forge", &signature).await?.status(), 200);
    let forged = send("forge", "sha256=00").await?;
    assert_eq!(forged.status(), 401);
    assert!(!forged.text().await?.contains(SECRET));
    assert_eq!(send("nobody", &signature).await?.status(), 404);
    Ok(())
}

/// Official bodies, where a file of npm's `@octokit/webhooks-examples` is named.
#[tokio::test]
async fn official_bodies_are_heard_with_a_right_signature_and_refused_with_a_wrong_one() {
    let Some(file) = std::env::var_os("ONEHOP_WEBHOOKS") else {
        println!("skipped: ONEHOP_WEBHOOKS names no file of webhook examples");
        return;
    };
    let examples: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let mut count = 0;
    for event in [
        "deployment",
        "deployment_status",
        "deployment_review",
        "pull_request",
        "pull_request_review",
        "release",
        "workflow_run",
        "check_run",
        "issues",
        "push",
    ] {
        let all = examples.as_array().unwrap();
        let of_event = all.iter().find(|own| own["name"] == event).unwrap();
        for (nth, body) in of_event["examples"].as_array().unwrap().iter().enumerate() {
            let database = Database::sqlite();
            let db = database.open().await;
            let repository = body["repository"]["full_name"].as_str().unwrap();
            declare(&db, repository).await;
            let said = heard(&db, (event, &nth.to_string()), body).await;
            assert!(
                matches!(said, Said::Heard { refused: 0, .. }),
                "{event} {nth}: {said:?}"
            );
            let wrong = headers(event, "x", &signature(b"another body"));
            let said = hear(&db, wrong, body.to_string()).await;
            assert_eq!(said, Said::NotHeard(NotHeard::Forged), "{event} {nth}");
            db.close().await;
            count += 1;
        }
    }
    println!("{count} official bodies");
    assert!(count > 60);
}

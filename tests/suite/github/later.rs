//! What is decided later than its list tells: checks that end, deployments and runs that are tried again, a
//! release that is published of an old commit.

use serde_json::{Value, json};
use server::store::registry::Kind;
use tests::forge::connected::{self, Connected, SHOP, SOURCE, TOKEN_ENV};
use tests::forge::{Manner, Repository, made};
use tests::{deliver, dump};

/// A forge that was read once.
struct Read(Connected);

impl Read {
    async fn once(shop: Repository, deployed_by: &[&str]) -> Read {
        let own = Connected::to(shop, Manner::default()).await;
        let source = json!({
            "kind": "github", "name": SOURCE, "base_url": own.forge.url, "repositories": [SHOP],
            "token_env": TOKEN_ENV, "deployed_by": deployed_by,
        });
        deliver::declare(&own.db, Kind::Source, SOURCE, source).await;
        let read = Read(own);
        read.again(|_| {}).await;
        read
    }

    /// Reads it after a change.
    async fn again(&self, change: impl FnOnce(&mut Repository)) {
        self.0.forge.change(SHOP, change);
        assert_eq!(connected::pull(&self.0.db).await.failures, []);
    }

    async fn rows(&self, table: &str) -> Vec<String> {
        dump::facts(&self.0.db).await.rows(table).to_vec()
    }

    /// All that a table says.
    async fn said(&self, table: &str) -> String {
        self.rows(table).await.concat()
    }
}

#[tokio::test]
async fn a_check_that_ends_after_its_pull_request_was_read_is_read_too() {
    let check = |conclusion: Value, at: Value| json!([{"id": 1, "name": "unit tests", "head_sha": "abc", "conclusion": conclusion, "completed_at": at}]);
    let mut pull = made::pull_request(1);
    pull["payload"]["head"]["sha"] = json!("abc");
    pull["checks"] = check(json!(null), json!(null));
    let shop = Repository {
        pull_requests: vec![pull],
        ..Repository::default()
    };
    let read = Read::once(shop, &[]).await;
    assert_eq!(read.rows("evaluations").await.len(), 0);
    read.again(|own| {
        own.pull_requests[0]["checks"] = check(json!("success"), json!("2026-08-30T12:00:00Z"));
    })
    .await;
    assert!(read.said("evaluations").await.contains("passed=Some(1)"));
}

#[tokio::test]
async fn more_checks_than_a_query_holds_are_read_by_rest() {
    let check = |nth: u64| json!({"id": nth, "name": format!("part {nth}"), "head_sha": "abc", "conclusion": "success", "completed_at": "2026-08-30T12:00:00Z"});
    let mut pull = made::pull_request(1);
    pull["payload"]["head"]["sha"] = json!("abc");
    pull["checks"] = (1..=230).map(check).collect();
    let shop = Repository {
        pull_requests: vec![pull],
        ..Repository::default()
    };
    let read = Read::once(shop, &[]).await;
    assert_eq!(read.rows("evaluations").await.len(), 230);
}

#[tokio::test]
async fn a_run_of_a_workflow_that_names_its_runs_counts_and_one_that_is_run_again_may_succeed() {
    let run = |conclusion: &str, at: &str| {
        json!({
            "id": 9, "name": "Ship 3 by ana", "workflow_id": 4, "head_sha": "abc", "status": "completed",
            "conclusion": conclusion, "html_url": "https://forge.example/9", "created_at": "2026-08-30T09:00:00Z",
            "updated_at": at, "run_started_at": "2026-08-30T09:00:00Z",
        })
    };
    let other = |id: u64, conclusion: &str| {
        json!({
            "id": id, "name": "Lint", "workflow_id": 5, "head_sha": "abd", "status": "completed",
            "conclusion": conclusion, "html_url": "https://forge.example/8", "created_at": "2026-08-30T10:00:00Z",
            "updated_at": "2026-08-30T10:30:00Z", "run_started_at": "2026-08-30T10:00:00Z",
        })
    };
    let shop = Repository {
        runs: vec![run("failure", "2026-08-30T09:10:00Z"), other(10, "success")],
        workflows: vec![
            json!({"id": 4, "name": "Ship", "path": ".github/workflows/ship.yml"}),
            json!({"id": 5, "name": "Lint", "path": ".github/workflows/lint.yml"}),
        ],
        ..Repository::default()
    };
    for named in ["workflow:Ship", "workflow:ship.yml"] {
        let read = Read::once(shop.clone(), &[named]).await;
        let failed = read.said("deployments").await;
        assert!(failed.contains(r#"result=Some("failure")"#), "{failed}");
        read.again(|own| own.runs[0] = run("success", "2026-08-30T11:00:00Z"))
            .await;
        let well = read.said("deployments").await;
        assert!(well.contains(r#"result=Some("success")"#), "{well}");
    }
}

#[tokio::test]
async fn a_deployment_that_failed_and_then_succeeds_is_a_success() {
    let deployment = |statuses: Value| {
        json!({
            "id": 5, "node_id": "D_5", "sha": "abc", "environment": "production", "statuses": statuses,
            "created_at": "2026-08-30T12:00:00Z", "updated_at": "2026-08-30T12:09:00Z",
        })
    };
    let failed = json!({"state": "failure", "created_at": "2026-08-30T12:05:00Z"});
    let well = json!({"state": "success", "created_at": "2026-08-30T13:00:00Z"});
    let shop = Repository {
        deployments: vec![deployment(json!([failed]))],
        ..Repository::default()
    };
    let read = Read::once(shop, &[]).await;
    assert!(
        read.said("deployments")
            .await
            .contains(r#"result=Some("failure")"#)
    );
    read.again(|own| {
        own.deployments[0] = deployment(json!([well, failed]));
        own.deployments[0]["updated_at"] = json!("2026-08-30T13:00:00Z");
    })
    .await;
    assert!(
        read.said("deployments")
            .await
            .contains(r#"result=Some("success")"#)
    );
}

#[tokio::test]
async fn a_release_of_an_older_commit_that_is_published_later_is_read() {
    let release = |id: u64, made: &str, published: Option<&str>| {
        json!({
            "id": id, "tag_name": format!("v{id}"), "html_url": "https://forge.example/r", "draft": published.is_none(),
            "created_at": made, "published_at": published,
        })
    };
    let mut pull = made::pull_request(1);
    pull["payload"]["head"]["sha"] = json!("abc");
    let shop = Repository {
        pull_requests: vec![pull],
        releases: vec![release(
            2,
            "2026-08-30T09:00:00Z",
            Some("2026-08-30T10:00:00Z"),
        )],
        ..Repository::default()
    };
    let read = Read::once(shop, &["releases"]).await;
    read.again(|own| {
        let later = release(1, "2026-08-01T09:00:00Z", Some("2026-09-02T10:00:00Z"));
        own.releases.push(later);
    })
    .await;
    assert_eq!(read.rows("deployments").await.len(), 2);
}

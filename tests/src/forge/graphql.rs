//! What belongs to pull requests and deployments, by GraphQL, from what REST has.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::{Held, json as answered};

/// So many of each go into an answer; what is more is counted.
const COMMITS: usize = 100;
const REVIEWS: usize = 50;

/// The answer to a query by ids.
pub(super) fn answer(held: &Held, body: &[u8]) -> Response {
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    let ids = asked["variables"]["ids"].as_array();
    let ids = ids.cloned().unwrap_or_default();
    let query = asked["query"].as_str().unwrap_or_default();
    let of_checks = query.contains("statusCheckRollup");
    let nodes = ids.iter().map(|id| node(held, id, of_checks));
    let nodes: Vec<Value> = nodes.collect();
    answered(
        StatusCode::OK,
        &json!({"data": {"rateLimit": {"cost": 1}, "nodes": nodes}}),
    )
}

fn node(held: &Held, id: &Value, of_checks: bool) -> Value {
    for repository in held.repositories.values() {
        let mut pulls = repository.pull_requests.iter();
        if let Some(found) = pulls.find(|own| own["payload"]["node_id"] == *id) {
            return if of_checks {
                checks(found)
            } else {
                pull_request(found)
            };
        }
        let mut deployments = repository.deployments.iter();
        if let Some(found) = deployments.find(|own| own["node_id"] == *id) {
            return deployment(found);
        }
    }
    Value::Null
}

fn pull_request(own: &Value) -> Value {
    let payload = &own["payload"];
    let timeline = list(&own["timeline"]).iter();
    let ready = timeline.filter(|event| event["event"] == "ready_for_review");
    let ready: Vec<Value> = ready
        .map(|event| json!({"createdAt": event["created_at"]}))
        .collect();
    json!({
        "id": payload["node_id"],
        "additions": payload["additions"],
        "deletions": payload["deletions"],
        "commits": connection(list(&own["commits"]), COMMITS, commit),
        "reviews": connection(list(&own["reviews"]), REVIEWS, review),
        "timelineItems": {"nodes": ready},
        "files": connection(list(&own["files"]), COMMITS, |file| json!({"path": file["filename"]})),
    })
}

/// The checks of the last commit.
fn checks(own: &Value) -> Value {
    let check = |check: &Value| {
        json!({
            "databaseId": check["id"], "name": check["name"], "completedAt": check["completed_at"],
            "conclusion": check["conclusion"].as_str().map(str::to_uppercase),
        })
    };
    let commit = json!({
        "oid": own["payload"]["head"]["sha"].as_str().unwrap_or_default(),
        "statusCheckRollup": {"contexts": connection(list(&own["checks"]), COMMITS, check)},
    });
    json!({"commits": {"nodes": [{"commit": commit}]}})
}

fn deployment(own: &Value) -> Value {
    let status = |status: &Value| {
        let state = status["state"].as_str().unwrap_or_default().to_uppercase();
        json!({"state": state, "createdAt": status["created_at"]})
    };
    json!({
        "id": own["node_id"],
        "statuses": connection(list(&own["statuses"]), COMMITS, status),
    })
}

fn commit(own: &Value) -> Value {
    let author = &own["author"];
    let user = author["login"].as_str().filter(|_| author["type"] != "Bot");
    json!({"commit": {
        "oid": own["sha"],
        "authoredDate": own["commit"]["author"]["date"],
        "message": own["commit"]["message"],
        "author": {
            "email": own["commit"]["author"]["email"],
            "user": user.map(|login| json!({"login": login})),
        },
    }})
}

fn review(own: &Value) -> Value {
    let user = &own["user"];
    let login = user["login"]
        .as_str()
        .map(|login| login.trim_end_matches("[bot]"));
    json!({
        "fullDatabaseId": own["id"].to_string(),
        "state": own["state"],
        "submittedAt": own["submitted_at"],
        "author": login.map(|login| json!({"__typename": user["type"], "login": login})),
        "commit": own["commit_id"].as_str().map(|oid| json!({"oid": oid})),
    })
}

fn connection(all: &[Value], most: usize, of: impl Fn(&Value) -> Value) -> Value {
    let nodes: Vec<Value> = all.iter().take(most).map(of).collect();
    json!({"totalCount": all.len(), "nodes": nodes})
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

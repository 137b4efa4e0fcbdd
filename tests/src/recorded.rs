//! Recorded pull requests of a real project, turned into the records a source would push.

use std::path::PathBuf;

use serde_json::{Value, json};

/// The folder of recorded answers; a test that needs it says that it was skipped when it is not set.
pub const FOLDER: &str = "ONEHOP_SHARED";

/// What a forge answered about a pull request, as it stands.
pub fn pull_requests() -> Option<Vec<Value>> {
    let mut recorded = shared("recorded/github/ants.json")?;
    let Value::Array(pull_requests) = recorded["pull_requests"].take() else {
        panic!("there is no list of pull requests");
    };
    Some(pull_requests)
}

/// How agents' accounts and marks were seen in public histories.
pub fn agent_identities() -> Option<Value> {
    shared("specs/attribution/agent_identities.json")
}

fn shared(path: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os(FOLDER) else {
        println!("skipped: {FOLDER} does not name the folder of recorded answers");
        return None;
    };
    let text = std::fs::read_to_string(PathBuf::from(folder).join(path)).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

/// The record of the stream changes.
pub fn change(recorded: &Value) -> Value {
    let payload = &recorded["payload"];
    json!({
        "id": id(recorded),
        "service": "ants",
        "updated_at": payload["updated_at"],
        "number": payload["number"],
        "url": payload["html_url"],
        "title": payload["title"],
        "body": payload["body"],
        "branch": payload["head"]["ref"],
        "author": person(&payload["user"]),
        "created_at": payload["created_at"],
        "merged_at": payload["merged_at"],
        "closed_at": payload["closed_at"],
        "merge_commit": payload["merge_commit_sha"],
        "commits": list(&recorded["commits"]).iter().map(commit).collect::<Vec<_>>(),
        "labels": list(&payload["labels"]).iter().map(|label| &label["name"]).collect::<Vec<_>>(),
    })
}

/// The records of the stream reviews: those with a verdict that the stream knows.
pub fn reviews(recorded: &Value) -> Vec<Value> {
    let known = ["approved", "changes_requested", "commented"];
    let reviews = list(&recorded["reviews"]).iter().filter_map(|review| {
        let state = review["state"].as_str()?.to_lowercase();
        known.contains(&state.as_str()).then(|| {
            json!({
                "id": review["id"].to_string(),
                "change": id(recorded),
                "author": person(&review["user"]),
                "state": state,
                "submitted_at": review["submitted_at"],
                "commit": review["commit_id"],
            })
        })
    });
    reviews.collect()
}

/// The id a pull request keeps for ever.
pub fn id(recorded: &Value) -> String {
    recorded["payload"]["id"].to_string()
}

fn commit(recorded: &Value) -> Value {
    let author = &recorded["author"];
    json!({
        "sha": recorded["sha"],
        "authored_at": recorded["commit"]["author"]["date"],
        "author": if author.is_object() { person(author) } else { Value::Null },
        "message": recorded["commit"]["message"],
    })
}

fn person(user: &Value) -> Value {
    let kind = (user["type"] == "Bot").then_some("agent");
    json!({"id": user["login"].as_str().unwrap_or("ghost"), "kind": kind})
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

//! Made-up work in the words of GitHub's REST API.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};

use super::Repository;

/// When the first thing was made.
const FIRST: i64 = 1_788_000_000;

/// A repository with so many pull requests, three in four of them merged, an hour apart.
pub fn repository(pull_requests: u64) -> Repository {
    Repository {
        pull_requests: (1..=pull_requests).map(pull_request).collect(),
        ..Repository::default()
    }
}

/// A pull request by its number, with two commits, a review and a file.
pub fn pull_request(number: u64) -> Value {
    let created = at(number, 0);
    let merged = (!number.is_multiple_of(4)).then(|| text(at(number, 50)));
    let updated = text(at(number, 55));
    let commit = |nth: i64| {
        json!({
            "sha": format!("{number:032x}{nth:08x}"),
            "author": {"login": "ana", "type": "User"},
            "commit": {
                "message": format!("Step {nth} of {number}"),
                "author": {"name": "Ana", "email": "ana@example.org", "date": text(created - TimeDelta::minutes(90 - nth))},
            },
        })
    };
    json!({
        "payload": {
            "id": 900_000 + number,
            "node_id": format!("PR_{number}"),
            "number": number,
            "html_url": format!("https://forge.example/acme/shop/pull/{number}"),
            "title": format!("Change {number}"),
            "body": null,
            "user": {"login": "ana", "type": "User"},
            "head": {"ref": format!("work-{number}")},
            "created_at": text(created),
            "updated_at": updated,
            "merged_at": merged,
            "closed_at": merged,
            "merge_commit_sha": format!("{number:040x}"),
            "labels": [{"name": "shop"}],
            "additions": 10 + number,
            "deletions": number,
        },
        "commits": [commit(1), commit(2)],
        "reviews": [{
            "id": 700_000 + number,
            "user": {"login": "ben", "type": "User"},
            "state": "APPROVED",
            "submitted_at": text(at(number, 40)),
            "commit_id": format!("{number:032x}{:08x}", 2),
        }],
        "files": [{"filename": format!("src/part-{}.rs", number % 7)}],
        "timeline": [],
    })
}

/// So many minutes into a thing's own hour.
fn at(number: u64, minutes: i64) -> DateTime<Utc> {
    let first = DateTime::from_timestamp(FIRST, 0).unwrap();
    first + TimeDelta::hours(number as i64) + TimeDelta::minutes(minutes)
}

fn text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

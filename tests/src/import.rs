//! Files of many records, the same for the same seed.

use std::fmt::Write;

use chrono::{DateTime, SecondsFormat, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

/// 2026-01-05T00:00:00Z, a Monday.
const FROM_S: i64 = 1_767_571_200;
const WEEK_S: i64 = 7 * 86_400;

/// What a generated file holds.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub changes: u32,
    pub weeks: i64,
    pub seed: u64,
}

/// NDJSON of changes, and of about as many reviews.
pub fn generated(shape: Shape) -> (String, String) {
    let mut random = ChaCha8Rng::seed_from_u64(shape.seed);
    let (mut changes, mut reviews) = (String::new(), String::new());
    for number in 0..shape.changes {
        let start = FROM_S + random.random_range(0..shape.weeks * WEEK_S);
        let created = start + random.random_range(0..86_400);
        let reviewed = created + random.random_range(0..86_400);
        let merged = reviewed + random.random_range(-3_600..86_400);
        let service = ["shop", "search", "mail"][random.random_range(0..3)];
        let author = ["ana", "ben", "checkout-bot"][random.random_range(0..3)];
        let change = json!({
            "id": format!("change-{number}"), "service": service, "number": number,
            "title": format!("Change {number} of {service}"), "author": {"id": author},
            "created_at": at(created), "merged_at": at(merged), "updated_at": at(merged),
            "commits": [{"sha": format!("sha-{number}"), "authored_at": at(start)}],
        });
        writeln!(changes, "{change}").unwrap();
        let review = json!({
            "id": format!("review-{number}"), "change": format!("change-{number}"),
            "author": {"id": "cleo"}, "state": "approved", "submitted_at": at(reviewed),
        });
        writeln!(reviews, "{review}").unwrap();
    }
    (changes, reviews)
}

/// NDJSON of as many incidents as there are changes, and of as many defects.
pub fn troubles(shape: Shape) -> (String, String) {
    let mut random = ChaCha8Rng::seed_from_u64(shape.seed);
    let (mut incidents, mut defects) = (String::new(), String::new());
    for number in 0..shape.changes {
        let start = FROM_S + random.random_range(0..shape.weeks * WEEK_S);
        let end = start + random.random_range(0..86_400);
        let service = [Some("shop"), Some("search"), None][random.random_range(0..3)];
        let change = random.random_range(0..shape.changes);
        let incident = json!({
            "id": format!("incident-{number}"), "service": service, "started_at": at(start),
            "resolved_at": at(end), "caused_by": {"change": format!("change-{change}")},
        });
        writeln!(incidents, "{incident}").unwrap();
        let defect = json!({
            "id": format!("defect-{number}"), "service": service, "found_at": at(start),
            "found_in": "production", "updated_at": at(end),
        });
        writeln!(defects, "{defect}").unwrap();
    }
    (incidents, defects)
}

fn at(seconds: i64) -> String {
    DateTime::<Utc>::from_timestamp(seconds, 0)
        .unwrap()
        .to_rfc3339_opts(SecondsFormat::Secs, true)
}

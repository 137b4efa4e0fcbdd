//! Companies in which everything that can be odd is odd, each the same for the same seed.
//!
//! Instants lie on a coarse grid, so that many are equal; clocks run backwards; names lead to other
//! services and to nothing; one id comes in several versions, which may differ in all else.

use std::ops::Range;

use chrono::{DateTime, SecondsFormat, Utc};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};
use server::ingest::StreamName;

/// Shop has a window of its own, desk's merges are its deployments, tools finds nothing, web has its
/// own words; ghost, which records name too, is not registered.
pub const REGISTRY: &str = r#"
[company]
name = "Odd"
time_zone = "Europe/Berlin"
[[service]]
slug = "shop"
incident_window_hours = 24
[[service]]
slug = "desk"
delivery = "merge"
[[service]]
slug = "tools"
rules_off = ["rollback", "revert", "fix"]
[[service]]
slug = "web"
production = ["Live-EU", "production"]
fix_labels = ["urgent"]
[[workflow]]
slug = "buying"
services = ["shop", "web"]
[[workflow]]
slug = "paying"
services = ["shop", "desk", "tools"]
paths = ["pay"]
[[workflow]]
slug = "big"
services = ["shop", "web", "desk"]
labels = ["big"]
paths = ["core/*"]
[[agent]]
id = "checkout-agent"
workflow = "buying"
identities = ["checkout-bot"]
"#;

/// The registered services.
pub const SERVICES: [&str; 4] = ["shop", "desk", "tools", "web"];
pub const WORKFLOWS: [&str; 3] = ["buying", "paying", "big"];
/// The weeks that its records lie in, and one beyond on each side.
pub const WEEKS: Range<u32> = 8..16;

const CHANGES: u32 = 45;
const DEPLOYMENTS: u32 = 40;
/// 2026-03-02T00:00:00Z, the Monday of 2026-W10.
const FROM_MS: i64 = 1_772_409_600_000;
const HOUR_MS: i64 = 3_600_000;
/// The grid, from its first point to its last.
const STEP_MS: i64 = 4 * HOUR_MS;
const POINTS: i64 = 5 * 7 * 6;

/// All records of a company, each version one.
pub fn records(seed: u64) -> Vec<(StreamName, Value)> {
    let mut chance = Chance(ChaCha8Rng::seed_from_u64(seed));
    let mut records = Vec::new();
    for (stream, count, make) in [
        (StreamName::Changes, CHANGES, change as Make),
        (StreamName::Reviews, 35, review),
        (StreamName::Deployments, DEPLOYMENTS, deployment),
        (StreamName::Incidents, 25, incident),
        (StreamName::Defects, 20, defect),
    ] {
        for number in 0..count {
            let versions = if chance.is(20) { 2 } else { 1 };
            for _ in 0..versions {
                let mut record = make(&mut chance, number);
                record["updated_at"] =
                    json!(chance.of(&[1, 2, 3]).map(|day| at(day * 24 * HOUR_MS)));
                records.push((stream, record));
            }
        }
    }
    records
}

type Make = fn(&mut Chance, u32) -> Value;

struct Chance(ChaCha8Rng);

impl Chance {
    /// Whether something of so many in a hundred is.
    fn is(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    fn of<T: Copy>(&mut self, these: &[T]) -> Option<T> {
        these.get(self.0.random_range(0..these.len())).copied()
    }

    fn some<T>(&mut self, percent: u32, make: impl FnOnce(&mut Chance) -> T) -> Option<T> {
        self.is(percent).then(|| make(self))
    }

    /// A point of the grid, seldom a millisecond beyond it.
    fn instant_ms(&mut self) -> i64 {
        let beside = i64::from(self.is(10));
        FROM_MS + STEP_MS * self.0.random_range(0..POINTS) + beside
    }

    fn instant(&mut self) -> String {
        at(self.instant_ms())
    }

    /// A few points of the grid after an instant, seldom before it.
    fn after(&mut self, from_ms: i64) -> i64 {
        from_ms + STEP_MS * self.0.random_range(-2..12)
    }

    fn number(&mut self, below: u32) -> u32 {
        self.0.random_range(0..below)
    }

    fn change(&mut self) -> String {
        format!("c{}", self.number(CHANGES + 2))
    }

    fn commit(&mut self) -> String {
        format!("{:040x}", 0xabc_0000 + u64::from(self.number(35)))
    }

    fn service(&mut self) -> &'static str {
        self.of(&["shop", "shop", "desk", "tools", "web", "ghost"])
            .unwrap()
    }

    fn person(&mut self) -> Value {
        let id = self.of(&["ana", "ben", "cleo", "checkout-bot", "claude[bot]"]);
        json!({"id": id, "kind": self.of(&[None, None, Some("person"), Some("agent")])})
    }

    /// At most so many of something.
    fn list<T>(&mut self, most: u32, mut make: impl FnMut(&mut Chance) -> T) -> Vec<T> {
        let count = self.number(most + 1);
        (0..count).map(|_| make(self)).collect()
    }
}

/// Members that are null are absent.
fn change(chance: &mut Chance, number: u32) -> Value {
    let start_ms = chance.instant_ms();
    let created_ms = chance.after(start_ms);
    let commits = chance.list(3, |chance| {
        json!({"sha": chance.commit(), "authored_at": at(chance.after(start_ms)),
            "author": chance.some(50, Chance::person), "message": chance.some(20, text)})
    });
    json!({
        "id": format!("c{number}"), "service": chance.service(), "author": chance.person(),
        "title": chance.some(80, title), "body": chance.some(30, text), "commits": commits,
        "created_at": chance.some(85, |_| at(created_ms)),
        "ready_at": chance.some(30, |chance| at(chance.after(created_ms))),
        "merged_at": chance.some(85, |chance| at(chance.after(created_ms))),
        "merge_commit": chance.some(70, Chance::commit),
        "branch": chance.of(&[None, Some("main"), Some("hotfix/tax"), Some("claude/tax")]),
        "labels": chance.list(2, |chance| chance.of(&["hotfix", "urgent", "big", "small"])),
        "paths": chance.list(2, |chance| chance.of(&["pay/tax.rs", "core/tax.rs", "payroll/tax.rs"])),
        "additions": chance.some(80, |chance| chance.number(50)),
        "deletions": chance.some(80, |chance| chance.number(50)),
        "reverts": chance.some(10, |chance| match chance.is(50) {
            true => chance.change(),
            false => chance.commit(),
        }),
        "run_ids": chance.list(1, |_| "r1"),
    })
}

/// Few titles, so that several changes share one.
fn title(chance: &mut Chance) -> String {
    let plain = format!("Change the tax of {}", chance.number(6));
    match chance.is(25) {
        true => format!("Revert \"{plain}\""),
        false => plain,
    }
}

fn text(chance: &mut Chance) -> String {
    match chance.is(50) {
        true => format!("It broke.\n\nThis reverts commit {}.", chance.commit()),
        false => "Done.\n\nCo-authored-by: Claude <noreply@anthropic.com>".to_owned(),
    }
}

fn review(chance: &mut Chance, number: u32) -> Value {
    json!({
        "id": format!("r{number}"), "change": chance.change(), "author": chance.person(),
        "state": chance.of(&["approved", "changes_requested", "commented"]),
        "submitted_at": chance.instant(),
    })
}

/// Seldom under the id of a change: ids are unique in their own stream alone.
fn deployment(chance: &mut Chance, number: u32) -> Value {
    let id = if number % 13 == 12 {
        format!("c{number}")
    } else {
        format!("d{number}")
    };
    json!({
        "id": id, "service": chance.service(), "commit": chance.commit(),
        "environment": chance.of(&["production", "production", "Prod", "live", "live-eu", "staging"]),
        "finished_at": chance.instant(),
        "result": chance.of(&["success", "success", "success", "success", "failure"]),
        "kind": chance.of(&[None, None, None, Some("planned"), Some("rollback"), Some("fix")]),
        "changes": chance.some(40, |chance| chance.list(4, Chance::change)),
    })
}

fn incident(chance: &mut Chance, number: u32) -> Value {
    let started_ms = chance.instant_ms();
    let kind = chance.some(20, |chance| {
        chance.of(&["incident", "alert", "drill", "declined", "merged"])
    });
    let cause = match chance.number(6) {
        0 => json!({"deployment": format!("d{}", chance.number(DEPLOYMENTS + 2))}),
        1 => json!({"change": chance.change()}),
        2 => json!({"commit": chance.commit()}),
        _ => Value::Null,
    };
    json!({
        "id": format!("i{number}"), "service": chance.some(90, Chance::service), "kind": kind,
        "started_at": at(started_ms), "caused_by": cause,
        "resolved_at": chance.some(80, |chance| at(chance.after(started_ms))),
    })
}

fn defect(chance: &mut Chance, number: u32) -> Value {
    let cause = match chance.number(4) {
        0 => json!({"deployment": format!("d{}", chance.number(DEPLOYMENTS + 2))}),
        1 => json!({"change": chance.change()}),
        2 => json!({"release": "v1"}),
        _ => Value::Null,
    };
    json!({
        "id": format!("f{number}"), "service": chance.some(90, Chance::service),
        "found_at": chance.instant(), "introduced_by": cause,
        "found_in": chance.of(&[None, Some("production"), Some("pre_release")]),
        "resolution": chance.of(&[None, Some("fixed"), Some("duplicate"), Some("not_a_defect"), Some("wont_fix")]),
    })
}

fn at(ms: i64) -> String {
    let at = DateTime::<Utc>::from_timestamp_millis(ms).unwrap();
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

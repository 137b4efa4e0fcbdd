//! A service's deployments of a week: some of its merge commits, first to staging, then to
//! production; after a failure a rollback or a fix.

use serde_json::Value;

use super::chance::Chance;
use super::changes::Change;
use super::company::{Service, Week};
use super::hours::{MINUTE, rfc3339};
use super::object::object;

/// How often a service deploys in an ordinary week.
const A_WEEK: f64 = 8.0;

/// The records of a week's deployments. Each has the number of the change it brings, so that its id
/// stays its own for good.
pub(super) fn of_week(
    (service, week): (&Service, &Week),
    changes: &[Change],
    chance: &mut Chance,
) -> Vec<Value> {
    let merged: Vec<&Change> = changes.iter().filter(|change| change.is_merged).collect();
    let share = (A_WEEK / merged.len() as f64).min(0.8);
    let mut records = Vec::new();
    let mut live: Option<&str> = None;
    let mut kind = "planned";
    for change in merged {
        // What mends a failure does not wait.
        if kind == "planned" && !chance.happens(share) {
            continue;
        }
        let mut rollout = Rollout {
            service,
            number: change.number,
            commit: &change.merge_commit,
            kind,
            started: change.end + chance.between(4 * MINUTE, 25 * MINUTE),
        };
        records.push(rollout.record("staging", "success"));
        rollout.started += chance.between(15 * MINUTE, 60 * MINUTE);
        if !chance.happens(week.failing) {
            records.push(rollout.record("production", "success"));
            live = Some(&change.merge_commit);
            kind = "planned";
            continue;
        }
        records.push(rollout.record("production", "failure"));
        kind = "fix";
        if let Some(commit) = live.filter(|_| chance.happens(0.6)) {
            rollout.commit = commit;
            rollout.kind = "rollback";
            rollout.started += chance.between(12 * MINUTE, 50 * MINUTE);
            records.push(rollout.record("production", "success"));
            kind = "planned";
        }
    }
    records
}

struct Rollout<'a> {
    service: &'a Service,
    number: u64,
    commit: &'a str,
    kind: &'a str,
    started: i64,
}

impl Rollout<'_> {
    fn record(&self, environment: &str, result: &str) -> Value {
        let step = match self.kind {
            "rollback" => "rollback",
            _ => environment,
        };
        let id = format!("{}-{}-{step}", self.service.slug, self.number);
        let page = format!(
            "https://example.com/{}/deployments",
            self.service.repository()
        );
        let finished = rfc3339(self.started + 6 * MINUTE);
        object([
            ("url", format!("{page}/{id}").into()),
            ("id", id.into()),
            ("service", self.service.slug.as_str().into()),
            ("environment", environment.into()),
            ("commit", self.commit.into()),
            ("started_at", rfc3339(self.started).into()),
            ("updated_at", finished.as_str().into()),
            ("finished_at", finished.into()),
            ("result", result.into()),
            ("kind", self.kind.into()),
        ])
    }
}

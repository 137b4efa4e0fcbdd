//! Checks of commits as evaluations; the evaluator is the check, by its name.

use serde_json::json;

use super::objects::CheckRun;
use super::pull_requests::instant;
use crate::connectors::Read;

/// A check that is over; none of one that is not, or that was skipped.
pub(super) fn record(own: &CheckRun) -> Option<Read> {
    let passed = match own.conclusion.as_deref()? {
        "success" => true,
        "failure" | "timed_out" | "startup_failure" | "action_required" => false,
        _ => return None,
    };
    let finished_at = instant(own.completed_at?);
    let body = json!({
        "id": format!("check-{}", own.id),
        "commit": own.head_sha,
        "updated_at": finished_at,
        "evaluator": {"name": own.name, "kind": "code"},
        "passed": passed,
        "finished_at": finished_at,
    });
    Some(Read::Record {
        stream: "evaluations",
        body: body.to_string(),
    })
}

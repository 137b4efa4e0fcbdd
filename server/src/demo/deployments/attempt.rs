//! One attempt to bring something into an environment, and the record of it.

use serde_json::Value;

use super::super::company::Service;
use super::super::hours::{MINUTE, rfc3339};
use super::super::object::object;

/// How long a rollout takes.
pub(super) const ROLLOUT: i64 = 6 * MINUTE;

/// A rollout.
#[derive(Clone, Debug)]
pub(in crate::demo) struct Attempt {
    pub id: String,
    pub is_production: bool,
    pub commit: String,
    pub finished: i64,
    pub is_success: bool,
    /// The kind that its record carries, if any.
    pub said: Option<&'static str>,
    /// The ids of what it holds, where its sender lists them.
    pub changes: Option<Vec<String>>,
}

impl Attempt {
    pub(in crate::demo) fn record(&self, service: &Service) -> Value {
        let page = format!("https://example.com/{}/deployments", service.repository());
        let finished = rfc3339(self.finished);
        let environment = if self.is_production {
            "production"
        } else {
            "staging"
        };
        let result = if self.is_success {
            "success"
        } else {
            "failure"
        };
        let mut record = object([
            ("url", format!("{page}/{}", self.id).into()),
            ("id", self.id.as_str().into()),
            ("service", service.slug.as_str().into()),
            ("environment", environment.into()),
            ("commit", self.commit.as_str().into()),
            ("started_at", rfc3339(self.finished - ROLLOUT).into()),
            ("updated_at", finished.as_str().into()),
            ("finished_at", finished.into()),
            ("result", result.into()),
        ]);
        if let Some(kind) = self.said {
            record["kind"] = kind.into();
        }
        if let Some(changes) = &self.changes {
            record["changes"] = changes.clone().into();
        }
        record
    }
}

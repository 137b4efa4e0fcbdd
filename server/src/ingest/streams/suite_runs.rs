//! The stream `suite_runs`: how many cases of a suite passed, and which kinds of cases did not.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Arrived;
use crate::ingest::instant::Instant;
use crate::ingest::json::Json;
use crate::ingest::record::{name, typed};
use crate::ingest::{Refusal, Stream, StreamName};
use crate::store::registry::{Registry, SuiteKind};
use crate::store::suite_runs::{self, SuiteRun};
use crate::store::touched::{self, Kind};
use crate::store::versions::Version;
use crate::store::{self, Tx};

pub(crate) struct SuiteRuns;

#[derive(Deserialize)]
struct Record {
    id: String,
    suite: String,
    workflow: String,
    kind: SuiteKind,
    updated_at: Option<Instant>,
    commit: Option<String>,
    cases: u32,
    passed: u32,
    #[serde(default)]
    failed: BTreeMap<String, u32>,
    threshold_ratio: Option<f64>,
    finished_at: Instant,
}

impl Stream for SuiteRuns {
    type Row = SuiteRun;
    const NAME: StreamName = StreamName::SuiteRuns;

    fn read(record: &Json<'_>) -> Result<SuiteRun, Refusal> {
        let record: Record = typed(record)?;
        for (field, given) in [
            ("id", &record.id),
            ("suite", &record.suite),
            ("workflow", &record.workflow),
        ] {
            name(field, given)?;
        }
        if record.passed > record.cases {
            let more = format!("is {}, of {} cases", record.passed, record.cases);
            return Err(Refusal::field("passed", more));
        }
        let failed: u64 = record.failed.values().map(|count| u64::from(*count)).sum();
        if failed > u64::from(record.cases - record.passed) {
            let more = format!(
                "counts {failed}, and {} did not pass",
                record.cases - record.passed
            );
            return Err(Refusal::field("failed", more));
        }
        let is_ratio = |ratio: f64| (0.0..=1.0).contains(&ratio);
        if record.threshold_ratio.is_some_and(|own| !is_ratio(own)) {
            return Err(Refusal::field("threshold_ratio", "lies outside 0 to 1"));
        }
        Ok(SuiteRun {
            version: Version {
                home: record.workflow,
                id: record.id,
                updated_at: record.updated_at.map(|at| at.0),
                ..Version::default()
            },
            suite: record.suite,
            kind: record.kind,
            commit_sha: record.commit,
            cases: i64::from(record.cases),
            passed: i64::from(record.passed),
            failed: record.failed,
            threshold_ratio: record.threshold_ratio,
            finished_at: record.finished_at.0,
        })
    }

    fn version(row: &SuiteRun) -> &Version {
        &row.version
    }

    fn version_mut(row: &mut SuiteRun) -> &mut Version {
        &mut row.version
    }

    async fn put(tx: &mut Tx, rows: &[SuiteRun]) -> store::Result<()> {
        suite_runs::put(tx, rows).await
    }

    /// A run of a suite counts in its week, and is an evaluation of the changes that hold its commit.
    async fn link(
        tx: &mut Tx,
        _registry: &Registry,
        arrived: Arrived<'_, SuiteRun>,
    ) -> store::Result<Vec<i64>> {
        touched::things(tx, Kind::SuiteRun, &arrived.keys(Self::version)).await?;
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::{Value, json};

    fn refused(more: &Value) -> Option<String> {
        let mut record = json!({"id": "s", "suite": "refunds", "workflow": "support", "kind": "regression",
            "cases": 10, "passed": 8, "finished_at": "2026-01-01T00:00:00Z"});
        let more = more.as_object().unwrap().clone();
        record.as_object_mut().unwrap().extend(more);
        let read = SuiteRuns::read(&parse(&record.to_string()).unwrap());
        read.err().and_then(|refusal| refusal.field)
    }

    #[test]
    fn no_more_cases_pass_or_fail_than_there_are() {
        assert_eq!(refused(&json!({"failed": {"tone": 2}})), None);
        assert_eq!(refused(&json!({"failed": {"tone": 1}})), None);
        assert_eq!(
            refused(&json!({"failed": {"tone": 3}})).as_deref(),
            Some("failed")
        );
        assert_eq!(refused(&json!({"passed": 11})).as_deref(), Some("passed"));
        assert_eq!(
            refused(&json!({"threshold_ratio": 95})).as_deref(),
            Some("threshold_ratio")
        );
    }
}

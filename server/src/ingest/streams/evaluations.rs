//! The stream `evaluations`: one automatic check of one output, and what came of it.

use serde::Deserialize;

use super::Arrived;
use crate::ingest::instant::Instant;
use crate::ingest::json::Json;
use crate::ingest::record::{name, typed};
use crate::ingest::subject::one;
use crate::ingest::{Refusal, Stream, StreamName};
use crate::links;
use crate::store::evaluations::{self, Evaluation};
use crate::store::registry::Registry;
use crate::store::versions::Version;
use crate::store::{self, Tx};

pub(crate) struct Evaluations;

#[derive(Deserialize)]
struct Record {
    id: String,
    run: Option<String>,
    artifact: Option<String>,
    commit: Option<String>,
    updated_at: Option<Instant>,
    evaluator: Evaluator,
    score: Option<f64>,
    passed: Option<bool>,
    required: Option<bool>,
    check: Option<bool>,
    finished_at: Instant,
}

#[derive(Deserialize)]
struct Evaluator {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Code,
    Model,
    Human,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Code => "code",
            Kind::Model => "model",
            Kind::Human => "human",
        }
    }
}

impl Stream for Evaluations {
    type Row = Evaluation;
    const NAME: StreamName = StreamName::Evaluations;

    fn read(record: &Json<'_>) -> Result<Evaluation, Refusal> {
        let record: Record = typed(record)?;
        name("id", &record.id)?;
        name("evaluator.name", &record.evaluator.name)?;
        let members = [
            ("run", record.run),
            ("artifact", record.artifact),
            ("commit", record.commit),
        ];
        Ok(Evaluation {
            version: Version {
                home: one("commit", members)?,
                id: record.id,
                updated_at: record.updated_at.map(|at| at.0),
                ..Version::default()
            },
            evaluator: record.evaluator.name,
            evaluator_kind: record.evaluator.kind.as_str().to_owned(),
            score: record.score,
            passed: record.passed,
            required: record.required,
            is_check: record.check.unwrap_or(false),
            finished_at: record.finished_at.0,
        })
    }

    fn version(row: &Evaluation) -> &Version {
        &row.version
    }

    fn version_mut(row: &mut Evaluation) -> &mut Version {
        &mut row.version
    }

    async fn put(tx: &mut Tx, rows: &[Evaluation]) -> store::Result<()> {
        evaluations::put(tx, rows).await
    }

    /// An evaluation moves what it is of, and was of before.
    async fn link(
        tx: &mut Tx,
        _registry: &Registry,
        arrived: Arrived<'_, Evaluation>,
    ) -> store::Result<Vec<i64>> {
        links::agent_work::subjects_moved(tx, &arrived.homes(Self::version)).await?;
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::json;

    #[test]
    fn an_evaluation_is_of_one_output_and_by_a_known_kind() {
        let read = |more: serde_json::Value| {
            let mut record = json!({"id": "e", "evaluator": {"name": "ci", "kind": "code"}, "finished_at": "2026-01-01T00:00:00Z"});
            record
                .as_object_mut()
                .unwrap()
                .extend(more.as_object().unwrap().clone());
            let text = record.to_string();
            Evaluations::read(&parse(&text).unwrap()).map_err(|refusal| refusal.field)
        };
        assert_eq!(
            read(json!({"commit": "abc"})).unwrap().version.home,
            "commit:abc"
        );
        assert!(read(json!({})).is_err());
        assert!(read(json!({"commit": "abc", "run": "r"})).is_err());
        let odd = json!({"commit": "abc", "evaluator": {"name": "ci", "kind": "oracle"}});
        assert_eq!(read(odd).unwrap_err().as_deref(), Some("evaluator.kind"));
    }
}

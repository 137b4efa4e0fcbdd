//! Runs of suites, as evaluation tools write them: taken in under the thresholds of the registry.
//!
//! A run that ended in an error is told and not taken in: it evaluated nothing.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::evals::{self, Format, SuiteRun};
use crate::ingest::{self, Delivery, Outcome, StreamName};
use crate::store::registry::{self, Registry, Suite, SuiteKind};
use crate::store::{self, Db, suite_runs};

/// A file of results, and what is said of it beside it.
#[derive(Clone, Debug)]
pub struct Results<'a> {
    pub format: Format,
    pub bytes: &'a [u8],
    /// The slug of the workflow whose suites ran.
    pub workflow: &'a str,
    /// In the place of the file's own.
    pub suite: Option<&'a str>,
    pub kind: Option<SuiteKind>,
    pub commit: Option<&'a str>,
    /// Who sends it: `push` or `import`.
    pub source: &'a str,
}

/// What became of a file.
#[derive(Debug, Serialize)]
pub struct Taken {
    pub runs: Vec<Told>,
    /// What to do where the workflow is not registered.
    pub note: Option<String>,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// A run as it was taken in, or why it was not.
#[derive(Debug, Serialize)]
pub struct Told {
    pub suite: String,
    pub cases: u64,
    pub passed: u64,
    pub threshold_ratio: Option<f64>,
    /// Whether enough cases passed; none without a threshold, or of a run that ended in an error.
    pub is_met: Option<bool>,
    /// Why it evaluated nothing, and was not taken in.
    pub error: Option<String>,
    /// For the log of a build.
    pub summary: String,
}

impl Taken {
    /// Whether every run met its threshold: what a gate asks.
    pub fn is_met(&self) -> bool {
        self.runs.iter().all(|run| run.is_met == Some(true))
    }
}

/// Why nothing was taken in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the results cannot be read as {0}: {1}; nothing was taken in")]
    Unreadable(Format, evals::Unreadable),
    #[error("the results name no suite, and nothing was taken in; name it with suite")]
    Nameless,
    #[error("the results hold {0} suites, and one name cannot be that of all; leave suite out")]
    Several(usize),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Takes the runs of a file in; the same file again, of the same commit, changes nothing.
pub async fn take(db: &Db, results: Results<'_>, now_ms: i64) -> Result<Taken, Error> {
    let read = evals::read(results.format, results.bytes);
    let read = read.map_err(|error| Error::Unreadable(results.format, error))?;
    if results.suite.is_some() && read.len() > 1 {
        return Err(Error::Several(read.len()));
    }
    let registry = registry::load(&mut db.read().await?).await?;
    let completed: Vec<(SuiteRun, Option<&Suite>)> = read
        .into_iter()
        .map(|run| completed(&registry, &results, run))
        .collect::<Result<_, _>>()?;
    let ids = ids(&results, &completed);
    let times = times(db, &ids).await?;
    let mut runs = Vec::with_capacity(ids.len());
    let mut records = Vec::with_capacity(ids.len());
    for ((run, suite), id) in completed.into_iter().zip(&ids) {
        if run.error.is_none() {
            // A file without a time says when it was first sent.
            let known = run.finished_at_ms.or(times.get(id).copied());
            let finished_at = known.unwrap_or(now_ms);
            records.push(record(&results, (&run, suite), (id, finished_at)).to_string());
        }
        runs.push(Told {
            suite: run.suite.clone().unwrap_or_default(),
            cases: run.cases,
            passed: run.passed,
            threshold_ratio: run.threshold_ratio,
            is_met: run.met(),
            summary: evals::summary(&run),
            error: run.error,
        });
    }
    let texts: Vec<&str> = records.iter().map(String::as_str).collect();
    let delivery = Delivery {
        source: results.source,
        records: &texts,
        received_at_ms: now_ms,
    };
    let outcome = ingest::take(db, StreamName::SuiteRuns, delivery).await?;
    let is_known = registry.workflow(results.workflow).is_some();
    let note = (!is_known).then(|| not_registered(results.workflow));
    Ok(Taken {
        runs,
        note,
        outcome,
    })
}

fn not_registered(workflow: &str) -> String {
    format!(
        "the workflow {workflow:?} is not registered, so its suites count in the company only; declare it with [[workflow]] slug = {workflow:?} and `onehop apply`"
    )
}

/// A run under the name, commit and threshold that count, and its suite's entry in the registry.
fn completed<'a>(
    registry: &'a Registry,
    results: &Results<'_>,
    mut run: SuiteRun,
) -> Result<(SuiteRun, Option<&'a Suite>), Error> {
    if let Some(name) = results.suite {
        run.suite = Some(name.to_owned());
    }
    if let Some(commit) = results.commit {
        run.commit = Some(commit.to_owned());
    }
    let name = run.suite.as_deref().ok_or(Error::Nameless)?;
    let workflow = registry.workflow(results.workflow);
    let suite = workflow.and_then(|own| own.suite.iter().find(|suite| suite.name == name));
    let agreed = suite.and_then(|suite| suite.threshold_ratio);
    run.threshold_ratio = agreed.or(run.threshold_ratio);
    Ok((run, suite))
}

/// The ids of a file's runs: the tool's own, else one of the file's content, each within its suite and
/// of its commit. A file says the same of each commit that passes alike, and is a run of each.
fn ids(results: &Results<'_>, runs: &[(SuiteRun, Option<&Suite>)]) -> Vec<String> {
    let hash = hex::encode(&Sha256::digest(results.bytes)[..8]);
    let mut same: BTreeMap<String, usize> = BTreeMap::new();
    let id = |(run, _): &(SuiteRun, Option<&Suite>)| {
        let name = run.suite.as_deref().unwrap_or_default();
        let own = run.id.as_deref().unwrap_or(&hash);
        let at = run.commit.as_ref().map(|commit| format!("@{commit}"));
        let at = at.unwrap_or_default();
        let id = format!("{}/{name}/{own}{at}", results.workflow);
        let before = same.entry(id.clone()).or_default();
        *before += 1;
        match *before {
            1 => id,
            // A file may hold several runs of a suite.
            several => format!("{id}#{several}"),
        }
    };
    runs.iter().map(id).collect()
}

/// When those of these runs finished that are known already.
async fn times(db: &Db, ids: &[String]) -> Result<BTreeMap<String, i64>, Error> {
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let known = suite_runs::find(&mut db.read().await?, &ids).await?;
    let times = known
        .into_iter()
        .map(|run| (run.version.id, run.finished_at));
    Ok(times.collect())
}

fn record(
    results: &Results<'_>,
    (run, suite): (&SuiteRun, Option<&Suite>),
    (id, finished_at): (&str, i64),
) -> serde_json::Value {
    let name = run.suite.as_deref().unwrap_or_default();
    let told = run.kind.map(|kind| match kind {
        evals::Kind::Regression => SuiteKind::Regression,
        evals::Kind::Adversarial => SuiteKind::Adversarial,
        evals::Kind::Unit => SuiteKind::Unit,
    });
    let agreed = suite.map(|suite| suite.kind);
    let kind = results.kind.or(agreed).or(told);
    let finished_at = chrono::DateTime::from_timestamp_millis(finished_at);
    json!({
        "id": id,
        "suite": name,
        "workflow": results.workflow,
        "kind": kind.unwrap_or(SuiteKind::Regression),
        "commit": run.commit,
        "cases": run.cases,
        "passed": run.passed,
        "failed": run.failed,
        "threshold_ratio": run.threshold_ratio,
        "finished_at": finished_at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)),
    })
}

//! Runs of suites as records, by finish.

use app::view::figure::Unit;
use app::view::records::Record;
use serde_json::Map;

use super::{Adding, Within};
use crate::figures::facts;
use crate::metrics::Sums;
use crate::metrics::suite_run::SuiteRun;
use crate::store::links::suite_runs::{self, SuiteRunLink};
use crate::store::{self, Tx, to_json};
use crate::views::rfc3339;

/// The runs of suites that finished in a span of time.
pub(super) async fn finished(
    tx: &mut Tx,
    (from_ms, to_ms): (i64, i64),
    adding: &mut Adding<'_>,
    of: fn(&SuiteRun) -> Option<Sums>,
) -> store::Result<()> {
    let links = suite_runs::between(tx, from_ms, to_ms).await?;
    for (link, run) in facts::suite_runs(&links) {
        let Some(sums) = of(&run) else { continue };
        let workflows = to_json("workflows", &[&link.workflow])?;
        let within = Within {
            service: "",
            workflows: &workflows,
            segment: None,
        };
        adding.add_sums(within, (sums, ["passed", "cases"]), || Ok(record(link)))?;
    }
    Ok(())
}

fn record(link: &SuiteRunLink) -> Record {
    Record {
        id: link.suite_run_id.clone(),
        kind: "suite_run".to_owned(),
        title: Some(title(link)),
        url: None,
        at: rfc3339(link.finished_at),
        value: None,
        unit: Unit::Count,
        parts: Map::new(),
        reason: None,
        segment: "all".to_owned(),
        evidence: Vec::new(),
        receipt_url: None,
    }
}

/// "refunds, 188 of 200 cases passed".
fn title(link: &SuiteRunLink) -> String {
    format!(
        "{}, {} of {} cases passed",
        link.suite, link.passed, link.cases
    )
}

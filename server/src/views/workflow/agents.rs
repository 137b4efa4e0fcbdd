//! The suites of a workflow's agents against their thresholds, and what there is to reconstruct what they
//! landed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use app::view::workflow::{AuditItem, Measure, Suite, SuiteRun};
use serde_json::Value;

use crate::figures;
use crate::links::Asked as Item;
use crate::store::registry::Workflow;
use crate::store::suite_runs::{self, SuiteRun as Stored};
use crate::store::{Result, Tx};
use crate::views::answer::Asked;
use crate::views::review::local;

/// The suites that are agreed on or were run, by name, each with its last run up to the end of the week.
pub(super) async fn suites(tx: &mut Tx, own: &Workflow, asked: Asked<'_>) -> Result<Vec<Suite>> {
    let calendar = figures::calendar(&asked.registry.company);
    let end_ms = calendar.end_ms(asked.week);
    let mut all: BTreeMap<String, Suite> = BTreeMap::new();
    for agreed in &own.suite {
        let suite = Suite {
            name: agreed.name.clone(),
            kind: agreed.kind.as_str().to_owned(),
            threshold_ratio: agreed.threshold_ratio,
            last: None,
        };
        all.insert(agreed.name.clone(), suite);
    }
    for run in suite_runs::latest_of(tx, &own.slug, end_ms).await? {
        let suite = all.entry(run.suite.clone()).or_insert_with(|| Suite {
            name: run.suite.clone(),
            kind: run.kind.as_str().to_owned(),
            threshold_ratio: None,
            last: None,
        });
        suite.threshold_ratio = run.threshold_ratio.or(suite.threshold_ratio);
        let finished_at = local(&calendar, asked.week, run.finished_at);
        suite.last = Some(last(&run, suite.threshold_ratio, finished_at));
    }
    Ok(all.into_values().collect())
}

fn last(
    run: &Stored,
    threshold_ratio: Option<f64>,
    finished_at: chrono::DateTime<chrono::FixedOffset>,
) -> SuiteRun {
    let count = |own: i64| u64::try_from(own).unwrap_or(0);
    let mut failed: Vec<(String, u64)> = run
        .failed
        .iter()
        .map(|(name, cases)| (name.clone(), u64::from(*cases)))
        .collect();
    failed.sort_by_key(|(_, cases)| Reverse(*cases));
    let named: u64 = failed.iter().map(|(_, cases)| cases).sum();
    let unnamed = count(run.cases - run.passed).saturating_sub(named);
    if unnamed > 0 {
        failed.push(("of no category told".to_owned(), unnamed));
    }
    let is_met = threshold_ratio.filter(|_| run.cases > 0);
    SuiteRun {
        finished_at,
        cases: count(run.cases),
        passed: count(run.passed),
        is_met: is_met.map(|ratio| run.passed as f64 / run.cases as f64 >= ratio),
        failed,
    }
}

/// How much of each thing that is asked for is there, from the figure of auditability.
pub(super) fn audit(measures: &[(&'static str, Measure)]) -> Vec<AuditItem> {
    let mut all = measures.iter().map(|(_, own)| &own.figure);
    let parts = all
        .find(|figure| figure.metric == "auditability")
        .and_then(|figure| figure.parts.as_ref());
    let items = Item::ALL.into_iter().filter_map(|item| {
        let part = parts?.get(item.as_str())?;
        let count = |name: &str| part.get(name).and_then(Value::as_u64);
        Some(AuditItem {
            name: item.in_words().to_owned(),
            met: count("met")?,
            asked: count("asked")?,
        })
    });
    items.collect()
}

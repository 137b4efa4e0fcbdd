//! DeepEval's test run: `test_run_….json`, or the same under `testRunData` as `latest_test_run.json`.
//!
//! Each test case, of a single turn or of a conversation, is a case. Its category is the name of the first metric
//! that failed or ended in error; a metric's threshold is its own, and the run has none. One without a verdict is
//! missing, and so are those that the run counts and that aren't there. A case marked flaky fails like any
//! other. When it finished is not in the file.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::json::{Object, each, parse, part, without_constants};
use super::tally::{Outcome, Tally, name};
use super::{SuiteRun, Unreadable};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    #[serde(borrow)]
    test_run_data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    test_file: Option<String>,
    identifier: Option<String>,
    #[serde(borrow)]
    test_cases: &'a RawValue,
    #[serde(borrow)]
    conversational_test_cases: Option<&'a RawValue>,
    test_passed: Option<u64>,
    test_failed: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case<'a> {
    success: Option<bool>,
    #[serde(borrow)]
    metrics_data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Metric {
    name: Option<String>,
    success: Option<bool>,
    error: Option<IgnoredAny>,
}

pub fn read(bytes: &[u8]) -> Result<SuiteRun, Unreadable> {
    let bytes = without_constants(bytes);
    let Object(file): Object<File<'_>> = parse(&bytes)?;
    let Object(run): Object<Run<'_>> = match file.test_run_data {
        Some(run) => part(run).map_err(|error| error.at("testRunData"))?,
        None => parse(&bytes)?,
    };
    let mut tally = Tally::default();
    let lists = [Some(run.test_cases), run.conversational_test_cases];
    for list in lists.into_iter().flatten() {
        each(list, "test case", |Object(case): Object<Case<'_>>| {
            let outcome = Outcome::of(case.success);
            let metric = match (outcome, case.metrics_data) {
                (Outcome::Failed, Some(metrics)) => first_failing(metrics)?,
                _ => None,
            };
            tally.add(outcome, metric.as_deref())
        })?;
    }
    let failed = run.test_failed.unwrap_or_default();
    let counted = run.test_passed.unwrap_or_default().saturating_add(failed);
    tally.expect(counted, None)?;
    let suite = run.test_file.or(run.identifier);
    Ok(SuiteRun {
        suite: suite.as_deref().and_then(name),
        ..tally.into_run()
    })
}

/// The name of the first metric that failed or ended in error.
fn first_failing(metrics: &RawValue) -> Result<Option<String>, Unreadable> {
    let mut first = None;
    each(metrics, "metric", |metric: Metric| {
        let is_failing = metric.error.is_some() || metric.success == Some(false);
        if is_failing && first.is_none() {
            first = metric.name;
        }
        Ok(())
    })?;
    Ok(first)
}

#[cfg(test)]
pub mod tests {
    use super::super::tests::failed;
    use super::*;

    pub const EXAMPLE: &str = r#"{"testFile": "test_support.py", "testCases": [
        {"success": true, "metricsData": [{"name": "Tone", "success": true}]},
        {"success": false, "flaky": true, "metricsData": [{"name": "Tone", "success": true, "error": null},
         {"name": "Privacy", "success": false, "score": NaN}, {"name": "Length", "success": false}]},
        {"success": false, "metricsData": [{"name": "Length", "success": null, "error": "timeout"}]},
        {"success": false}],
        "conversationalTestCases": [{"success": null}], "testPassed": 1, "testFailed": 5}"#;

    #[test]
    fn a_failing_case_counts_under_its_first_failing_metric() {
        let run = read(EXAMPLE.as_bytes()).unwrap();
        assert_eq!(run.suite.as_deref(), Some("test_support.py"));
        assert_eq!((run.cases, run.passed), (6, 1));
        assert_eq!(
            failed(&run),
            [
                ("Length", 1),
                ("Privacy", 1),
                ("missing", 2),
                ("uncategorised", 1)
            ]
        );
        assert_eq!((run.finished_at_ms, run.threshold_ratio), (None, None));
    }

    #[test]
    fn the_latest_test_run_says_the_same_one_level_down() {
        let wrapped = format!(r#"{{"testRunData": {EXAMPLE}, "testRunLink": null}}"#);
        assert_eq!(read(wrapped.as_bytes()), read(EXAMPLE.as_bytes()));
    }

    #[test]
    fn what_is_no_test_run_is_refused() {
        let said = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            said("{}"),
            "line 1, column 2: the key \"testCases\" is missing"
        );
        assert_eq!(
            said(r#"{"testRunData": {}}"#),
            "testRunData: the key \"testCases\" is missing"
        );
    }
}

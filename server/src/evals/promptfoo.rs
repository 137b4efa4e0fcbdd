//! promptfoo's `--output` as JSON or as JSON lines: each result, a test case with one prompt and provider, is a
//! case. Lines tell the cases alone.
//!
//! The suite is the configuration's description, else the id of the evaluation; a threshold is a test case's
//! own, and the run has none. A case's category is `category` in its test case's metadata, else the metric of the
//! first assertion that failed, else that assertion's type. Results that the statistics count and that aren't
//! there are missing. A run finishes its duration after its timestamp, for nothing else says when.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::json::{Object, category, each, field, parse};
use super::tally::{Outcome, Tally, name};
use super::{SuiteRun, Unreadable, instant_ms};

/// `failureReason` of a case that got no answer to judge.
const ERROR: u64 = 2;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File<'a> {
    eval_id: Option<String>,
    #[serde(borrow)]
    results: Results<'a>,
    config: Option<Config>,
}

#[derive(Deserialize)]
struct Results<'a> {
    timestamp: Option<String>,
    #[serde(borrow)]
    results: &'a RawValue,
    stats: Option<Stats>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stats {
    #[serde(default)]
    successes: u64,
    #[serde(default)]
    failures: u64,
    #[serde(default)]
    errors: u64,
    duration_ms: Option<f64>,
}

#[derive(Deserialize)]
struct Config {
    description: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Case<'a> {
    success: Option<bool>,
    failure_reason: Option<u64>,
    #[serde(borrow)]
    test_case: Option<&'a RawValue>,
    #[serde(borrow)]
    grading_result: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Component {
    pass: Option<bool>,
    assertion: Option<Assertion>,
}

#[derive(Deserialize)]
struct Assertion {
    metric: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

pub fn read(bytes: &[u8]) -> Result<SuiteRun, Unreadable> {
    match is_lines(bytes) {
        true => of_lines(bytes),
        false => of_file(bytes),
    }
}

/// Whether the first line is a result by itself.
fn is_lines(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct First {
        success: Option<bool>,
        results: Option<serde::de::IgnoredAny>,
    }
    let first = lines(bytes).next().map(|(_, line)| line);
    let first = first.and_then(|line| parse::<Object<First>>(line).ok());
    first.is_some_and(|Object(own)| own.success.is_some() && own.results.is_none())
}

/// The lines that hold something, each with its number.
fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    let lines = lines.map(|(at, line)| (at + 1, line.trim_ascii()));
    lines.filter(|(_, line)| !line.is_empty())
}

fn of_lines(bytes: &[u8]) -> Result<SuiteRun, Unreadable> {
    let mut tally = Tally::default();
    for (number, line) in lines(bytes) {
        let read = parse::<Object<Case<'_>>>(line).and_then(|Object(case)| case.count(&mut tally));
        read.map_err(|error| error.at(format_args!("result on line {number}")))?;
    }
    Ok(tally.into_run())
}

fn of_file(bytes: &[u8]) -> Result<SuiteRun, Unreadable> {
    let Object(file): Object<File<'_>> = parse(bytes)?;
    let mut tally = Tally::default();
    each(
        file.results.results,
        "result",
        |Object(case): Object<Case<'_>>| case.count(&mut tally),
    )?;
    let stats = file.results.stats;
    let counted = stats.as_ref().map_or(0, |stats| {
        let judged = stats.successes.saturating_add(stats.failures);
        judged.saturating_add(stats.errors)
    });
    tally.expect(counted, None)?;
    let id = file.eval_id.as_deref().and_then(name);
    let description = file.config.and_then(|config| config.description);
    Ok(SuiteRun {
        suite: description.as_deref().and_then(name).or(id.clone()),
        finished_at_ms: file.results.timestamp.and_then(|text| {
            let duration_ms = stats.and_then(|stats| stats.duration_ms);
            instant_ms(&text)?.checked_add(duration_ms.unwrap_or_default().max(0.0) as i64)
        }),
        id,
        ..tally.into_run()
    })
}

impl Case<'_> {
    fn count(&self, tally: &mut Tally) -> Result<(), Unreadable> {
        let outcome = self.outcome();
        let category = match outcome {
            Outcome::Passed => None,
            _ => self.category()?,
        };
        tally.add(outcome, category.as_deref())
    }

    fn outcome(&self) -> Outcome {
        if self.failure_reason == Some(ERROR) {
            Outcome::Errored
        } else {
            Outcome::of(self.success)
        }
    }

    fn category(&self) -> Result<Option<String>, Unreadable> {
        let metadata = self.test_case.and_then(|test| field(test, "metadata"));
        let declared = category(metadata);
        let components = self
            .grading_result
            .and_then(|grading| field(grading, "componentResults"));
        match components {
            Some(list) if declared.is_none() && list.get() != "null" => first_failing(list),
            _ => Ok(declared),
        }
    }
}

/// The name of the first assertion that failed.
fn first_failing(components: &RawValue) -> Result<Option<String>, Unreadable> {
    let mut first = None;
    each(components, "assertion", |component: Option<Component>| {
        let failing = component.filter(|component| component.pass == Some(false));
        let assertion = failing.and_then(|component| component.assertion);
        let named = assertion.and_then(|assertion| assertion.metric.or(assertion.kind));
        first = first.take().or(named);
        Ok(())
    })?;
    Ok(first)
}

#[cfg(test)]
pub mod tests {
    use super::super::tests::failed;
    use super::*;

    pub const EXAMPLE: &str = r#"{"evalId": "eval-1", "results": {"timestamp": "2026-11-22T12:36:07.690Z",
        "results": [
            {"success": true, "failureReason": 0, "testCase": {"metadata": {"category": "tone"}}},
            {"success": false, "failureReason": 1, "testCase": {"metadata": {"category": "privacy"}},
             "gradingResult": {"componentResults": [{"pass": false, "assertion": {"type": "contains"}}]}},
            {"success": false, "failureReason": 1, "testCase": {"threshold": 0.8}, "gradingResult":
             {"componentResults": [{"pass": true, "assertion": {"type": "latency"}}, null,
              {"pass": false, "assertion": {"type": "not-contains", "metric": "pii"}},
              {"pass": false, "assertion": {"type": "contains"}}]}},
            {"success": false, "failureReason": 1, "gradingResult":
             {"componentResults": [{"pass": false, "assertion": {"type": "contains"}}]}},
            {"success": false, "failureReason": 2, "gradingResult": null},
            {"success": false, "gradingResult": {"componentResults": null}},
            {}],
        "stats": {"successes": 1, "failures": 6, "errors": 1, "durationMs": 59}},
        "config": {"description": "support replies"}}"#;

    #[test]
    fn each_result_counts_once_under_its_category_else_under_what_failed() {
        let run = read(EXAMPLE.as_bytes()).unwrap();
        assert_eq!(run.suite.as_deref(), Some("support replies"));
        assert_eq!(run.id.as_deref(), Some("eval-1"));
        assert_eq!((run.cases, run.passed), (8, 1));
        assert_eq!(run.finished_at_ms, Some(1_795_350_967_749));
        assert_eq!(run.threshold_ratio, None);
        assert_eq!(
            failed(&run),
            [
                ("contains", 1),
                ("error", 1),
                ("missing", 2),
                ("pii", 1),
                ("privacy", 1),
                ("uncategorised", 1)
            ]
        );
    }

    #[test]
    fn a_suite_without_a_description_has_the_id_of_the_evaluation() {
        let run = read(br#"{"evalId": "eval-1", "results": {"results": []}}"#).unwrap();
        assert_eq!(run.suite.as_deref(), Some("eval-1"));
        assert_eq!(run.finished_at_ms, None);
    }

    #[test]
    fn lines_of_results_are_the_cases_of_a_suite_that_they_do_not_name() {
        let lines = concat!(
            r#"{"success": true, "failureReason": 0}"#,
            "\n\n",
            r#"{"success": false, "testCase": {"metadata": {"category": "privacy"}}}"#,
            "\r\n",
        );
        let run = read(lines.as_bytes()).unwrap();
        assert_eq!((run.cases, run.passed, run.suite.as_deref()), (2, 1, None));
        assert_eq!(failed(&run), [("privacy", 1)]);
        let broken = format!("{lines}{{\"success\": 1}}");
        let said = read(broken.as_bytes()).unwrap_err().to_string();
        assert!(said.starts_with("result on line 4: "), "{said}");
    }

    #[test]
    fn what_is_no_evaluation_is_refused() {
        let said = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            said("{}"),
            "line 1, column 2: the key \"results\" is missing"
        );
        assert_eq!(
            said(r#"{"results": {"results": [{}, {"success": "yes"}]}}"#),
            "result 2: expected a boolean"
        );
    }
}

//! Our own format: a JSON object for each run, alone, in a list, or one after another (NDJSON).
//!
//! ```json
//! {"suite": "refunds-regression", "kind": "regression", "commit": "c02e7d", "id": "build-812",
//!  "threshold_ratio": 0.95, "finished_at": "2026-11-22T12:36:07Z", "expected_cases": 3,
//!  "cases": [{"id": "refund-1", "passed": true}, {"id": "refund-2", "passed": false, "category": "tone"}]}
//! ```
//! Only `suite` and `cases` must be there. A case without `passed` has no result, and those that `expected_cases`
//! counts beyond the list are missing. Counts may stand in place of the list, as in a record of the stream
//! suite_runs: `"cases": 200, "passed": 188, "failed": {"refund": 12}`; where these do not add up to the cases,
//! the rest is missing, or uncategorised when there is no `failed` at all. `error` says why a run came to
//! nothing; such a run needs no cases. A key that is not known is refused by its name.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::json::{Object, each, entries, parse, part, unreadable};
use super::tally::{Outcome, Tally, name};
use super::{Kind, SuiteRun, Unreadable, instant_ms, push, threshold};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Run<'a> {
    suite: String,
    kind: Option<Kind>,
    commit: Option<String>,
    id: Option<String>,
    threshold_ratio: Option<f64>,
    finished_at: Option<String>,
    expected_cases: Option<u64>,
    error: Option<String>,
    #[serde(borrow)]
    cases: Option<&'a RawValue>,
    passed: Option<u64>,
    #[serde(borrow)]
    failed: Option<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    passed: Option<bool>,
    category: Option<String>,
}

pub fn read(bytes: &[u8]) -> Result<Vec<SuiteRun>, Unreadable> {
    let mut runs = Vec::new();
    if bytes.trim_ascii_start().starts_with(b"[") {
        each(parse(bytes)?, "run", |Object(run)| {
            push(&mut runs, suite_run(run)?)
        })?;
    } else {
        let rows = serde_json::Deserializer::from_slice(bytes).into_iter::<&RawValue>();
        for (row, number) in rows.zip(1..) {
            let row = row.map_err(|error| unreadable(&error))?;
            let run = part(row).and_then(|Object(run)| suite_run(run));
            let run = run.map_err(|error: Unreadable| error.at(format_args!("run {number}")))?;
            push(&mut runs, run)?;
        }
    }
    Ok(runs)
}

fn suite_run(run: Run<'_>) -> Result<SuiteRun, Unreadable> {
    let suite = name(&run.suite).ok_or_else(|| Unreadable::new("its suite has no name"))?;
    let mut tally = match run.cases {
        Some(cases) if cases.get().starts_with('[') => listed(cases, &run)?,
        Some(cases) => counted(part(cases)?, &run)?,
        None if run.error.is_some() => Tally::default(),
        None => return Err(Unreadable::new("the key \"cases\" is missing")),
    };
    tally.expect(run.expected_cases.unwrap_or_default(), None)?;
    let finished_at_ms = run.finished_at.as_deref().map(|text| {
        instant_ms(text).ok_or_else(|| Unreadable::new("its finished_at is not an instant"))
    });
    Ok(SuiteRun {
        suite: Some(suite),
        kind: run.kind,
        commit: run.commit.as_deref().and_then(name),
        threshold_ratio: run.threshold_ratio.map(threshold).transpose()?,
        finished_at_ms: finished_at_ms.transpose()?,
        error: run
            .error
            .map(|text| name(&text).unwrap_or_else(|| "it ended in error".to_owned())),
        id: run.id.as_deref().and_then(name),
        ..tally.into_run()
    })
}

fn listed(cases: &RawValue, run: &Run<'_>) -> Result<Tally, Unreadable> {
    if run.passed.is_some() || run.failed.is_some() {
        let said = "its cases are listed, so passed and failed are not to be given";
        return Err(Unreadable::new(said));
    }
    let mut tally = Tally::default();
    let mut ids = HashSet::new();
    each(cases, "case", |Object(case): Object<Case<'_>>| {
        tally.add(Outcome::of(case.passed), case.category.as_deref())?;
        if ids.insert(case.id) {
            Ok(())
        } else {
            Err(Unreadable::new("an earlier case has the same id"))
        }
    })?;
    Ok(tally)
}

fn counted(cases: u64, run: &Run<'_>) -> Result<Tally, Unreadable> {
    let passed = run
        .passed
        .ok_or_else(|| Unreadable::new("the key \"passed\" is missing"))?;
    let mut tally = Tally::default();
    tally.add_all(passed, Outcome::Passed, None)?;
    let mut refused = None;
    if let Some(failed) = run.failed {
        entries(failed, |category, count| {
            let added =
                part(count).and_then(|count| tally.add_all(count, Outcome::Failed, Some(category)));
            refused = refused.take().or(added.err());
        })
        .map_err(|error| error.at("failed"))?;
    }
    if let Some(refusal) = refused {
        return Err(refusal.at("failed"));
    }
    let Some(rest) = cases.checked_sub(tally.cases()) else {
        return Err(Unreadable::new(
            "its passed and failed make more than its cases",
        ));
    };
    let outcome = if run.failed.is_some() {
        Outcome::Missing
    } else {
        Outcome::Failed
    };
    tally.add_all(rest, outcome, None)?;
    Ok(tally)
}

#[cfg(test)]
pub mod tests {
    use super::super::tests::failed;
    use super::*;

    pub const EXAMPLE: &str = r#"{"suite": "refunds-regression", "kind": "regression", "commit": "c02e7d",
        "id": "build-812", "threshold_ratio": 0.95, "finished_at": "2026-11-22T12:36:07Z", "expected_cases": 5,
        "cases": [{"id": "a", "passed": true}, {"id": "b", "passed": false, "category": "tone"},
                  {"id": "c"}, {"id": "d", "passed": false}]}"#;

    fn runs(text: &str) -> Vec<SuiteRun> {
        read(text.as_bytes()).unwrap()
    }

    fn refusal(text: &str) -> String {
        read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_run_is_read_with_each_of_its_cases() {
        let [run] = &runs(EXAMPLE)[..] else {
            panic!("there is one run");
        };
        assert_eq!(run.suite.as_deref(), Some("refunds-regression"));
        assert_eq!(run.kind, Some(Kind::Regression));
        assert_eq!(run.commit.as_deref(), Some("c02e7d"));
        assert_eq!(run.id.as_deref(), Some("build-812"));
        assert_eq!(run.threshold_ratio, Some(0.95));
        assert_eq!(run.finished_at_ms, Some(1_795_350_967_000));
        assert_eq!((run.cases, run.passed), (5, 1));
        assert_eq!(
            failed(run),
            [("missing", 2), ("tone", 1), ("uncategorised", 1)]
        );
    }

    #[test]
    fn runs_may_come_in_a_list_or_one_after_another() {
        let one = r#"{"suite": "a", "cases": []}"#;
        assert_eq!(runs(&format!(" [{one}, {one}]")).len(), 2);
        assert_eq!(runs(&format!("{one}\n{one}\n\n{one}\n")).len(), 3);
        assert_eq!(runs("").len(), 0);
    }

    #[test]
    fn counts_may_stand_in_place_of_cases() {
        let of = |rest: &str| runs(&format!(r#"{{"suite": "a", {rest}}}"#)).remove(0);
        let run = of(r#""cases": 200, "passed": 188, "failed": {"refund": 9, "tone": 3}"#);
        assert_eq!((run.cases, run.passed), (200, 188));
        assert_eq!(failed(&run), [("refund", 9), ("tone", 3)]);
        let run = of(r#""cases": 200, "passed": 188, "failed": {"refund": 9}"#);
        assert_eq!(failed(&run), [("missing", 3), ("refund", 9)]);
        let run = of(r#""cases": 200, "passed": 188"#);
        assert_eq!(failed(&run), [("uncategorised", 12)]);
        let run = of(r#""cases": 2, "passed": 2, "expected_cases": 3"#);
        assert_eq!((run.cases, failed(&run)), (3, vec![("missing", 1)]));
    }

    #[test]
    fn a_run_that_came_to_nothing_says_why_and_needs_no_cases() {
        let run = runs(r#"{"suite": "a", "error": "the model was down"}"#).remove(0);
        assert_eq!(run.error.as_deref(), Some("the model was down"));
        assert_eq!(run.cases, 0);
    }

    #[test]
    fn what_is_wrong_is_said_with_the_number_of_the_run_and_the_case() {
        for (text, said) in [
            (r#"{"suite": "a"}"#, "run 1: the key \"cases\" is missing"),
            (r#"{"cases": []}"#, "run 1: the key \"suite\" is missing"),
            (
                r#"{"suite": " ", "cases": []}"#,
                "run 1: its suite has no name",
            ),
            (
                r#"[{"suite": "a", "cases": [], "workflow": "refunds"}]"#,
                "run 1: the key \"workflow\" is not known",
            ),
            (
                r#"{"suite": "a", "cases": [{"id": "x"}, {"id": "y", "score": 1}]}"#,
                "run 1: case 2: the key \"score\" is not known",
            ),
            (
                r#"{"suite": "a", "cases": [{"id": "x"}, {"id": "\u0078"}]}"#,
                "run 1: case 2: an earlier case has the same id",
            ),
            (
                r#"{"suite": "a", "cases": [], "passed": 0}"#,
                "run 1: its cases are listed, so passed and failed are not to be given",
            ),
            (
                r#"{"suite": "a", "cases": 1, "passed": 2}"#,
                "run 1: its passed and failed make more than its cases",
            ),
            (
                r#"{"suite": "a", "cases": 3, "passed": 2, "failed": {"a": -1}}"#,
                "run 1: failed: expected u64",
            ),
            (
                r#"{"suite": "a", "cases": 3}"#,
                "run 1: the key \"passed\" is missing",
            ),
            (
                r#"{"suite": "a", "cases": [], "threshold_ratio": 95}"#,
                "run 1: its threshold is no number from 0 to 1",
            ),
            (
                r#"{"suite": "a", "cases": [], "finished_at": "2026-11-22T12:36:07"}"#,
                "run 1: its finished_at is not an instant",
            ),
            (
                r#"{"suite": "a", "cases": [], "kind": "smoke"}"#,
                "run 1: expected one of `regression`, `adversarial`, `unit`",
            ),
            (
                "{\"suite\": \"a\",\n\"cases\": [}",
                "line 2, column 11: this cannot be read as JSON",
            ),
        ] {
            assert_eq!(refusal(text), said, "{text}");
        }
    }
}

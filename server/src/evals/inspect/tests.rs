use zip::CompressionMethod;

use super::super::archive::tests::archive;
use super::super::tests::failed;
use super::*;

const HEADER: &str = r#""version": 2, "status": "success",
        "eval": {"task": "support_policy", "eval_id": "e1", "run_id": "r1",
                 "revision": {"type": "git", "commit": "d82e7ab", "dirty": true}},
        "results": {"total_samples": 7, "scores": [
            {"name": "length", "scorer": "length", "metrics": {"mean": {"value": NaN}}},
            {"name": "includes", "scorer": "includes", "metrics": {"accuracy": {"value": 0.3}}}]},
        "stats": {"completed_at": "2026-11-22T12:37:58+00:00"}"#;

const SAMPLES: &str = r#"[
        {"scores": {"length": {"value": 0}, "includes": {"value": "C"}}, "metadata": {"category": "billing"}},
        {"scores": {"includes": {"value": "I"}}, "metadata": {"category": "privacy"}},
        {"scores": {"includes": {"value": "P"}}},
        {"scores": {"includes": {"value": NaN}}},
        {"scores": {"length": {"value": 1}}},
        {"scores": {"includes": {"value": "C"}}, "error": {"message": "no"}}]"#;

pub fn example() -> String {
    format!(r#"{{{HEADER}, "samples": {SAMPLES}}}"#)
}

pub fn example_archive(method: CompressionMethod) -> Vec<u8> {
    let header = format!("{{{HEADER}}}");
    let entries: [(&str, &[u8]); 2] = [
        ("summaries.json", SAMPLES.as_bytes()),
        ("header.json", header.as_bytes()),
    ];
    archive(&entries, method)
}

fn of(text: &str) -> SuiteRun {
    read(text.as_bytes()).unwrap()
}

#[test]
fn the_score_with_accuracy_decides_each_sample() {
    let run = of(&example());
    assert_eq!(run.suite.as_deref(), Some("support_policy"));
    assert_eq!(run.commit.as_deref(), Some("d82e7ab"));
    assert_eq!(run.id.as_deref(), Some("e1"));
    assert_eq!(run.finished_at_ms, Some(1_795_351_078_000));
    assert_eq!((run.cases, run.passed, &run.error), (7, 1, &None));
    assert_eq!(
        failed(&run),
        [
            ("error", 1),
            ("includes", 1),
            ("missing", 3),
            ("privacy", 1)
        ]
    );
}

#[test]
fn an_archive_says_the_same_as_the_log() {
    for method in [CompressionMethod::Deflated, CompressionMethod::Zstd] {
        assert_eq!(read(&example_archive(method)), read(example().as_bytes()));
    }
}

#[test]
fn a_headline_comes_before_accuracy() {
    let headline = r#""headline": {"scorer": "length", "metric": "mean"}, "total_samples""#;
    let run = of(&example().replace(r#""total_samples""#, headline));
    assert_eq!((run.cases, run.passed), (7, 1));
    assert_eq!(run.failed.get("billing"), Some(&1));
}

#[test]
fn of_a_score_with_several_values_the_one_of_its_name_decides() {
    let of_value = |value: &str| {
        of(&format!(
            r#"{{"status": "success", "eval": {{"task": "t"}},
                 "results": {{"scores": [{{"name": "tone", "scorer": "judge"}}]}},
                 "samples": [{{"scores": {{"judge": {{"value": {value}}}}}}}]}}"#
        ))
    };
    assert_eq!(of_value(r#"{"tone": 1, "length": 0}"#).passed, 1);
    assert_eq!(failed(&of_value(r#"{"tone": 0.99}"#)), [("tone", 1)]);
    assert_eq!(failed(&of_value(r#"{"length": 1}"#)), [("missing", 1)]);
}

#[test]
fn only_a_value_of_one_passes_and_one_of_another_scale_is_refused() {
    let passes = |value: &str| is_whole(parse(value.as_bytes()).unwrap());
    for value in ["1", "1.0", "true", "\"C\"", "\"Yes\"", "\"1\""] {
        assert_eq!(passes(value), Ok(true), "{value}");
    }
    for value in [
        "0", "0.999", "false", "\"I\"", "\"N\"", "\"P\"", "\"?\"", "\"inf\"",
    ] {
        assert_eq!(passes(value), Ok(false), "{value}");
    }
    for value in ["7", "-1", "1e999", "\"10\"", "[1]", "{}"] {
        assert!(passes(value).is_err(), "{value}");
    }
}

#[test]
fn a_run_without_success_is_not_evaluated() {
    let said = |status: &str| of(&example().replace("success", status)).error;
    assert_eq!(said("error").as_deref(), Some("it ended in error"));
    assert_eq!(said("cancelled").as_deref(), Some("it was cancelled"));
    let started = r#"{"version": 2, "eval": {"task": "t", "run_id": "r"}}"#;
    let begun = archive(
        &[("_journal/start.json", started.as_bytes())],
        CompressionMethod::Zstd,
    );
    let run = read(&begun).unwrap();
    assert_eq!((run.cases, run.id.as_deref()), (0, Some("r")));
    assert_eq!(
        run.error.as_deref(),
        Some("it was started and has not finished")
    );
    let invalid = example().replace("\"version\"", "\"invalidated\": true, \"version\"");
    assert_eq!(of(&invalid).error.as_deref(), Some("it was invalidated"));
}

#[test]
fn what_cannot_be_counted_is_refused() {
    let said = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(
        said(r#"{"status": "success", "eval": {"task": "t"}, "samples": null}"#),
        "the log holds no samples, so that its cases cannot be counted"
    );
    assert_eq!(said("{}"), "line 1, column 2: the key \"eval\" is missing");
    assert_eq!(
        said(&example().replace("\"P\"", "[1]")),
        "sample 3: its score is neither a number nor a word"
    );
    let empty = archive(&[("a", b"")], CompressionMethod::Stored);
    assert_eq!(
        read(&empty).unwrap_err().to_string(),
        "the archive holds no header.json"
    );
}

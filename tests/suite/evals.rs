//! Files that the tools themselves have written count as the tools count them.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;
use server::evals::{Format, SuiteRun, read};

/// The folder of recorded files; a test that needs it says that it was skipped when it is not set.
const FOLDER: &str = "ONEHOP_SHARED";

fn sample(path: &str) -> Option<Vec<u8>> {
    let Some(folder) = std::env::var_os(FOLDER) else {
        println!("skipped: {FOLDER} does not name the folder of recorded files");
        return None;
    };
    Some(std::fs::read(PathBuf::from(folder).join("specs/evals").join(path)).unwrap())
}

/// The one run of a file.
fn run(format: Format, bytes: &[u8]) -> SuiteRun {
    let mut runs = read(format, bytes).unwrap();
    assert_eq!(runs.len(), 1);
    let run = runs.remove(0);
    assert_eq!(
        run.passed + run.failed.values().sum::<u64>(),
        run.cases,
        "each case counts once"
    );
    run
}

fn failed<const N: usize>(expected: [(&str, u64); N]) -> BTreeMap<String, u64> {
    expected
        .map(|(category, cases)| (category.to_owned(), cases))
        .into()
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

fn instant_ms(text: &str) -> Option<i64> {
    Some(
        chrono::DateTime::parse_from_rfc3339(text)
            .unwrap()
            .timestamp_millis(),
    )
}

#[test]
fn promptfoo_counts_as_its_statistics_do() {
    let Some(bytes) = sample("promptfoo/out.json") else {
        return;
    };
    let run = run(Format::Promptfoo, &bytes);
    let stats = &json(&bytes)["results"]["stats"];
    assert_eq!(run.passed, stats["successes"]);
    assert_eq!(run.cases - run.passed, stats["failures"]);
    assert_eq!((run.cases, run.passed), (3, 2));
    assert_eq!(run.failed, failed([("privacy", 1)]));
    assert_eq!(run.suite.as_deref(), Some("support-reply-suite"));
    assert_eq!(run.id.as_deref(), Some("eval-P2C-2026-11-22T12:36:07"));
    assert_eq!(run.finished_at_ms, instant_ms("2026-11-22T12:36:07.749Z"));
    assert_eq!((run.threshold_ratio, run.commit), (None, None));
}

#[test]
fn promptfoos_junit_counts_as_its_attributes_do() {
    let Some(bytes) = sample("promptfoo/out.junit.xml") else {
        return;
    };
    let run = run(Format::Junit, &bytes);
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        text.contains(r#"failures="1" name="[support-agent-v3] prompt 1" skipped="0" tests="3""#)
    );
    assert_eq!((run.cases, run.passed), (3, 2));
    assert_eq!(run.failed, failed([("uncategorised", 1)]));
    assert_eq!(run.suite.as_deref(), Some("[support-agent-v3] prompt 1"));
    assert_eq!(run.finished_at_ms, instant_ms("2026-11-22T12:36:07.695Z"));
}

#[test]
fn pytest_counts_as_its_attributes_do_in_both_forms() {
    for (path, finished_at) in [
        ("pytest/junit_xunit1.xml", "2026-11-22T12:37:02.673Z"),
        ("pytest/junit_xunit2.xml", "2026-11-22T12:36:58.267Z"),
    ] {
        let Some(bytes) = sample(path) else {
            return;
        };
        let run = run(Format::Junit, &bytes);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains(r#"name="pytest" errors="0" failures="1" skipped="0" tests="2""#));
        assert_eq!((run.cases, run.passed), (2, 1));
        assert_eq!(run.failed, failed([("privacy", 1)]));
        assert_eq!(run.suite.as_deref(), Some("pytest"));
        assert_eq!(run.threshold_ratio, None, "a case's threshold is its own");
        assert_eq!(run.finished_at_ms, instant_ms(finished_at));
    }
}

#[test]
fn inspect_counts_as_its_results_do_in_both_forms() {
    for path in ["inspect/sample.json", "inspect/sample.eval"] {
        let (Some(bytes), Some(log)) = (sample(path), sample("inspect/sample.json")) else {
            return;
        };
        let run = run(Format::Inspect, &bytes);
        let results = &json(&log)["results"];
        let accuracy = results["scores"][0]["metrics"]["accuracy"]["value"].as_f64();
        assert_eq!(run.cases, results["total_samples"]);
        assert_eq!(Some(run.passed as f64 / run.cases as f64), accuracy);
        assert_eq!((run.cases, run.passed), (2, 1));
        assert_eq!(run.failed, failed([("privacy", 1)]));
        assert_eq!(run.suite.as_deref(), Some("support_policy"));
        assert_eq!(run.commit.as_deref(), Some("d82e7ab"));
        assert_eq!(run.error, None);
    }
}

#[test]
fn inspects_older_logs_count_as_their_results_do_in_both_forms() {
    let older = "inspect/repo_2024-11-05T13-31-45-05-00_input-task_8zXjbRzCWrL9GXiXo2vus9.json";
    for (path, passed, suite) in [
        ("inspect/repo_log_formats.json", 0, "popularity"),
        ("inspect/repo_log_formats.eval", 0, "popularity"),
        (older, 1, "input_task"),
    ] {
        let Some(bytes) = sample(path) else {
            return;
        };
        let run = run(Format::Inspect, &bytes);
        if !path.ends_with(".eval") {
            let results = &json(&bytes)["results"];
            assert_eq!(run.cases, results["total_samples"]);
            let accuracy = &results["scores"][0]["metrics"]["accuracy"]["value"];
            assert_eq!(accuracy.as_f64(), Some(run.passed as f64));
        }
        assert_eq!((run.cases, run.passed), (1, passed), "{path}");
        assert_eq!(run.suite.as_deref(), Some(suite));
        let expected = if passed == 1 {
            failed([])
        } else {
            failed([("match", 1)])
        };
        assert_eq!(run.failed, expected);
    }
}

#[test]
fn an_inspect_run_that_ended_in_error_is_not_evaluated() {
    let Some(bytes) = sample("inspect/sample_status_error.json") else {
        return;
    };
    let run = run(Format::Inspect, &bytes);
    assert_eq!(json(&bytes)["status"], "error");
    assert_eq!(run.error.as_deref(), Some("it ended in error"));
    assert_eq!((run.cases, run.passed, run.met()), (2, 0, None));
    assert_eq!(run.failed, failed([("billing", 1), ("privacy", 1)]));
}

#[test]
fn deepeval_counts_as_its_own_sums_do_in_both_forms() {
    for path in ["deepeval/test_run.json", "deepeval/latest_test_run.json"] {
        let (Some(bytes), Some(plain)) = (sample(path), sample("deepeval/test_run.json")) else {
            return;
        };
        let run = run(Format::Deepeval, &bytes);
        let own = json(&plain);
        assert_eq!(run.passed, own["testPassed"]);
        assert_eq!(run.cases - run.passed, own["testFailed"]);
        assert_eq!((run.cases, run.passed), (2, 1));
        assert_eq!(run.failed, failed([("NoPassword", 1)]));
        assert_eq!(run.suite.as_deref(), Some("test_support.py"));
        assert_eq!(run.finished_at_ms, None);
    }
}

#[test]
fn no_file_of_one_tool_is_mistaken_for_anothers() {
    for (path, format) in [
        ("promptfoo/out.json", Format::Promptfoo),
        ("promptfoo/out.junit.xml", Format::Junit),
        ("inspect/sample.json", Format::Inspect),
        ("inspect/sample.eval", Format::Inspect),
        ("deepeval/test_run.json", Format::Deepeval),
    ] {
        let Some(bytes) = sample(path) else {
            return;
        };
        for other in Format::ALL {
            assert_eq!(read(other, &bytes).is_ok(), other == format, "{path}");
        }
    }
}

mod taken {
    //! What becomes of results that are sent or imported.

    use anyhow::Result;
    use reqwest::{Method, StatusCode};
    use serde_json::{Value, json};
    use server::auth::role::Scope;
    use server::store::registry::Kind;
    use server::store::suite_runs;
    use tests::command::{refusal, run};
    use tests::database::Database;
    use tests::deliver;
    use tests::script::{Script, at_each_engine};

    /// Nine of ten cases passed, in our own format.
    fn results() -> String {
        let cases: Vec<Value> = (0..10)
            .map(|at| json!({"id": format!("c{at}"), "passed": at > 0, "category": "tone"}))
            .collect();
        json!({"suite": "replies", "finished_at": "2026-11-17T12:00:00Z", "cases": cases})
            .to_string()
    }

    fn workflow(threshold: f64) -> Value {
        json!({"slug": "support", "suite": [{"name": "replies", "kind": "adversarial", "threshold_ratio": threshold}]})
    }

    async fn send(script: &Script, query: &str) -> Result<(StatusCode, Value)> {
        let path = format!("/api/v1/evals?format=onehop&workflow=support{query}");
        let answer = script
            .request(Method::POST, &path)
            .body(results())
            .send()
            .await?;
        Ok((answer.status(), answer.json().await?))
    }

    #[tokio::test]
    async fn results_under_the_registrys_threshold_are_kept_and_shut_the_gate() -> Result<()> {
        at_each_engine(async |app| {
            deliver::declare(&app.db, Kind::Workflow, "support", workflow(0.95)).await;
            let script = Script::with(app, Scope::Operator).await?;
            let (status, told) = send(&script, "&gate=true").await?;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
            assert_eq!((&told["accepted"], &told["runs"][0]["is_met"]), (&json!(1), &json!(false)));
            let summary = told["runs"][0]["summary"].as_str().unwrap_or_default();
            assert!(summary.contains("9 of 10 cases passed") && summary.contains("tone 1"), "{summary}");
            let (status, told) = send(&script, "").await?;
            assert_eq!((status, &told["repeated"]), (StatusCode::OK, &json!(1)));
            let figure = script.json("/api/v1/metrics/adversarial_pass_rate?from=2026-W47&to=2026-W47&scope=workflow:support").await?;
            let figure = &figure["figures"][0];
            assert_eq!((&figure["numerator"], &figure["denominator"]), (&json!(9), &json!(10)));
            Ok(())
        })
        .await
    }

    #[tokio::test]
    async fn the_same_results_of_another_commit_are_another_run_also_of_an_unregistered_workflow()
    -> Result<()> {
        at_each_engine(async |app| {
            let script = Script::with(app, Scope::Operator).await?;
            let (_, told) = send(&script, "&commit=a1").await?;
            let note = told["note"].as_str().unwrap_or_default();
            assert!(note.contains("\"support\" is not registered"), "{told}");
            for (query, outcome) in [
                ("&commit=a1", "repeated"),
                ("&commit=b2", "accepted"),
                ("&commit=b2", "repeated"),
                ("", "accepted"),
            ] {
                let (_, told) = send(&script, query).await?;
                assert_eq!(told[outcome], 1, "{query}: {told}");
            }
            let mut tx = app.db.read().await?;
            let runs = suite_runs::on_commits(&mut tx, &["a1", "b2"]).await?;
            assert_eq!(runs.len(), 2);
            Ok(())
        })
        .await
    }

    #[tokio::test]
    async fn a_file_without_a_time_is_one_run_however_often_it_is_sent() -> Result<()> {
        at_each_engine(async |app| {
            let script = Script::with(app, Scope::Operator).await?;
            let suite = r#"<testsuite name="tone"><testcase name="a"/></testsuite>"#;
            let file = format!("<testsuites>{suite}{suite}</testsuites>");
            let path = "/api/v1/evals?format=junit&workflow=support";
            for outcome in ["accepted", "repeated"] {
                let sent = script.request(Method::POST, path).body(file.clone());
                let told: Value = sent.send().await?.json().await?;
                assert_eq!(told[outcome], 2, "{told}");
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            Ok(())
        })
        .await
    }

    #[test]
    fn the_gate_of_an_import_ends_with_a_failure_under_the_threshold_and_without_one() {
        let database = Database::sqlite();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("results.json");
        std::fs::write(&file, results()).unwrap();
        let registry = folder.path().join("registry.toml");
        std::fs::write(&registry, "[[workflow]]\nslug = \"support\"\n[[workflow.suite]]\nname = \"replies\"\nkind = \"regression\"\nthreshold_ratio = 0.95").unwrap();
        let own = [
            "import",
            "evals",
            file.to_str().unwrap(),
            "--format",
            "onehop",
            "--workflow",
            "support",
        ];
        let gate = [&own[..], &["--gate"]].concat();
        let said = refusal(&database.url, &gate);
        assert!(said.contains("has no threshold to meet"), "{said}");
        run(&database.url, &["apply", registry.to_str().unwrap()]);
        let said = run(&database.url, &own);
        assert!(said.contains("NOT MET"), "{said}");
        let said = refusal(&database.url, &gate);
        assert!(
            said.contains("the gate stays shut: replies did not meet its threshold"),
            "{said}"
        );
        std::fs::write(&registry, "[[workflow]]\nslug = \"support\"\n[[workflow.suite]]\nname = \"replies\"\nkind = \"regression\"\nthreshold_ratio = 0.9").unwrap();
        run(&database.url, &["apply", registry.to_str().unwrap()]);
        assert!(run(&database.url, &gate).contains("met"));
    }
}

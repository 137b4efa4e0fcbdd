//! What there is to reconstruct an agent's work, item by item: one piece of evidence taken away changes
//! the figures that rest on it, and no other.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use server::ingest::StreamName;
use server::metrics::catalogue::CATALOGUE;
use server::store::Db;
use server::store::links::{approvals, artifacts};
use server::store::registry::Kind;
use tests::database::on_each_engine;
use tests::read::{self, company};
use tests::{deliver, dump};

const WEEK: &str = "2026-W47";
const AT: &str = "2026-11-17T12:00:00Z";

/// Everything that a change of tier 3 is reconstructed from.
fn evidence() -> BTreeMap<&'static str, (StreamName, Value)> {
    let recorded = json!({"recorded": true, "size": 3, "sha256": "ab"});
    let change = json!({"id": "c1", "service": "shop", "author": {"id": "bot", "kind": "agent"}, "merge_commit": "m1",
        "created_at": "2026-11-17T09:00:00Z", "merged_at": AT, "commits": [{"sha": "h1", "authored_at": "2026-11-17T08:00:00Z"}]});
    let run = json!({"id": "r1", "agent": "bot", "workflow": "buying", "started_at": "2026-11-17T08:00:00Z",
        "ended_at": "2026-11-17T09:00:00Z", "outcome": "ok", "input": recorded, "output": recorded,
        "tool_calls": [{"id": "t1", "name": "deploy", "started_at": "2026-11-17T08:10:00Z", "ended_at": "2026-11-17T08:11:00Z",
            "input": recorded, "output": recorded, "effect": "production"}],
        "artifacts": [{"kind": "change", "ref": "c1"}]});
    BTreeMap::from([
        ("change", (StreamName::Changes, change)),
        ("run", (StreamName::Runs, run)),
        (
            "approval",
            (
                StreamName::Approvals,
                json!({"id": "a1", "subject": {"run": "r1"}, "requested_at": "2026-11-17T09:00:00Z", "decided_at": AT,
                    "decision": "approved", "approver": "ana"}),
            ),
        ),
        (
            "evaluation",
            (
                StreamName::Evaluations,
                json!({"id": "e1", "commit": "h1", "evaluator": {"name": "evals", "kind": "model"}, "passed": true, "finished_at": AT}),
            ),
        ),
        (
            "decision",
            (
                StreamName::PolicyDecisions,
                json!({"id": "p1", "run": "r1", "tool_call": "t1", "at": AT, "policy": "deploys", "decision": "allow"}),
            ),
        ),
    ])
}

/// A company whose workflow of tier 3 covers the shop, with this evidence.
async fn feed(db: &Db, evidence: &BTreeMap<&str, (StreamName, Value)>) {
    let workflow = json!({"slug": "buying", "services": ["shop"], "tier": 3, "dri": "ana@example.org", "dri_since": "2026-01-01"});
    deliver::declare(db, Kind::Workflow, "buying", workflow).await;
    deliver::declare(
        db,
        Kind::Agent,
        "bot",
        json!({"id": "bot", "tier": 3, "workflow": "buying"}),
    )
    .await;
    for (stream, record) in evidence.values() {
        deliver::good(db, *stream, std::slice::from_ref(record)).await;
    }
}

/// Value and parts of every metric of the week.
async fn figures(db: &Db) -> BTreeMap<&'static str, (Option<f64>, Option<Value>)> {
    let mut told = BTreeMap::new();
    for metric in CATALOGUE {
        let figure = read::figure(db, company(metric.id, WEEK)).await;
        told.insert(metric.id, (figure.value, figure.parts));
    }
    told
}

/// The items of the one artifact that are asked for and missing.
async fn missing(db: &Db) -> Vec<String> {
    let mut tx = db.read().await.unwrap();
    let links = artifacts::find(&mut tx, &[("change", "c1")]).await.unwrap();
    let items: Vec<Value> = serde_json::from_str(&links[0].items).unwrap();
    let missing = items.iter().filter(|item| item["is_met"] == false);
    missing
        .map(|item| item["item"].as_str().unwrap().to_owned())
        .collect()
}

/// Evidence with something else in one member of one record.
fn with(of: &str, path: &[&str], value: Value) -> BTreeMap<&'static str, (StreamName, Value)> {
    let mut all = evidence();
    let record = &mut all.get_mut(of).unwrap().1;
    let inner = path
        .iter()
        .fold(record, |inner, step| match step.parse::<usize>() {
            Ok(at) => &mut inner[at],
            Err(_) => &mut inner[*step],
        });
    *inner = value;
    all
}

fn without(of: &str) -> BTreeMap<&'static str, (StreamName, Value)> {
    let mut all = evidence();
    all.remove(of);
    all
}

#[tokio::test]
async fn one_piece_of_evidence_less_changes_exactly_the_figures_that_rest_on_it() {
    on_each_engine(async |db| {
        feed(&db, &evidence()).await;
        assert_eq!(missing(&db).await, Vec::<String>::new());
        let whole = figures(&db).await;
        assert_eq!(whole["auditability"].0, Some(1.0));
        assert_eq!(whole["evaluation_coverage"].0, Some(1.0));
        let cases = [
            (
                with("run", &["input"], Value::Null),
                "input_and_output",
                &["auditability"][..],
            ),
            (
                with("run", &["tool_calls", "0", "output"], Value::Null),
                "tool_calls",
                &["auditability"],
            ),
            (
                with("run", &["agent"], json!("stranger")),
                "agent_registered",
                &["auditability"],
            ),
            (
                without("approval"),
                "approval",
                &["approval_wait", "auditability"],
            ),
            (
                with("approval", &["approver"], json!("bot")),
                "approval",
                &["auditability"],
            ),
            (
                with("approval", &["level"], json!("declared")),
                "approval",
                &["auditability"],
            ),
            (
                with("approval", &["decided_at"], json!("2026-11-17T12:00:01Z")),
                "approval",
                &["approval_wait", "auditability"],
            ),
            // Without any decision ever, nothing is known of denials.
            (
                without("decision"),
                "policy",
                &["auditability", "policy_denials"],
            ),
            (
                with("decision", &["level"], json!("declared")),
                "policy",
                &["auditability"],
            ),
            (
                with(
                    "evaluation",
                    &["finished_at"],
                    json!("2026-11-17T12:00:01Z"),
                ),
                "evaluated",
                &["auditability", "evaluation_coverage"],
            ),
            (
                with("change", &["merge_commit"], Value::Null),
                "way_back",
                &["auditability"],
            ),
        ];
        for (evidence, item, moved) in cases {
            for database in [tests::database::Database::sqlite()] {
                let other = database.open().await;
                feed(&other, &evidence).await;
                assert_eq!(missing(&other).await, [item]);
                let now = figures(&other).await;
                let differing: Vec<&str> = whole
                    .iter()
                    .filter(|(metric, own)| now[*metric] != **own)
                    .map(|(metric, _)| *metric)
                    .collect();
                assert_eq!(differing, moved, "{item}");
                other.close().await;
            }
        }
    })
    .await;
}

/// What came bit by bit, and the same derived again from all that there is.
async fn comes(db: &Db, stream: StreamName, record: Value) {
    let what = record.to_string();
    deliver::good(db, stream, &[record]).await;
    let told = dump::facts(db).await;
    deliver::recompute(db).await;
    told.assert_same(&dump::facts(db).await, &what);
}

#[tokio::test]
async fn what_is_said_of_a_run_reaches_a_change_that_only_a_key_joins_with_it() {
    on_each_engine(async |db| {
        let mut all = evidence();
        let (_, mut change) = all.remove("change").unwrap();
        change["author"] = json!({"id": "ana", "kind": "person"});
        let (_, mut run) = all.remove("run").unwrap();
        run["artifacts"] = json!([]);
        run["keys"] = json!(["commit:m1"]);
        let (_, mut evaluation) = all.remove("evaluation").unwrap();
        evaluation["commit"] = Value::Null;
        evaluation["run"] = json!("r1");
        feed(&db, &BTreeMap::new()).await;
        comes(&db, StreamName::Changes, change).await;
        comes(&db, StreamName::Runs, run.clone()).await;
        assert_eq!(missing(&db).await, ["approval", "evaluated", "policy"]);
        comes(&db, StreamName::Evaluations, evaluation).await;
        for (stream, record) in all.into_values() {
            comes(&db, stream, record).await;
        }
        assert_eq!(missing(&db).await, ["approval"]);
        run["keys"] = json!([]);
        run["updated_at"] = json!(AT);
        comes(&db, StreamName::Runs, run).await;
        let mut tx = db.read().await.unwrap();
        let links = artifacts::find(&mut tx, &[("change", "c1")]).await.unwrap();
        assert_eq!(links, [], "nobody says any more that an agent took part");
    })
    .await;
}

#[tokio::test]
async fn an_approval_that_is_asked_for_before_its_deployment_finds_its_workflow() {
    on_each_engine(async |db| {
        feed(&db, &BTreeMap::new()).await;
        let asked = json!({"id": "a1", "subject": {"deployment": "d1"}, "requested_at": AT});
        comes(&db, StreamName::Approvals, asked).await;
        let deployed = json!({"id": "d1", "service": "shop", "environment": "staging", "commit": "m1",
            "result": "success", "finished_at": "2026-11-17T13:00:00Z"});
        comes(&db, StreamName::Deployments, deployed).await;
        let mut tx = db.read().await.unwrap();
        let own = approvals::find(&mut tx, &[("deployment:d1", "a1")]).await.unwrap();
        assert_eq!(own[0].workflows, r#"["buying"]"#);
    })
    .await;
}

#[tokio::test]
async fn evidence_may_come_in_any_order_and_twice() {
    on_each_engine(async |db| {
        feed(&db, &evidence()).await;
        let whole = dump::facts(&db).await;
        let elsewhere = tests::database::Database::sqlite();
        let other = elsewhere.open().await;
        for _ in 0..2 {
            let all = evidence();
            let workflow = json!({"slug": "buying", "services": ["shop"], "tier": 3, "dri": "ana@example.org", "dri_since": "2026-01-01"});
            deliver::declare(&other, Kind::Workflow, "buying", workflow).await;
            deliver::declare(&other, Kind::Agent, "bot", json!({"id": "bot", "tier": 3, "workflow": "buying"})).await;
            for (stream, record) in all.values().rev() {
                deliver::good(&other, *stream, std::slice::from_ref(record)).await;
            }
        }
        whole.assert_same(&dump::facts(&other).await, "the other way round");
    })
    .await;
}

#[tokio::test]
async fn less_is_asked_of_a_lower_tier_and_an_approval_wherever_a_policy_requires_one() {
    on_each_engine(async |db| {
        let mut bare = evidence();
        for gone in ["approval", "decision", "evaluation"] {
            bare.remove(gone);
        }
        feed(&db, &bare).await;
        let tier = async |tier: u8| {
            let workflow = json!({"slug": "buying", "services": ["shop"], "tier": tier, "dri": "ana@example.org", "dri_since": "2026-01-01"});
            deliver::declare(&db, Kind::Workflow, "buying", workflow).await;
            deliver::recompute(&db).await;
            missing(&db).await
        };
        assert_eq!(tier(0).await, Vec::<String>::new());
        assert_eq!(tier(1).await, ["approval"]);
        assert_eq!(tier(2).await, ["approval", "evaluated"]);
        assert_eq!(tier(3).await, ["approval", "evaluated", "policy"]);
        let required = json!({"id": "p2", "run": "r1", "at": AT, "policy": "deploys", "decision": "require_approval"});
        deliver::good(&db, StreamName::PolicyDecisions, &[required]).await;
        assert_eq!(tier(0).await, ["approval", "policy"]);
    })
    .await;
}

#[tokio::test]
async fn an_assisted_change_without_a_run_counts_and_cannot_be_reconstructed() {
    on_each_engine(async |db| {
        let mut all = evidence();
        all.get_mut("change").unwrap().1["author"] = json!({"id": "ana"});
        all.get_mut("change").unwrap().1["body"] =
            json!("Co-authored-by: Claude <noreply@anthropic.com>");
        all.get_mut("run").unwrap().1["artifacts"] = json!([]);
        feed(&db, &all).await;
        let figure = read::figure(&db, company("auditability", WEEK)).await;
        assert_eq!((figure.numerator, figure.denominator), (Some(0), Some(1)));
        assert!(missing(&db).await.contains(&"run_linked".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn of_two_runs_that_claim_one_artifact_one_must_hold_all() {
    on_each_engine(async |db| {
        let mut all = evidence();
        let mut other = all["run"].1.clone();
        other["id"] = json!("r0");
        other["output"] = Value::Null;
        all.insert("other", (StreamName::Runs, other));
        feed(&db, &all).await;
        assert_eq!(
            missing(&db).await,
            Vec::<String>::new(),
            "the first in order lacks its output"
        );
    })
    .await;
}

/// How many records stand behind a figure of this scope.
async fn sample(db: &Db, metric: &str, scope: &str) -> u64 {
    let name = read::Name {
        scope,
        ..company(metric, WEEK)
    };
    read::figure(db, name).await.sample
}

#[tokio::test]
async fn what_runs_of_two_workflows_left_counts_in_each_and_once_in_the_company() {
    on_each_engine(async |db| {
        feed(&db, &evidence()).await;
        deliver::declare(&db, Kind::Workflow, "selling", json!({"slug": "selling"})).await;
        let run = |id: &str, workflow: &str| {
            json!({"id": id, "agent": "bot", "workflow": workflow, "started_at": AT,
                "artifacts": [{"kind": "ticket", "ref": "T1", "landed_at": AT}]})
        };
        let runs = [run("r2", "selling"), run("r3", "buying")];
        deliver::good(&db, StreamName::Runs, &runs).await;
        for (scope, expected) in [
            ("company", 2),
            ("workflow:buying", 2),
            ("workflow:selling", 1),
        ] {
            assert_eq!(
                sample(&db, "auditability", scope).await,
                expected,
                "{scope}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn an_agents_own_account_is_its_agent_where_no_run_is_known() {
    on_each_engine(async |db| {
        feed(&db, &without("run")).await;
        let missing = missing(&db).await;
        assert!(
            !missing.contains(&"agent_registered".to_owned()),
            "{missing:?}"
        );
        assert!(missing.contains(&"run_linked".to_owned()), "{missing:?}");
    })
    .await;
}

#[tokio::test]
async fn a_suite_that_is_run_as_two_kinds_counts_as_each() {
    on_each_engine(async |db| {
        feed(&db, &evidence()).await;
        let run = |id: &str, kind: &str, passed: u64, at: &str| {
            json!({"id": id, "suite": "s", "workflow": "buying", "kind": kind, "cases": 4, "passed": passed,
                "finished_at": at})
        };
        let runs = [
            run("s1", "adversarial", 1, "2026-11-17T10:00:00Z"),
            run("s2", "regression", 4, "2026-11-17T11:00:00Z"),
        ];
        deliver::good(&db, StreamName::SuiteRuns, &runs).await;
        let value = async |metric| read::figure(&db, company(metric, WEEK)).await.value;
        assert_eq!(value("adversarial_pass_rate").await, Some(0.25));
        assert_eq!(value("suite_pass_rate").await, Some(1.0));
    })
    .await;
}

//! What every stream promises of its records, whatever they say. A new stream is one more sample.

use std::cell::RefCell;

use anyhow::Result;
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::auth::role::Scope;
use server::ingest::StreamName;
use tests::database::on_each_engine;
use tests::deliver;
use tests::dump::{self, Dump};
use tests::script::{Script, at_each_engine};

/// A good record of a stream, and what is known of its fields.
struct Sample {
    stream: StreamName,
    record: Value,
    /// The field that says where it lives.
    home: &'static str,
    /// Fields that must be there.
    needed: &'static [&'static str],
    /// Fields that hold one of a few words.
    words: &'static [&'static str],
    instants: &'static [&'static str],
}

fn samples() -> [Sample; 11] {
    [
        change(),
        review(),
        deployment(),
        incident(),
        defect(),
        run(),
        artifact(),
        evaluation(),
        suite_run(),
        approval(),
        policy_decision(),
    ]
}

const AT: &str = "2026-11-17T12:00:00Z";

fn change() -> Sample {
    Sample {
        stream: StreamName::Changes,
        record: json!({"id": "x", "service": "shop", "author": {"id": "bot", "kind": "agent"},
            "updated_at": AT, "created_at": AT, "ready_at": AT, "merged_at": AT, "closed_at": AT}),
        home: "service",
        needed: &["id", "service", "author", "author.id"],
        words: &["author.kind"],
        instants: &[
            "updated_at",
            "created_at",
            "ready_at",
            "merged_at",
            "closed_at",
        ],
    }
}

fn review() -> Sample {
    Sample {
        stream: StreamName::Reviews,
        record: json!({"id": "x", "change": "c1", "author": {"id": "ana", "kind": "person"},
            "updated_at": AT, "state": "approved", "submitted_at": AT, "commit": "a"}),
        home: "change",
        needed: &[
            "id",
            "change",
            "author",
            "author.id",
            "state",
            "submitted_at",
        ],
        words: &["author.kind", "state"],
        instants: &["updated_at", "submitted_at"],
    }
}

fn deployment() -> Sample {
    Sample {
        stream: StreamName::Deployments,
        record: json!({"id": "x", "service": "shop", "environment": "production", "commit": "a",
            "updated_at": AT, "started_at": AT, "finished_at": AT, "result": "success",
            "kind": "planned", "changes": ["c1"], "url": "https://example.com/1"}),
        home: "service",
        needed: &[
            "id",
            "service",
            "environment",
            "commit",
            "finished_at",
            "result",
        ],
        words: &["result", "kind"],
        instants: &["updated_at", "started_at", "finished_at"],
    }
}

fn incident() -> Sample {
    Sample {
        stream: StreamName::Incidents,
        record: json!({"id": "x", "service": "shop", "severity": "major", "kind": "incident",
            "updated_at": AT, "title": "Nobody can pay", "started_at": AT, "acknowledged_at": AT,
            "resolved_at": AT, "caused_by": {"deployment": "d1"}, "url": "https://example.com/1"}),
        home: "service",
        needed: &["id", "started_at"],
        words: &["kind"],
        instants: &["updated_at", "started_at", "acknowledged_at", "resolved_at"],
    }
}

fn defect() -> Sample {
    Sample {
        stream: StreamName::Defects,
        record: json!({"id": "x", "service": "shop", "title": "Sums are off", "found_at": AT,
            "updated_at": AT, "found_in": "production", "resolved_at": AT, "resolution": "fixed",
            "severity": "minor", "introduced_by": {"release": "2.4"}}),
        home: "service",
        needed: &["id", "found_at"],
        words: &["found_in", "resolution"],
        instants: &["updated_at", "found_at", "resolved_at"],
    }
}

fn run() -> Sample {
    Sample {
        stream: StreamName::Runs,
        record: json!({"id": "x", "workflow": "shop", "agent": "bot", "updated_at": AT, "started_at": AT,
            "ended_at": AT, "outcome": "ok", "input": "Pay the bill", "output": {"recorded": true, "size": 3},
            "tool_calls": [{"id": "c1", "name": "pay", "started_at": AT, "ended_at": AT, "effect": "production",
                "input": {"sum": 3}, "error": "no money"}],
            "artifacts": [{"kind": "ticket", "ref": "T-1", "landed_at": AT}],
            "cost": {"amount": "0.10", "currency": "EUR"},
            "tokens": [{"model": "m", "input": 5, "cached_input": 2, "output": 1}]}),
        home: "workflow",
        needed: &["id", "agent", "started_at", "cost.currency"],
        words: &["outcome"],
        instants: &["updated_at", "started_at", "ended_at"],
    }
}

fn artifact() -> Sample {
    Sample {
        stream: StreamName::Artifacts,
        record: json!({"id": "x", "kind": "configuration", "ref": "shop", "updated_at": AT, "landed_at": AT,
            "workflow": "shop", "agent": "bot", "run": "r1", "reversal": {"kind": "flag", "ref": "off"}}),
        home: "ref",
        needed: &["id", "kind", "ref", "landed_at"],
        words: &["kind"],
        instants: &["updated_at", "landed_at"],
    }
}

fn suite_run() -> Sample {
    Sample {
        stream: StreamName::SuiteRuns,
        record: json!({"id": "x", "suite": "refunds", "workflow": "shop", "kind": "regression", "updated_at": AT,
            "commit": "a", "cases": 10, "passed": 8, "failed": {"tone": 2}, "threshold_ratio": 0.9,
            "finished_at": AT}),
        home: "workflow",
        needed: &[
            "id",
            "suite",
            "workflow",
            "kind",
            "cases",
            "passed",
            "finished_at",
        ],
        words: &["kind"],
        instants: &["updated_at", "finished_at"],
    }
}

fn approval() -> Sample {
    Sample {
        stream: StreamName::Approvals,
        record: json!({"id": "x", "subject": {"deployment": "shop"}, "updated_at": AT, "level": "recorded",
            "requested_at": AT, "decided_at": AT, "decision": "approved", "approver": "ana"}),
        home: "subject.deployment",
        needed: &["id", "subject", "requested_at"],
        words: &["level", "decision"],
        instants: &["updated_at", "requested_at", "decided_at"],
    }
}

fn evaluation() -> Sample {
    Sample {
        stream: StreamName::Evaluations,
        record: json!({"id": "x", "commit": "shop", "updated_at": AT, "score": 0.5, "passed": true, "required": true,
            "evaluator": {"name": "unit tests", "kind": "code"}, "finished_at": AT}),
        home: "commit",
        needed: &[
            "id",
            "commit",
            "evaluator",
            "evaluator.name",
            "evaluator.kind",
            "finished_at",
        ],
        words: &["evaluator.kind"],
        instants: &["updated_at", "finished_at"],
    }
}

fn policy_decision() -> Sample {
    Sample {
        stream: StreamName::PolicyDecisions,
        record: json!({"id": "x", "commit": "shop", "updated_at": AT, "at": AT, "policy": "main",
            "decision": "deny", "tool_call": "c1", "revision": "7", "bypassed_by": "ana"}),
        home: "commit",
        needed: &["id", "at", "policy", "decision"],
        words: &["decision"],
        instants: &["updated_at", "at"],
    }
}

impl Sample {
    /// The record with another value in a field; a field of a field follows a dot.
    fn with(&self, field: &str, value: Value) -> Value {
        let mut record = self.record.clone();
        let names = field.split('.');
        *names.fold(&mut record, |inner, name| &mut inner[name]) = value;
        record
    }

    /// A copy of a thing, as old as this, that lives here.
    fn copy(&self, id: &str, updated_at: &str, home: &str) -> Value {
        let mut record = self.with(self.home, json!(home));
        record["id"] = json!(id);
        record["updated_at"] = json!(updated_at);
        record
    }

    /// Its rows, one a line.
    fn rows<'a>(&self, dump: &'a Dump) -> &'a [String] {
        dump.rows(self.stream.as_str())
    }
}

const EARLY: &str = "2026-11-17T12:00:00Z";
const LATE: &str = "2026-11-18T12:00:00Z";

#[test]
fn every_stream_has_its_sample() {
    assert_eq!(samples().map(|sample| sample.stream), StreamName::ALL);
}

#[tokio::test]
async fn a_record_that_is_pushed_twice_is_taken_in_once() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Ingest).await?;
        for sample in samples() {
            let stream = sample.stream.as_str();
            for (accepted, repeated) in [(1, 0), (0, 1)] {
                let (status, told) = script.push(stream, sample.record.to_string()).await?;
                let good = json!({"accepted": accepted, "repeated": repeated, "refused": []});
                assert_eq!((status, told), (StatusCode::OK, good), "{stream}");
            }
            assert_eq!(sample.rows(&dump::facts(&app.db).await).len(), 1);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_field_that_is_missing_or_makes_no_sense_is_refused_by_its_name() {
    on_each_engine(async |db| {
        let empty = dump::facts(&db).await;
        for sample in samples() {
            let missing = sample.needed.iter().map(|field| (field, Value::Null));
            let words = sample.words.iter().map(|field| (field, json!("nonsense")));
            let instants = sample.instants.iter().map(|field| (field, json!("noon")));
            for (field, value) in missing.chain(words).chain(instants) {
                let said = format!("{}: {field} {value}", sample.stream);
                let bad = [sample.with(field, value)];
                let outcome = deliver::records(&db, sample.stream, &bad).await;
                let [refused] = &outcome.refused[..] else {
                    panic!("{said} was taken in");
                };
                assert_eq!(refused.field.as_deref(), Some(*field), "{said}");
            }
        }
        empty.assert_same(&dump::facts(&db).await, "after refusals");
    })
    .await;
}

#[tokio::test]
async fn the_newer_copy_stays_in_either_order_and_what_moved_leaves_its_old_home() {
    on_each_engine(async |db| {
        for sample in samples() {
            let old = |id| sample.copy(id, EARLY, "here");
            let new = |id| sample.copy(id, LATE, "elsewhere");
            for copy in [old("a"), new("a"), new("b"), old("b")] {
                deliver::good(&db, sample.stream, &[copy]).await;
            }
            deliver::good(&db, sample.stream, &[old("c"), new("c")]).await;
            deliver::good(&db, sample.stream, &[new("d"), old("d")]).await;
            let dump = dump::facts(&db).await;
            let rows = sample.rows(&dump);
            assert_eq!(rows.len(), 4, "{}", sample.stream);
            assert!(rows.iter().all(|row| row.contains("elsewhere")), "{rows:?}");
        }
    })
    .await;
}

/// Old and new copies of many things of every stream, some of which move.
fn copies() -> Vec<(StreamName, String)> {
    let mut copies = Vec::new();
    for sample in samples() {
        for number in 0..12 {
            let id = format!("{number}");
            let moved_to = ["shop", "search"][number % 2];
            for copy in [
                sample.copy(&id, EARLY, "shop"),
                sample.copy(&id, LATE, moved_to),
            ] {
                copies.push((sample.stream, copy.to_string()));
            }
        }
    }
    copies
}

#[tokio::test]
async fn order_size_and_repetition_of_deliveries_change_not_a_byte_on_either_engine() {
    let dumps = RefCell::new(Vec::new());
    for seed in 0..6 {
        on_each_engine(async |db| {
            deliver::shuffled(&db, &copies(), seed).await;
            let once = dump::facts(&db).await;
            deliver::shuffled(&db, &copies(), seed + 100).await;
            once.assert_same(&dump::facts(&db).await, "fed twice");
            deliver::recompute(&db).await;
            once.assert_same(&dump::facts(&db).await, "computed from nothing");
            dumps.borrow_mut().push(once);
        })
        .await;
    }
    let dumps = dumps.into_inner();
    for sample in samples() {
        assert_eq!(sample.rows(&dumps[0]).len(), 12, "{}", sample.stream);
    }
    for dump in &dumps[1..] {
        dumps[0].assert_same(dump, "another order");
    }
}

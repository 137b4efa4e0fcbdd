//! A person's word over a derived link: it is tried before it is kept, it counts, and it survives
//! everything that comes after.

mod pages;

use serde_json::json;
use server::corrections::{Error, Kind, Word, keep, preview};
use server::ingest::StreamName::{Changes, Defects, Deployments, Incidents};
use server::metrics::catalogue::metric;
use server::store::corrections::{self, Correction};
use server::store::links::{defects, incidents};
use server::store::{Db, registry};
use tests::database::on_each_engine;
use tests::read::{self, Name, company};
use tests::{deliver, dump};

async fn correct(db: &Db, segment: &str, made_at: i64) {
    let correction = Correction {
        kind: "change".to_owned(),
        subject_id: "c1".to_owned(),
        field: "segment".to_owned(),
        made_at,
        was: "unmarked".to_owned(),
        value: segment.to_owned(),
        reason: "the agent wrote it, its mark was switched off".to_owned(),
        made_by: "dri@example.com".to_owned(),
    };
    let mut tx = db.write().await.unwrap();
    corrections::add(&mut tx, &correction).await.unwrap();
    tx.commit().await.unwrap();
    deliver::recompute(db).await;
}

async fn samples(db: &Db) -> [u64; 3] {
    let mut samples = [0; 3];
    for (at, segment) in ["agent", "assisted", "unmarked"].into_iter().enumerate() {
        let name = Name {
            segment,
            ..company("changes_merged", "2026-W47")
        };
        samples[at] = read::figure(db, name).await.sample;
    }
    samples
}

#[tokio::test]
async fn a_corrected_segment_counts_and_the_newest_correction_wins() {
    on_each_engine(async |db| {
        let change = json!({"id": "c1", "service": "shop", "author": {"id": "ana"}, "merged_at": "2026-11-17T12:00:00Z"});
        deliver::good(&db, Changes, &[change]).await;
        assert_eq!(samples(&db).await, [0, 0, 1]);
        correct(&db, "agent", 20).await;
        assert_eq!(samples(&db).await, [1, 0, 0]);
        correct(&db, "assisted", 10).await;
        assert_eq!(samples(&db).await, [1, 0, 0], "an older correction comes too late");
        correct(&db, "assisted", 30).await;
        assert_eq!(samples(&db).await, [0, 1, 0]);
    })
    .await;
}

#[tokio::test]
async fn a_correction_survives_a_newer_copy_and_may_come_before_its_change() {
    on_each_engine(async |db| {
        correct(&db, "agent", 10).await;
        for (title, updated_at) in [("old", "2026-11-17T12:00:00Z"), ("new", "2026-11-18T12:00:00Z")] {
            let change = json!({"id": "c1", "service": "shop", "author": {"id": "ana"}, "title": title,
                "merged_at": "2026-11-17T12:00:00Z", "updated_at": updated_at});
            deliver::good(&db, Changes, &[change]).await;
            assert_eq!(samples(&db).await, [1, 0, 0], "{title}");
        }
        let before = dump::facts(&db).await;
        deliver::recompute(&db).await;
        before.assert_same(&dump::facts(&db).await, "computed from nothing");
    })
    .await;
}

#[tokio::test]
async fn a_word_that_is_no_segment_corrects_nothing() {
    on_each_engine(async |db| {
        let change = json!({"id": "c1", "service": "shop", "author": {"id": "ana"}, "merged_at": "2026-11-17T12:00:00Z"});
        deliver::good(&db, Changes, &[change]).await;
        correct(&db, "human", 10).await;
        assert_eq!(samples(&db).await, [0, 0, 1]);
    })
    .await;
}

/// Three deployments of a shop, an incident long after them and one soon after, and a defect of which
/// nobody says where it was found.
async fn shop(db: &Db) {
    let workflow = json!({"slug": "shop-delivery", "dri": "dri@example.org", "services": ["shop"]});
    deliver::declare(db, registry::Kind::Workflow, "shop-delivery", workflow).await;
    deliver::declare(db, registry::Kind::Service, "shop", json!({"slug": "shop"})).await;
    let change = json!({"id": "c1", "service": "shop", "author": {"id": "ana"}, "title": "Totals",
        "created_at": "2026-11-16T10:00:00Z", "merged_at": "2026-11-16T12:00:00Z", "merge_commit": "b1b1b1b1b1b1"});
    deliver::good(db, Changes, &[change]).await;
    let deployment = |id: &str, commit: &str, finished_at: &str| {
        json!({"id": id, "service": "shop", "environment": "production", "commit": commit,
            "finished_at": finished_at, "result": "success"})
    };
    let deployments = [
        deployment("d1", "a1a1a1a1a1a1", "2026-11-03T12:00:00Z"),
        deployment("d2", "b1b1b1b1b1b1", "2026-11-17T12:00:00Z"),
        deployment("d3", "c1c1c1c1c1c1", "2026-11-18T12:00:00Z"),
    ];
    deliver::good(db, Deployments, &deployments).await;
    let incident = |id: &str, started_at: &str, resolved_at: &str| {
        json!({"id": id, "service": "shop", "title": "Totals wrong", "started_at": started_at,
            "resolved_at": resolved_at})
    };
    let incidents = [
        incident("late", "2026-11-26T12:00:00Z", "2026-11-27T12:00:00Z"),
        incident("soon", "2026-11-18T13:00:00Z", "2026-11-20T12:00:00Z"),
    ];
    deliver::good(db, Incidents, &incidents).await;
    let defect = json!({"id": "b1", "service": "shop", "title": "Rounding", "found_at": "2026-11-19T12:00:00Z"});
    deliver::good(db, Defects, &[defect]).await;
}

fn word<'a>(kind: Kind, id: &'a str, value: &'a str) -> Word<'a> {
    Word {
        kind,
        id,
        value,
        reason: "the log shows it",
        made_by: "dri@example.org",
    }
}

/// Each kind of correction with the figures of the company that it changes.
const WORDS: [(Kind, &str, &str, &[&str]); 5] = [
    (Kind::Change, "c1", "agent", &["agent_share"]),
    (
        Kind::Deployment,
        "d3",
        "fix",
        &["change_fail_rate", "deployment_rework_rate"],
    ),
    (
        Kind::Incident,
        "late",
        "d2",
        &["change_fail_rate", "failed_deployment_recovery_time"],
    ),
    (
        Kind::Incident,
        "soon",
        "none",
        &["change_fail_rate", "failed_deployment_recovery_time"],
    ),
    (
        Kind::Defect,
        "b1",
        "production",
        &["defect_escape_rate", "escaped_defects_per_100"],
    ),
];

/// Links and figures, without the corrections themselves.
async fn derived(db: &Db) -> Vec<String> {
    const TABLES: [&str; 6] = [
        "change_links",
        "deployment_links",
        "remedies",
        "incident_links",
        "defect_links",
        "figures",
    ];
    let dump = dump::facts(db).await;
    let rows = TABLES.map(|table| dump.rows(table).to_vec());
    rows.concat()
}

#[tokio::test]
async fn what_a_correction_would_change_is_what_it_changes_and_trying_it_changes_nothing() {
    on_each_engine(async |db| {
        shop(&db).await;
        for (kind, id, value, metrics) in WORDS {
            let said = word(kind, id, value);
            let before = dump::whole(&db).await;
            let tried = preview(&db, said, read::NOW_MS).await.unwrap();
            dump::whole(&db).await.assert_same(&before, "only tried");
            keep(&db, said, read::NOW_MS).await.unwrap();
            deliver::refresh(&db).await;
            let mut changed = Vec::new();
            for difference in &tried {
                let named = difference.either().unwrap();
                assert_ne!(difference.before, difference.after, "{named:?}");
                if named.scope == "company" && named.segment == "all" {
                    changed.push(named.metric.as_str());
                }
                let name = Name {
                    metric: &named.metric,
                    scope: &named.scope,
                    segment: &named.segment,
                    week: &named.week,
                };
                let stands = read::figure(&db, name).await;
                let after = difference.after.as_ref();
                assert_eq!(
                    stands.sample as i64,
                    after.map_or(0, |figure| figure.sample),
                    "{name:?}"
                );
                // Of what nothing is known nothing is told, whatever is computed.
                let is_known = metric(&named.metric).unwrap().waits_for().is_empty();
                if let Some(after) = after.filter(|_| is_known) {
                    assert_eq!(stands.value, after.value, "{name:?}");
                }
            }
            for metric in metrics {
                assert!(
                    changed.contains(metric),
                    "{id}: {metric} is not in {changed:?}"
                );
            }
            let kept = derived(&db).await;
            deliver::recompute(&db).await;
            assert_eq!(kept, derived(&db).await, "computed from nothing");
            keep(&db, word(kind, id, ""), read::NOW_MS).await.unwrap();
            deliver::refresh(&db).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_correction_that_is_taken_back_leaves_what_was_found_and_a_record_of_both() {
    on_each_engine(async |db| {
        shop(&db).await;
        let found = derived(&db).await;
        for (kind, id, value, _) in WORDS {
            keep(&db, word(kind, id, value), read::NOW_MS)
                .await
                .unwrap();
            keep(&db, word(kind, id, ""), read::NOW_MS).await.unwrap();
        }
        deliver::refresh(&db).await;
        assert_eq!(found, derived(&db).await);
        let mut tx = db.read().await.unwrap();
        let made = corrections::of(&mut tx, "incident", "late").await.unwrap();
        let said: Vec<_> = made
            .iter()
            .map(|one| (one.was.as_str(), one.value.as_str()))
            .collect();
        assert_eq!(said, [("d2", ""), ("none", "d2")]);
        assert_eq!(corrections::latest(&mut tx, 100).await.unwrap().len(), 10);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_answer_is_refused_and_keeps_nothing() {
    on_each_engine(async |db| {
        shop(&db).await;
        let before = dump::whole(&db).await;
        let no_reason = Word {
            reason: "  ",
            ..word(Kind::Change, "c1", "agent")
        };
        let long = "x".repeat(501);
        let long_reason = Word {
            reason: &long,
            ..no_reason
        };
        for refused in [
            no_reason,
            long_reason,
            word(Kind::Change, "c1", "human"),
            word(Kind::Change, "c1", ""),
            word(Kind::Deployment, "d3", "revert"),
            word(Kind::Incident, "late", "d9"),
            word(Kind::Defect, "b1", "unknown"),
        ] {
            let told = keep(&db, refused, read::NOW_MS).await;
            assert!(
                matches!(told, Err(Error::Refused(_))),
                "{refused:?}: {told:?}"
            );
        }
        for unknown in [
            word(Kind::Change, "c9", "agent"),
            word(Kind::Deployment, "staging", "fix"),
            word(Kind::Incident, "c1", "none"),
        ] {
            let told = preview(&db, unknown, read::NOW_MS).await;
            assert!(
                matches!(told, Err(Error::NotFound)),
                "{unknown:?}: {told:?}"
            );
        }
        dump::whole(&db).await.assert_same(&before, "refused");
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_a_word_is_listed_until_somebody_gives_it() {
    on_each_engine(async |db| {
        shop(&db).await;
        let waiting = async |db: &Db| {
            let mut tx = db.read().await.unwrap();
            let (incidents, of_incidents) = incidents::open(&mut tx, 100).await.unwrap();
            let (defects, of_defects) = defects::open(&mut tx, 100).await.unwrap();
            assert_eq!(
                [incidents.len() as i64, defects.len() as i64],
                [of_incidents, of_defects]
            );
            let incidents = incidents.into_iter().map(|one| one.link.incident_id);
            let defects = defects.into_iter().map(|one| one.link.defect_id);
            incidents.chain(defects).collect::<Vec<_>>()
        };
        assert_eq!(waiting(&db).await, ["late", "b1"]);
        keep(&db, word(Kind::Incident, "late", "d3"), read::NOW_MS)
            .await
            .unwrap();
        keep(&db, word(Kind::Defect, "b1", "pre_release"), read::NOW_MS)
            .await
            .unwrap();
        deliver::refresh(&db).await;
        assert!(waiting(&db).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn an_incident_that_was_put_right_follows_its_deployment() {
    on_each_engine(async |db| {
        shop(&db).await;
        keep(&db, word(Kind::Incident, "late", "d3"), read::NOW_MS).await.unwrap();
        deliver::refresh(&db).await;
        let recoveries = async |db: &Db| {
            let name = company("failed_deployment_recovery_time", "2026-W48");
            read::figure(db, name).await.sample
        };
        assert_eq!(recoveries(&db).await, 1);
        for (environment, hour, expected) in [("staging", 13, 0), ("production", 14, 1)] {
            let moved = json!({"id": "d3", "service": "shop", "environment": environment, "commit": "c1c1c1c1c1c1",
                "finished_at": "2026-11-18T12:00:00Z", "result": "success",
                "updated_at": format!("2026-11-20T{hour}:00:00Z")});
            deliver::good(&db, Deployments, &[moved]).await;
            assert_eq!(recoveries(&db).await, expected, "{environment}");
            let before = derived(&db).await;
            deliver::recompute(&db).await;
            assert_eq!(before, derived(&db).await, "{environment}");
        }
    })
    .await;
}

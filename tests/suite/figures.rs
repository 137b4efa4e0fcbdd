//! Figures follow their records: touched weeks are computed again, and no others.

use serde_json::{Value, json};
use server::ingest::StreamName::{self, Changes, Defects, Deployments, Incidents, Reviews};
use server::metrics::catalogue::CATALOGUE;
use server::store::Db;
use server::store::registry::Kind;
use tests::database::on_each_engine;
use tests::read::{self, Name, company};
use tests::{deliver, dump};

fn merged(id: &str, at: &str, updated_at: &str) -> Value {
    json!({"id": id, "service": "shop", "author": {"id": "ana"}, "merged_at": at, "updated_at": updated_at,
        "commits": [{"sha": "a", "authored_at": "2026-11-02T10:00:00Z"}]})
}

async fn count(db: &Db, week: &str) -> Option<f64> {
    read::figure(db, company("changes_merged", week))
        .await
        .value
}

#[tokio::test]
async fn a_week_that_loses_its_last_change_loses_its_figure() {
    on_each_engine(async |db| {
        let early = merged("c1", "2026-11-03T10:00:00Z", "2026-11-03T10:00:00Z");
        let late = merged("c1", "2026-11-17T10:00:00Z", "2026-11-18T10:00:00Z");
        deliver::good(&db, Changes, &[early]).await;
        assert_eq!(count(&db, "2026-W45").await, Some(1.0));
        deliver::good(&db, Changes, &[late]).await;
        assert_eq!(count(&db, "2026-W45").await, None);
        assert_eq!(count(&db, "2026-W47").await, Some(1.0));
        let figures = dump::facts(&db).await.rows("figures").to_vec();
        assert!(figures.iter().all(|row| !row.contains("2026-W45")));
    })
    .await;
}

#[tokio::test]
async fn a_change_that_turns_out_not_to_be_merged_leaves_its_week() {
    on_each_engine(async |db| {
        let mut open = merged("c1", "2026-11-03T10:00:00Z", "2026-11-04T10:00:00Z");
        deliver::good(
            &db,
            Changes,
            &[merged("c1", "2026-11-03T10:00:00Z", "2026-11-03T10:00:00Z")],
        )
        .await;
        open["merged_at"] = Value::Null;
        deliver::good(&db, Changes, &[open]).await;
        assert!(dump::facts(&db).await.rows("figures").is_empty());
    })
    .await;
}

#[tokio::test]
async fn only_touched_weeks_are_computed_again() {
    on_each_engine(async |db| {
        let weeks = [
            merged("c1", "2026-11-03T10:00:00Z", "2026-11-03T10:00:00Z"),
            merged("c2", "2026-11-10T10:00:00Z", "2026-11-10T10:00:00Z"),
            merged("c3", "2026-11-17T10:00:00Z", "2026-11-17T10:00:00Z"),
        ];
        deliver::records(&db, Changes, &weeks).await;
        assert_eq!(deliver::refresh(&db).await, 3);
        deliver::records(&db, Changes, &weeks).await;
        assert_eq!(deliver::refresh(&db).await, 0);
        let review = json!({"id": "r", "change": "c2", "author": {"id": "ben"}, "state": "approved",
            "submitted_at": "2026-11-09T10:00:00Z"});
        deliver::records(&db, Reviews, &[review]).await;
        assert_eq!(deliver::refresh(&db).await, 3, "its service's first review");
        let another = json!({"id": "s", "change": "c3", "author": {"id": "ben"}, "state": "approved",
            "submitted_at": "2026-11-16T10:00:00Z"});
        deliver::records(&db, Reviews, &[another]).await;
        assert_eq!(deliver::refresh(&db).await, 1);
        let unmerged = json!({"id": "c4", "service": "shop", "author": {"id": "ana"}});
        deliver::records(&db, Changes, &[unmerged]).await;
        assert_eq!(deliver::refresh(&db).await, 0);
    })
    .await;
}

#[tokio::test]
async fn counts_are_zero_after_the_first_record_and_nothing_before_it() {
    on_each_engine(async |db| {
        deliver::declare(&db, Kind::Service, "shop", json!({"slug": "shop"})).await;
        let change = merged("c1", "2026-11-10T10:00:00Z", "2026-11-10T10:00:00Z");
        deliver::good(&db, Changes, &[change]).await;
        for scope in ["company", "service:shop"] {
            let figure = async |metric, segment, week| {
                let name = Name {
                    metric,
                    scope,
                    segment,
                    week,
                };
                read::figure(&db, name).await
            };
            let before = figure("changes_merged", "all", "2026-W45").await;
            assert_eq!(before.value, None);
            assert!(before.reason.is_some());
            assert_eq!(
                figure("changes_merged", "all", "2026-W47").await.value,
                Some(0.0)
            );
            assert_eq!(
                figure("changes_merged", "agent", "2026-W46").await.value,
                Some(0.0)
            );
            assert_eq!(figure("pr_cycle_time", "all", "2026-W47").await.value, None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_service_without_a_known_review_is_left_out_until_its_first_lets_all_its_weeks_count() {
    on_each_engine(async |db| {
        let of = |id: &str, service: &str, at: &str| {
            let mut change = merged(id, at, at);
            change["service"] = service.into();
            change
        };
        let changes = [
            of("c1", "shop", "2026-11-03T10:00:00Z"),
            of("c2", "shop", "2026-11-10T10:00:00Z"),
            of("c3", "desk", "2026-11-03T10:00:00Z"),
        ];
        deliver::good(&db, Changes, &changes).await;
        let unreviewed = async |week| {
            let figure = read::figure(&db, company("merged_without_review", week)).await;
            (figure.numerator, figure.denominator)
        };
        assert_eq!(unreviewed("2026-W45").await, (None, None));
        let late = json!({"id": "r", "change": "c2", "author": {"id": "ben"}, "state": "commented",
            "submitted_at": "2026-11-12T10:00:00Z"});
        deliver::good(&db, Reviews, &[late]).await;
        assert_eq!(unreviewed("2026-W45").await, (Some(1), Some(1)));
        assert_eq!(unreviewed("2026-W46").await, (Some(1), Some(1)));
        let once = dump::facts(&db).await;
        deliver::recompute(&db).await;
        once.assert_same(&dump::facts(&db).await, "computed from nothing");
    })
    .await;
}

#[tokio::test]
async fn a_change_of_an_unregistered_service_counts_in_the_company_until_it_is_registered() {
    on_each_engine(async |db| {
        let change = merged("c1", "2026-11-10T10:00:00Z", "2026-11-10T10:00:00Z");
        deliver::good(&db, Changes, &[change]).await;
        assert_eq!(count(&db, "2026-W46").await, Some(1.0));
        let scopes = async || {
            let rows = dump::facts(&db).await.rows("figures").to_vec();
            rows.iter()
                .filter(|row| row.contains("service:shop"))
                .count()
        };
        assert_eq!(scopes().await, 0);
        deliver::declare(&db, Kind::Service, "shop", json!({"slug": "shop"})).await;
        deliver::recompute(&db).await;
        assert_eq!(scopes().await, 10, "five metrics in two segments");
    })
    .await;
}

#[tokio::test]
async fn a_change_under_two_workflows_counts_in_each_and_once_in_the_company() {
    on_each_engine(async |db| {
        for slug in ["buying", "paying"] {
            let body = json!({"slug": slug, "services": ["shop"]});
            deliver::declare(&db, Kind::Workflow, slug, body).await;
        }
        let change = merged("c1", "2026-11-10T10:00:00Z", "2026-11-10T10:00:00Z");
        deliver::good(&db, Changes, &[change]).await;
        for scope in ["company", "workflow:buying", "workflow:paying"] {
            let name = Name {
                scope,
                ..company("changes_merged", "2026-W46")
            };
            assert_eq!(read::figure(&db, name).await.value, Some(1.0), "{scope}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_new_time_zone_moves_only_the_changes_at_the_edge() {
    on_each_engine(async |db| {
        let changes = [
            merged("edge", "2026-11-08T23:30:00Z", "2026-11-09T10:00:00Z"),
            merged("inside", "2026-11-05T10:00:00Z", "2026-11-05T10:00:00Z"),
        ];
        deliver::good(&db, Changes, &changes).await;
        assert_eq!(count(&db, "2026-W45").await, Some(2.0));
        let berlin = json!({"time_zones": [{"zone": "Europe/Berlin"}]});
        deliver::declare(&db, Kind::Company, "company", berlin).await;
        deliver::recompute(&db).await;
        assert_eq!(count(&db, "2026-W45").await, Some(1.0));
        assert_eq!(count(&db, "2026-W46").await, Some(1.0));
    })
    .await;
}

/// A company of one week, and what of it lies in another time altogether.
fn dated(service: &str, id: &str, at: &str) -> [(StreamName, Value); 4] {
    [
        (
            Changes,
            json!({"id": id, "service": service, "author": {"id": "ana"}, "merged_at": at,
            "created_at": at, "commits": [{"sha": id, "authored_at": at}]}),
        ),
        (
            Deployments,
            json!({"id": id, "service": service, "environment": "production", "commit": id,
            "finished_at": at, "result": "success"}),
        ),
        (
            Incidents,
            json!({"id": id, "service": service, "started_at": at, "resolved_at": at}),
        ),
        (
            Defects,
            json!({"id": id, "service": service, "found_at": at, "found_in": "production"}),
        ),
    ]
}

#[tokio::test]
async fn what_is_dated_2199_or_1970_counts_in_its_own_week_and_moves_no_other() {
    on_each_engine(async |db| {
        let week = async || {
            let mut figures = Vec::new();
            for metric in CATALOGUE {
                for week in ["2026-W46", "2026-W47", "2026-W48"] {
                    let figure = read::figure(&db, company(metric.id, week)).await;
                    figures.push((
                        figure.value,
                        figure.sample,
                        figure.numerator,
                        figure.denominator,
                    ));
                }
            }
            figures
        };
        for (stream, record) in [
            ("d0", "2026-11-10T10:00:00Z"),
            ("d1", "2026-11-17T10:00:00Z"),
        ]
        .into_iter()
        .flat_map(|(id, at)| dated("shop", id, at))
        {
            deliver::good(&db, stream, &[record]).await;
        }
        let before = week().await;
        for (stream, record) in dated("shop", "late", "2199-12-31T23:59:59.999Z") {
            deliver::good(&db, stream, &[record]).await;
        }
        assert_eq!(week().await, before);
        for (stream, record) in dated("attic", "early", "1970-01-01T00:00:00Z") {
            deliver::good(&db, stream, &[record]).await;
        }
        assert_eq!(week().await, before);
        for (id, week) in [("late", "2200-W01"), ("early", "1970-W01")] {
            for metric in [
                "changes_merged",
                "deployment_frequency",
                "incident_frequency",
                "escaped_defects_per_100",
            ] {
                let listed = read::records(&db, company(metric, week)).await.counted;
                let ids: Vec<&str> = listed.iter().map(|record| record.id.as_str()).collect();
                assert_eq!(ids, [id], "{metric} {week}");
            }
        }
    })
    .await;
}

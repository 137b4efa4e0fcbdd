//! One hop: the word for what both ends did, which hops a workflow has, and where they are shown.

use std::ops::Range;
use std::sync::Arc;

use anyhow::Result;
use app::backend::Backend;
use app::view::hop::{Hop, Hops};
use app::view::review::{Review, Row};
use serde_json::{Value, json};
use server::auth::role::Role;
use server::metrics::week::Calendar;
use server::store::Db;
use server::store::registry::{Kind, Workflow};
use server::views::Pages;
use server::views::hop::parked;
use tests::app::App;
use tests::company::{Company, HOUR_MS, Work, log_normal, week};
use tests::database::Database;
use tests::{deliver, read};

const LAST: i32 = 13;

async fn reviewed(db: &Db, scope: &str, now_ms: i64) -> Review {
    let pages = Pages::new(db.clone(), Arc::new(move || now_ms));
    let shown = week(LAST).to_string();
    pages.review(Some(&shown), Some(scope)).await.unwrap()
}

/// The hops of a company with these workflows, in a scope.
async fn hops(company: &Company, workflows: &[Value], scope: &str) -> Option<Hops> {
    let database = Database::sqlite();
    let db = database.open().await;
    for workflow in workflows {
        let slug = workflow["slug"].as_str().unwrap();
        deliver::declare(&db, Kind::Workflow, slug, workflow.clone()).await;
    }
    company.feed(&db).await;
    let review = reviewed(&db, scope, read::NOW_MS).await;
    db.close().await;
    review.hops
}

/// Fourteen weeks of a small service, the last of which may bring something else.
fn weeks(service: &'static str, usual: Work, last: impl Fn(&mut Work)) -> Vec<(i32, Work)> {
    let works = (0..=LAST).map(|week| {
        let mut work = Work {
            service,
            ..usual.clone()
        };
        if week == LAST {
            last(&mut work);
        }
        (week, work)
    });
    works.collect()
}

fn small() -> Work {
    Work {
        durations_ms: log_normal(6, 40.0),
        deployments: 3,
        failing: 0,
        ..Work::default()
    }
}

fn by_agents() -> Work {
    Work {
        by_agents: true,
        ..small()
    }
}

fn quick(work: &mut Work) {
    work.durations_ms = log_normal(6, 4.0);
}

fn slow(work: &mut Work) {
    work.durations_ms = log_normal(6, 400.0);
}

fn workflow(slug: &str) -> Value {
    json!({"slug": slug, "services": [slug]})
}

fn with_hop(slug: &str, agent_metric: &str, business_metric: &str) -> Value {
    let hop = json!({"agent_metric": agent_metric, "business_metric": business_metric});
    json!({"slug": slug, "services": [slug], "hop": [hop]})
}

fn company(works: Vec<(i32, Work)>) -> Company {
    Company {
        works,
        ..Company::of(0)
    }
}

#[tokio::test]
async fn what_both_ends_did_has_its_word() {
    type Change = fn(&mut Work);
    let agents: Change = |work| work.by_agents = true;
    let people: Change = |work| work.by_agents = false;
    let nothing: Change = |_| {};
    let outcomes: [(&str, Work, [Change; 2], &str); 9] = [
        ("a", small(), [agents, quick], "both better"),
        ("b", small(), [agents, slow], "activity up, result worse"),
        ("c", small(), [agents, nothing], "activity, no effect yet"),
        (
            "d",
            by_agents(),
            [people, quick],
            "result better all the same",
        ),
        ("e", by_agents(), [people, slow], "both worse"),
        (
            "f",
            by_agents(),
            [people, nothing],
            "slipping, no effect yet",
        ),
        ("g", small(), [nothing, quick], "something else helped"),
        ("h", small(), [nothing, slow], "something else hurt"),
        ("i", small(), [nothing, nothing], "steady"),
    ];
    let mut works = Vec::new();
    for (service, usual, changes, _) in &outcomes {
        works.extend(weeks(service, usual.clone(), |work| {
            changes.iter().for_each(|change| change(work));
        }));
    }
    let workflows: Vec<_> = outcomes.iter().map(|(slug, ..)| workflow(slug)).collect();
    let shown = hops(&company(works), &workflows, "company").await.unwrap();
    let words: Vec<_> = shown.rows.iter().map(word).collect();
    assert_eq!(words, outcomes.map(|(service, _, _, said)| (service, said)));
}

fn word(hop: &Hop) -> (&str, &str) {
    (&hop.workflow, hop.word.as_deref().unwrap_or("–"))
}

#[tokio::test]
async fn too_few_weeks_are_too_early_and_of_too_few_changes_there_is_no_word() {
    let young = weeks("a", small(), |_| {}).split_off(4);
    let few = weeks("b", small(), |work| work.durations_ms = log_normal(3, 40.0));
    let workflows = [
        workflow("a"),
        with_hop("b", "agent_share", "deployment_frequency"),
    ];
    let works = [young, few].concat();
    let shown = hops(&company(works), &workflows, "company").await.unwrap();
    let words: Vec<_> = shown.rows.iter().map(word).collect();
    assert_eq!(words, [("a", "too early"), ("b", "–")]);
}

#[tokio::test]
async fn what_is_expected_decides_for_a_metric_without_a_better_side() {
    let more: fn(&mut Work) = |work| (work.by_agents, work.deployments) = (true, 6);
    let works = ["a", "b", "c"].map(|service| weeks(service, small(), more));
    let expecting = |slug: &str, expected: Option<&str>| {
        let mut workflow = with_hop(slug, "agent_share", "deployment_frequency");
        if let Some(expected) = expected {
            workflow["hop"][0]["expected"] = json!(expected);
        }
        workflow
    };
    let workflows = [
        expecting("a", Some("up")),
        expecting("b", Some("down")),
        expecting("c", None),
    ];
    let shown = hops(&company(works.concat()), &workflows, "company")
        .await
        .unwrap();
    let words: Vec<_> = shown.rows.iter().map(word).collect();
    let said = [
        ("a", "both better"),
        ("b", "activity up, result worse"),
        ("c", "–"),
    ];
    assert_eq!(words, said);
    let expected: Vec<_> = shown
        .rows
        .iter()
        .map(|hop| hop.expected.as_deref())
        .collect();
    assert_eq!(expected, [Some("up"), Some("down"), None]);
}

#[tokio::test]
async fn both_ends_are_of_the_same_weeks_although_one_settles_later() {
    let database = Database::sqlite();
    let db = database.open().await;
    let workflow = with_hop("shop", "agent_share", "change_fail_rate");
    deliver::declare(&db, Kind::Workflow, "shop", workflow).await;
    company(weeks("shop", small(), |_| {})).feed(&db).await;
    let monday_ms = Calendar::utc().end_ms(week(LAST)) + 8 * HOUR_MS;
    for (now_ms, of) in [(monday_ms, LAST - 1), (read::NOW_MS, LAST)] {
        let shown = reviewed(&db, "company", now_ms).await.hops.unwrap();
        let [agent, business] = [&shown.rows[0].agent, &shown.rows[0].business];
        assert_eq!(agent.figure.week, week(of).to_string());
        assert_eq!(business.figure.week, week(of).to_string());
        let weeks = |row: &Row| -> Vec<String> {
            row.points.iter().map(|point| point.week.clone()).collect()
        };
        assert_eq!(weeks(agent), weeks(business));
        assert_eq!(agent.points.len(), 12);
    }
    db.close().await;
}

/// Workflows over one service, by their slugs, whose names run the other way.
fn named(slugs: Range<u32>) -> Vec<Value> {
    let one = |number| {
        let (slug, name) = (format!("w{number:02}"), format!("Name {:02}", 50 - number));
        json!({"slug": slug, "name": name, "services": ["shop"]})
    };
    slugs.map(one).collect()
}

#[tokio::test]
async fn twelve_are_shown_by_name_and_the_others_counted() {
    let one_week = company(vec![(LAST, small())]);
    for (workflows, more) in [(12, 0), (15, 3)] {
        let shown = hops(&one_week, &named(0..workflows), "company")
            .await
            .unwrap();
        let names: Vec<_> = shown.rows.iter().map(|hop| hop.workflow.as_str()).collect();
        assert_eq!((names.len(), shown.more), (12, more));
        assert!(names.is_sorted(), "{names:?}");
        assert_eq!(names[0], format!("Name {}", 51 - workflows));
    }
}

#[tokio::test]
async fn a_workflow_shows_its_own_alone_and_a_service_none() {
    let works = [weeks("a", small(), |_| {}), weeks("b", by_agents(), quick)].concat();
    let workflows = [workflow("a"), workflow("b")];
    let company = company(works);
    let shown = hops(&company, &workflows, "workflow:b").await.unwrap();
    assert_eq!(shown.rows.len(), 1);
    let row = &shown.rows[0];
    assert_eq!(row.workflow, "b");
    for end in [&row.agent, &row.business] {
        assert_eq!(end.figure.scope, "workflow:b");
    }
    assert_eq!(row.agent.figure.value, Some(1.0), "nothing of the other's");
    assert_eq!(hops(&company, &workflows, "service:b").await, None);
}

#[tokio::test]
async fn a_declared_hop_replaces_the_default_of_its_agent_metric_alone() {
    let workflows = [
        with_hop("a", "agent_share", "change_fail_rate"),
        with_hop("b", "handover_rate", "change_fail_rate"),
        with_hop("d", "cost_per_run", "cost_per_delivered_change"),
        json!({"slug": "c", "topics": ["refunds"]}),
    ];
    let one_week = company(vec![(LAST, small())]);
    let shown = hops(&one_week, &workflows, "company").await.unwrap();
    let ends = |hop: &Hop| [&hop.agent, &hop.business].map(|row| row.figure.metric.clone());
    let rows: Vec<_> = shown.rows.iter().map(ends).collect();
    assert_eq!(
        rows,
        [
            ["agent_share", "change_fail_rate"],
            ["handover_rate", "change_fail_rate"],
        ]
    );
    assert_eq!(shown.left_out, 1);
    assert_eq!(shown.unmeasured, ["cost_per_delivered_change"]);
}

#[test]
fn an_agent_metric_without_a_hop_that_can_be_shown_is_parked() {
    // Those without a default, of which cost_per_run waits for its business metric.
    const OTHERS: [&str; 9] = [
        "landed_after_failed_evaluation",
        "adversarial_pass_rate",
        "above_tier_actions",
        "policy_denials",
        "run_success",
        "handover_rate",
        "tool_error_rate",
        "cost_per_run",
        "cache_share",
    ];
    for (workflow, expected) in [
        (workflow("a"), &[][..]),
        (with_hop("a", "agent_share", "change_size"), &[]),
        (
            with_hop("a", "agent_share", "cost_per_delivered_change"),
            &["agent_share"],
        ),
        (
            json!({"slug": "a", "topics": ["refunds"]}),
            &[
                "agent_share",
                "evaluation_coverage",
                "auditability",
                "suite_pass_rate",
                "approval_wait",
            ],
        ),
    ] {
        let workflow: Workflow = serde_json::from_value(workflow).unwrap();
        let parked: Vec<&str> = parked(&workflow).iter().map(|metric| metric.id).collect();
        let parked: Vec<&str> = parked
            .into_iter()
            .filter(|id| !OTHERS.contains(id))
            .collect();
        assert_eq!(parked, expected);
    }
}

#[tokio::test]
async fn a_week_that_was_frozen_before_there_were_hops_is_still_read() {
    let database = Database::sqlite();
    let db = database.open().await;
    company(vec![(LAST, small())]).feed(&db).await;
    let review = reviewed(&db, "company", read::NOW_MS).await;
    assert_eq!(
        review.hops,
        Some(Hops::default()),
        "no workflow is declared"
    );
    let mut body = serde_json::to_value(&review).unwrap();
    body.as_object_mut().unwrap().remove("hops");
    let old: Review = serde_json::from_value(body).unwrap();
    assert_eq!(
        old,
        Review {
            hops: None,
            ..review
        }
    );
    db.close().await;
}

#[tokio::test]
async fn the_page_shows_the_hops_of_its_scope() -> Result<()> {
    let app = App::fresh().await?;
    deliver::declare(&app.db, Kind::Workflow, "shop", workflow("shop")).await;
    company(weeks("shop", small(), quick)).feed(&app.db).await;
    let person = app.signed_in(Role::Executive).await?;
    let browser = app.browser()?;
    for (scope, shown) in [
        ("company", true),
        ("workflow:shop", true),
        ("service:shop", false),
    ] {
        let url = browser.at(&format!("/review/{}?scope={scope}", week(LAST)));
        let request = browser.client.get(url).header("cookie", person.cookie());
        let page = request.send().await?.text().await?;
        assert_eq!(page.contains("One hop"), shown, "{scope}");
        assert_eq!(page.contains("something else helped"), shown, "{scope}");
    }
    Ok(())
}

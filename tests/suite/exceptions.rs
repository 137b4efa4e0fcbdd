//! What needs attention in a review, from records to the list.

use std::sync::Arc;

use app::backend::Backend;
use app::view::exceptions::{Exception, Exceptions};
use app::view::signal::{Rule, Signal};
use serde_json::json;
use server::metrics::week::Calendar;
use server::views::Pages;
use tests::company::{Company, HOUR_MS, log_normal, week};
use tests::database::Database;
use tests::read;

async fn found(company: &Company, (shown, scope): (i32, &str), now_ms: i64) -> Exceptions {
    let database = Database::sqlite();
    let db = database.open().await;
    company.feed(&db).await;
    let pages = Pages::new(db.clone(), Arc::new(move || now_ms));
    let shown = week(shown).to_string();
    let review = pages.review(Some(&shown), Some(scope)).await.unwrap();
    db.close().await;
    review.exceptions
}

/// Weeks that bring now more, now less, and a workflow over their one service.
fn steady(weeks: i32) -> Company {
    let mut company = Company::of(weeks);
    for (week, work) in &mut company.works {
        if *week % 2 == 1 {
            (work.deployments, work.failing) = (18, 1);
        }
    }
    company.workflow = Some(json!({
        "slug": "checkout", "name": "Checkout", "dri": "ana@example.org", "services": ["shop"],
    }));
    company
}

fn of<'a>(found: &'a Exceptions, metric: &str, scope: &str) -> Option<&'a Exception> {
    let mut all = found.found.iter();
    all.find(|one| one.figure.metric == metric && one.figure.scope == scope)
}

#[tokio::test]
async fn a_steady_company_has_none_and_says_how_many_series_are_watched() {
    let shown = found(&steady(20), (19, "company"), read::NOW_MS).await;
    assert_eq!(shown.found, []);
    let own = found(&steady(20), (19, "workflow:checkout"), read::NOW_MS).await;
    assert_eq!(shown.watched, 2 * own.watched);
    assert!(own.watched >= 10, "{}", own.watched);
    let young = found(&steady(12), (11, "company"), read::NOW_MS).await;
    assert_eq!(young.watched, 0, "eleven weeks stand before the twelfth");
}

#[tokio::test]
async fn worse_comes_before_better_and_each_is_dated_from_the_first_week_outside() {
    let company = steady(20).but(18..20, |work| {
        work.durations_ms = log_normal(20, 4.0);
        work.failing = 12;
    });
    let shown = found(&company, (19, "company"), read::NOW_MS).await;
    let words: Vec<Signal> = shown.found.iter().map(|one| one.figure.signal).collect();
    let better = words
        .iter()
        .position(|word| *word == Signal::Better)
        .unwrap();
    assert!(
        words[..better].iter().all(|word| *word == Signal::Worse),
        "{words:?}"
    );
    for (scope, owner) in [
        ("company", None),
        ("workflow:checkout", Some("ana@example.org")),
    ] {
        for (metric, signal) in [
            ("change_lead_time", Signal::Better),
            ("change_fail_rate", Signal::Worse),
        ] {
            let one = of(&shown, metric, scope).unwrap();
            assert_eq!(one.figure.signal, signal, "{metric}");
            assert_eq!(one.figure.rule, Some(Rule::OutsideLimits), "{metric}");
            assert_eq!(one.since, week(18).to_string(), "{metric}");
            assert_eq!(one.owner.as_deref(), owner);
        }
    }
}

#[tokio::test]
async fn a_metric_that_has_not_settled_is_judged_by_its_latest_settled_week() {
    let company = steady(20).but(18..19, |work| work.failing = 12);
    let monday_ms = Calendar::utc().end_ms(week(19)) + 8 * HOUR_MS;
    let shown = found(&company, (19, "company"), monday_ms).await;
    let one = of(&shown, "change_fail_rate", "company").unwrap();
    assert_eq!(one.figure.week, week(18).to_string());
    let later = found(&company, (19, "company"), read::NOW_MS).await;
    assert_eq!(of(&later, "change_fail_rate", "company"), None);
}

#[tokio::test]
async fn a_workflow_lists_its_own_alone() {
    let company = steady(20).but(19..20, |work| work.failing = 12);
    let shown = found(&company, (19, "workflow:checkout"), read::NOW_MS).await;
    assert!(!shown.found.is_empty());
    let scopes = shown.found.iter().map(|one| one.figure.scope.as_str());
    assert!(scopes.clone().all(|scope| scope == "workflow:checkout"));
}

#[tokio::test]
async fn limits_stay_those_of_the_first_twenty_weeks_however_many_follow() {
    let company = Company::of(90).but(20..89, |work| work.durations_ms = log_normal(20, 4.0));
    let shown = found(&company, (88, "company"), Calendar::utc().end_ms(week(200))).await;
    let one = of(&shown, "change_lead_time", "company").unwrap();
    assert_eq!(
        (one.figure.signal, one.since.clone()),
        (Signal::Better, week(20).to_string())
    );
    let back = found(&company, (89, "company"), Calendar::utc().end_ms(week(200))).await;
    assert_eq!(of(&back, "change_lead_time", "company"), None);
}

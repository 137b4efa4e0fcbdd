//! Records that a company may have by mistake: there is a sentence all the same, also on the page.

use anyhow::Result;
use reqwest::StatusCode;
use server::auth::role::Role;
use tests::app::App;
use tests::company::{Company, Work};
use tests::database::Database;
use tests::read;

use super::told_on;

/// Twenty weeks whose changes all take so long.
fn all_of(durations_ms: Vec<i64>) -> Company {
    Company::of(20).but(0..20, |work| work.durations_ms = durations_ms.clone())
}

fn only(work: Work) -> Company {
    let mut company = Company::of(1);
    company.works[0].1 = work;
    company
}

async fn assert_said(company: &Company, sentence: &str) -> Result<()> {
    let database = Database::sqlite();
    let answer = told_on(&database, company, (19, "company", read::NOW_MS)).await;
    assert_eq!(answer.sentence, sentence, "{answer:?}");
    let app = App::start(&database.url).await?;
    let person = app.signed_in(Role::Executive).await?;
    let browser = app.browser()?;
    for path in ["/review/2026-W20", "/review"] {
        let request = browser.client.get(browser.at(path));
        let page = request.header("cookie", person.cookie()).send().await?;
        assert_eq!(page.status(), StatusCode::OK);
        let page = page.text().await?;
        let (_, heading) = page.split_once("<h1>").unwrap();
        assert!(
            path == "/review" || heading.starts_with(sentence),
            "{heading}"
        );
        assert!(!page.contains("NaN") && !page.contains("inf "));
    }
    Ok(())
}

#[tokio::test]
async fn one_record_ever_is_too_few() -> Result<()> {
    let one = Work {
        durations_ms: vec![1_000],
        deployments: 0,
        ..Work::default()
    };
    assert_said(&only(one), "Can’t tell yet.").await
}

#[tokio::test]
async fn equal_durations_and_none_at_all_are_unchanged() -> Result<()> {
    for duration_ms in [0, 1, 7_200_000] {
        let company = all_of(vec![duration_ms; 20]).but(16..20, |work| work.failing = 1);
        assert_said(&company, "No change we can see.").await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_thousandth_second_and_thirty_years_stand_side_by_side() -> Result<()> {
    let company = all_of([1, 1_000_000_000_000].repeat(10)).but(16..20, |work| work.failing = 1);
    assert_said(&company, "No change we can see.").await?;
    let sped_up = company.but(16..20, |work| work.durations_ms = vec![1; 20]);
    assert_said(&sped_up, "No change we can see.").await?;
    let all_slow = all_of(vec![1_000_000_000_000; 20]);
    let sped_up = all_slow.but(16..20, |work| {
        work.durations_ms = vec![1; 20];
        work.failing = 1;
    });
    assert_said(&sped_up, "Faster, and no sloppier.").await
}

#[tokio::test]
async fn a_single_week_with_everything_has_no_baseline() -> Result<()> {
    let all = Work {
        durations_ms: vec![3_600_000; 300],
        deployments: 300,
        ..Work::default()
    };
    assert_said(&only(all), "Can’t tell yet.").await
}

#[tokio::test]
async fn without_deployments_nothing_can_be_told() -> Result<()> {
    let company = Company::of(20).but(0..20, |work| work.deployments = 0);
    assert_said(&company, "Can’t tell yet.").await
}

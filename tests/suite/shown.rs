//! What was pushed, as its readers see it: the pages, the API, its CSV.

use anyhow::{Context, Result};
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::auth::role::{Role, Scope};
use server::store::registry::Kind;
use tests::app::App;
use tests::company::{Company, log_normal};
use tests::script::{Script, at_each_engine, problem};
use tests::{deliver, read};

use crate::push::{FIGURE, RECORDS, changes, with};

pub async fn page(app: &App, path: &str) -> Result<String> {
    let person = app.signed_in(Role::Executive).await?;
    let browser = app.browser()?;
    let request = browser.client.get(browser.at(path));
    let response = request.header("cookie", person.cookie()).send().await?;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    Ok(response.text().await?)
}

#[tokio::test]
async fn the_review_the_list_and_the_api_show_the_same_figure() -> Result<()> {
    at_each_engine(async |app| {
        deliver::declare(&app.db, Kind::Service, "shop", json!({"slug": "shop"})).await;
        let script = Script::with(app, Scope::Operator).await?;
        let before = page(app, "/review/2026-W47").await?;
        assert!(!before.contains("from 123 changes"));
        script
            .push("changes", json!(changes(0..123)).to_string())
            .await?;
        let after = page(app, "/review/2026-W47").await?;
        assert!(after.contains("from 123 changes"));
        for scope in ["company", "service:shop"] {
            let of = format!("&scope={scope}");
            let told = script.json(&format!("{FIGURE}{of}")).await?;
            let figure = &told["figures"][0];
            assert_eq!(
                (&figure["value"], &figure["sample"]),
                (&json!(123.0), &json!(123))
            );
            let list = page(app, &format!("/records/changes_merged?week=2026-W47{of}")).await?;
            assert!(list.contains("<h2 id=\"counted\">123 changes"));
            let told = figure["records_url"].as_str().context("an address")?;
            assert_eq!(
                told,
                format!("/records/changes_merged?week=2026-W47{of}&segment=all")
            );
        }
        let name = read::company("changes_merged", "2026-W47");
        assert_eq!(read::figure(&app.db, name).await.value, Some(123.0));
        Ok(())
    })
    .await
}

/// Everything of a list, page by page.
pub async fn whole_list(script: &Script, first: &str) -> Result<(Vec<Value>, usize)> {
    let (mut records, mut pages, mut next) = (Vec::new(), 0, Some(first.to_owned()));
    while let Some(path) = next {
        let told = script.json(&path).await?;
        records.extend(
            told["records"]
                .as_array()
                .context("a list")?
                .iter()
                .cloned(),
        );
        next = told["next"].as_str().map(str::to_owned);
        pages += 1;
    }
    Ok((records, pages))
}

pub fn ids(records: &[Value]) -> Vec<&str> {
    records
        .iter()
        .filter_map(|record| record["id"].as_str())
        .collect()
}

#[tokio::test]
async fn the_pages_of_a_long_list_hold_every_record_once_and_its_csv_holds_the_same() -> Result<()>
{
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        script
            .push("changes", json!(changes(0..250)).to_string())
            .await?;
        let (records, pages) = whole_list(&script, RECORDS).await?;
        assert_eq!(pages, 3);
        let expected = changes(0..250);
        assert_eq!(ids(&records), ids(&expected));
        let csv = script.text(&format!("{RECORDS}&format=csv")).await?;
        let mut lines = csv.lines();
        let header: Vec<&str> = lines.next().context("a header")?.split(',').collect();
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        assert_eq!(rows.len(), records.len());
        for (row, record) in rows.iter().zip(&records) {
            for column in ["id", "kind", "title", "at", "segment"] {
                let at = header
                    .iter()
                    .position(|name| *name == column)
                    .context(column)?;
                assert_eq!(json!(row[at]), record[column], "{column}");
            }
        }
        let beyond = script.get(&format!("{RECORDS}&offset=250")).await?;
        problem(beyond, StatusCode::BAD_REQUEST, "250 records");
        let html = page(app, "/records/changes_merged?week=2026-W47&offset=200").await?;
        assert!(html.contains("Change c0249") && !html.contains("Change c0199"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn figures_as_csv_hold_what_json_holds() -> Result<()> {
    let app = App::fresh().await?;
    let script = Script::with(&app, Scope::Operator).await?;
    script
        .push("changes", json!(changes(0..20)).to_string())
        .await?;
    let path = "/api/v1/metrics/pr_cycle_time?from=2026-W46&to=2026-W48";
    let figures = script.json(path).await?;
    let csv = script.text(&format!("{path}&format=csv")).await?;
    holds(&csv, figures["figures"].as_array().context("a list")?)
}

/// Fails unless these rows are these figures, in their order.
pub fn holds(csv: &str, figures: &[Value]) -> Result<()> {
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    let header = rows.headers()?.clone();
    let rows: Vec<csv::StringRecord> = rows.records().collect::<Result<_, _>>()?;
    assert_eq!(rows.len(), figures.len());
    for (row, figure) in rows.iter().zip(figures) {
        for (column, cell) in header.iter().zip(row) {
            let pair = column.strip_suffix("_low").zip(Some(0));
            let pair = pair.or(column.strip_suffix("_high").zip(Some(1)));
            let held = pair.map_or(&figure[column], |(name, place)| &figure[name][place]);
            let said = match held {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                number => number.to_string(),
            };
            assert_eq!(cell, said, "{column}");
        }
    }
    Ok(())
}

/// Weeks that bring now more, now less, until the last brings worse, by agents in a workflow.
pub fn company() -> Company {
    let mut company = Company::of(20).but(18..20, |work| {
        work.durations_ms = log_normal(20, 4.0);
        work.failing = 12;
        work.by_agents = true;
        work.defects_in = &["production", "pre_release"];
    });
    for (week, work) in &mut company.works {
        if *week % 2 == 1 {
            work.deployments = 18;
        }
    }
    company.workflow = Some(json!({
        "slug": "checkout", "name": "Checkout", "dri": "ana@example.org", "services": ["shop"],
    }));
    company
}

#[tokio::test]
async fn what_comes_from_outside_stays_text_and_leads_nowhere_but_to_the_web() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
        let body = json!([
            with("<b>id</b>", "title", Value::Null),
            with("c1", "title", json!(hostile)),
            with("c2", "url", json!("javascript:alert(3)")),
            with("c3", "url", json!("JavaScript://host/%0aalert(4)")),
            with("c4", "url", json!("https://host/\"onmouseover=\"alert(5)")),
        ]);
        let (_, told) = script.push("changes", body.to_string()).await?;
        assert_eq!(told["accepted"], 5);
        let html = page(app, "/records/changes_merged?week=2026-W47").await?;
        assert!(html.contains("&lt;script&gt;alert(1)"));
        for never in [
            "<script>alert",
            "<img src=x",
            "<b>id",
            "href=\"javascript",
            "href=\"JavaScript",
            "\"onmouseover=",
        ] {
            assert!(!html.contains(never), "{never}");
        }
        assert!(html.contains("Change c2"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_unknown_metric_or_scope_is_not_found_and_a_bad_week_is_not_readable() -> Result<()> {
    let app = App::fresh().await?;
    let script = Script::with(&app, Scope::Read).await?;
    for kind in ["metrics", "records"] {
        for (asked, status) in [
            ("changes_merged?scope=service:nope", StatusCode::NOT_FOUND),
            ("changes_merged?scope=workflow:nope", StatusCode::NOT_FOUND),
            ("nope", StatusCode::NOT_FOUND),
            ("changes_merged?scope=nope", StatusCode::BAD_REQUEST),
            ("changes_merged?segment=nope", StatusCode::BAD_REQUEST),
            ("changes_merged?format=nope", StatusCode::BAD_REQUEST),
            (
                "changes_merged?week=2026-W99&from=2026-W99",
                StatusCode::BAD_REQUEST,
            ),
            (
                "changes_merged?week=nope&to=nope&from=2026-W01",
                StatusCode::BAD_REQUEST,
            ),
        ] {
            let told = script.get(&format!("/api/v1/{kind}/{asked}")).await?;
            problem(told, status, "");
        }
    }
    Ok(())
}

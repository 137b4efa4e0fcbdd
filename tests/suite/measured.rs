//! `/metrics`: what the server did and how its database stands, without anyone's name in it.

use anyhow::{Context, Result};
use reqwest::StatusCode;
use server::auth::role::Scope;
use server::auth::token;
use tests::app::App;

async fn secret(app: &App, scope: Scope) -> Result<String> {
    let made = token::create(&app.db, &scope.to_string(), scope, app.now()).await?;
    Ok(made.context("the name is in use")?.reveal().to_owned())
}

/// The value of the sample that begins like this.
fn value(page: &str, sample: &str) -> Option<f64> {
    let line = page.lines().find(|line| line.starts_with(sample))?;
    line.rsplit_once(' ')?.1.parse().ok()
}

#[tokio::test]
async fn requests_records_and_the_stand_of_the_database_are_counted() -> Result<()> {
    let app = App::fresh().await?;
    let browser = app.browser()?;
    let sender = secret(&app, Scope::Ingest).await?;
    let good =
        r#"{"id":"c1","service":"shop","author":{"id":"ana"},"merged_at":"2026-11-03T10:00:00Z"}"#;
    for body in [format!("[{good}, 7]"), good.to_owned()] {
        let push = browser.client.post(browser.at("/api/v1/records/changes"));
        assert!(
            push.bearer_auth(&sender)
                .body(body)
                .send()
                .await?
                .status()
                .is_success()
        );
    }
    let reader = secret(&app, Scope::Read).await?;
    let asked = || {
        browser
            .client
            .get(browser.at("/metrics"))
            .bearer_auth(&reader)
            .send()
    };
    let told = asked().await?;
    let kind = told
        .headers()
        .get("content-type")
        .context("a type")?
        .to_str()?;
    assert!(kind.starts_with("text/plain; version=0.0.4"));
    let page = told.text().await?;
    let pushed = |outcome: &str| {
        let sample =
            format!("onehop_records_pushed_total{{stream=\"changes\",outcome=\"{outcome}\"}}");
        value(&page, &sample)
    };
    assert_eq!(
        [pushed("accepted"), pushed("repeated"), pushed("refused")],
        [Some(1.0); 3]
    );
    let route = "method=\"POST\",route=\"/api/v1/records/{name}\",status=\"2xx\"";
    let requests = format!("onehop_http_request_duration_seconds_count{{{route}}}");
    assert_eq!(value(&page, &requests), Some(2.0));
    let last = "onehop_last_record_timestamp_seconds{stream=\"changes\"}";
    assert_eq!(value(&page, last), Some(app.now() as f64 / 1_000.0));
    assert!(value(&page, "onehop_database_size_bytes").is_some_and(|bytes| bytes > 0.0));
    assert!(value(&page, "onehop_figures_behind_weeks").is_some());
    assert_eq!(value(&page, "onehop_build_info"), Some(1.0));
    for line in page.lines().filter(|line| !line.starts_with('#')) {
        let number = line.rsplit_once(' ').context("a value")?.1;
        assert!(number.parse::<f64>().is_ok(), "{line}");
    }
    Ok(())
}

#[tokio::test]
async fn a_path_or_a_method_that_nobody_knows_makes_no_series_of_its_own() -> Result<()> {
    let app = App::fresh().await?;
    let browser = app.browser()?;
    browser.get("/planted-path").await?;
    let odd = reqwest::Method::from_bytes(b"PLANTED")?;
    browser
        .client
        .request(odd, browser.at("/review?token=planted-query"))
        .send()
        .await?;
    let reader = secret(&app, Scope::Read).await?;
    let request = browser.client.get(browser.at("/metrics"));
    let page = request.bearer_auth(reader).send().await?.text().await?;
    assert!(!page.to_lowercase().contains("planted"), "{page}");
    assert!(page.contains("route=\"(no route)\""), "{page}");
    Ok(())
}

#[tokio::test]
async fn whoever_sends_no_token_is_told_so_as_a_script_is() -> Result<()> {
    let app = App::fresh().await?;
    let told = app.browser()?.get("/metrics").await?;
    assert_eq!(told.status(), StatusCode::UNAUTHORIZED);
    Ok(())
}

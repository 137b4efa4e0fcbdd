//! The review as it leaves: the same bytes from the API and the command line, and one file to keep.

use anyhow::Result;
use reqwest::StatusCode;
use server::auth::role::Scope;
use tests::app::App;
use tests::command;
use tests::company::week;
use tests::database::Database;
use tests::script::{Script, problem};

use crate::shown::company;

/// The instant of [`tests::app::NOW_MS`].
const AS_OF: [&str; 2] = ["--as-of", "2026-11-23T08:00:00Z"];

fn export(database: &Database, arguments: &[&str]) -> String {
    let whole = [&["export", "review"], arguments, &AS_OF].concat();
    command::run(&database.url, &whole)
}

#[tokio::test]
async fn the_api_and_the_command_line_write_the_same_bytes() -> Result<()> {
    for database in Database::on_each_engine().await {
        let app = App::start(&database.url).await?;
        company().feed(&app.db).await;
        let script = Script::with(&app, Scope::Read).await?;
        let shown = week(19).to_string();
        for format in ["json", "csv"] {
            for (week, scope) in [(shown.as_str(), "workflow:checkout"), ("latest", "company")] {
                let path = format!("/api/v1/review/{week}?scope={scope}&format={format}");
                let told = script.text(&path).await?;
                let own = ["--week", week, "--scope", scope, "--format", format];
                assert_eq!(export(&database, &own), told, "{path}");
                assert!(told.lines().count() > 0 && told.ends_with('\n'));
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_latest_review_is_of_the_latest_complete_week_and_none_is_of_a_later_one() -> Result<()>
{
    let app = App::fresh().await?;
    let script = Script::with(&app, Scope::Read).await?;
    let latest = script.json("/api/v1/review/latest").await?;
    assert_eq!(latest["week"], "2026-W47");
    assert_eq!(script.json("/api/v1/review/2026-W47").await?, latest);
    for (asked, status) in [
        ("2026-W48", StatusCode::BAD_REQUEST),
        ("yesterday", StatusCode::BAD_REQUEST),
        ("latest?format=html", StatusCode::BAD_REQUEST),
        ("latest?scope=workflow:nope", StatusCode::NOT_FOUND),
    ] {
        let told = script.get(&format!("/api/v1/review/{asked}")).await?;
        problem(told, status, "");
    }
    Ok(())
}

#[tokio::test]
async fn who_may_explain_an_exception_does_not_leave_with_the_review() -> Result<()> {
    let database = Database::sqlite();
    let app = App::start(&database.url).await?;
    company().feed(&app.db).await;
    let shown = week(19).to_string();
    let json = export(&database, &["--week", &shown]);
    assert!(json.contains("\"since\":"), "{json}");
    assert!(!json.contains("explainers") && !json.contains("ana@example.org\"]"));
    Ok(())
}

#[tokio::test]
async fn the_file_holds_the_page_and_needs_no_server() -> Result<()> {
    let database = Database::sqlite();
    let app = App::start(&database.url).await?;
    company().feed(&app.db).await;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("review.html").display().to_string();
    let shown = week(19).to_string();
    let asked = ["--public-url", "https://hop.example.org", "--week", &shown];
    let to_file = [&asked[..], &["--format", "html", "--output", &file]].concat();
    assert_eq!(export(&database, &to_file), "");
    let html = std::fs::read_to_string(&file)?;
    let answered = export(&database, &[&asked[..], &["--format", "html"]].concat());
    assert_eq!(html, answered);
    for never in [
        "<script", "<form", "<link", "<leptos", "url(", "src=", "href=\"/", "csrf",
    ] {
        assert!(!html.contains(never), "{never}");
    }
    let address = format!("https://hop.example.org/review/{shown}");
    assert!(html.contains(&format!("{address}</p>")), "{address}");
    assert!(html.contains("href=\"https://hop.example.org/records/change_fail_rate?"));
    assert!(html.contains("@layer tokens") && html.contains("@media print"));
    Ok(())
}

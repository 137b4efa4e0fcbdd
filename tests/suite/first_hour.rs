//! The first hour: what leads to the first figure where nothing is, and out of a generated company.

use anyhow::Result;
use serde_json::json;
use server::auth::role::Role;
use server::ingest::StreamName::Changes;
use server::store::registry::Kind;
use tests::app::App;
use tests::database::Database;
use tests::{command, deliver};

async fn page(app: &App, path: &str, role: Role) -> Result<String> {
    let person = app.signed_in(role).await?;
    let browser = app.browser()?;
    let request = browser.client.get(browser.at(path));
    let response = request.header("cookie", person.cookie()).send().await?;
    Ok(response.text().await?)
}

#[tokio::test]
async fn an_empty_install_leads_to_the_first_figure_and_shows_nothing_else() -> Result<()> {
    let app = App::fresh().await?;
    for role in [Role::Operator, Role::Executive] {
        let review = page(&app, "/review", role).await?;
        for said in [
            "No record has come yet.",
            "slug = \"shop\"",
            "onehop apply company.toml",
            "onehop import git ../shop --service shop",
            "onehop token create forge --scope ingest",
            "once 16 weeks hold some",
        ] {
            let escaped = said.replace('"', "&quot;");
            let is_said = review.contains(said) || review.contains(&escaped);
            assert!(is_said, "{said}: {review}");
        }
        assert!(!review.contains("No value") && !review.contains("Needs attention"));
        let adds = review.contains("href=\"/workflows/new\"");
        assert_eq!(adds, role == Role::Operator);
    }
    let sources = page(&app, "/sources", Role::Executive).await?;
    assert!(sources.contains("Nothing is connected yet."));
    assert!(sources.contains("leads to the first figure"));
    Ok(())
}

#[tokio::test]
async fn what_is_declared_is_no_step_any_more_and_the_first_record_brings_the_figures() -> Result<()>
{
    let app = App::fresh().await?;
    deliver::declare(&app.db, Kind::Service, "till", json!({"slug": "till"})).await;
    let buying = json!({"slug": "buying", "name": "Buying", "services": ["till"]});
    deliver::declare(&app.db, Kind::Workflow, "buying", buying).await;
    let review = page(&app, "/review", Role::Operator).await?;
    for said in [
        "Declared: till.",
        "Added: Buying.",
        "../till --service till",
    ] {
        assert!(review.contains(said), "{said}");
    }
    assert!(!review.contains("company.toml") && !review.contains("/workflows/new"));
    let change = json!({"id": "c1", "service": "till", "author": {"id": "ana"}, "merged_at": "2026-11-17T12:00:00Z"});
    deliver::good(&app.db, Changes, &[change]).await;
    let review = page(&app, "/review", Role::Operator).await?;
    assert!(review.contains("Needs attention") && !review.contains("first figure"));
    let sources = page(&app, "/sources", Role::Operator).await?;
    assert!(!sources.contains("leads to the first figure"));
    Ok(())
}

#[tokio::test]
async fn a_generated_company_leads_to_its_sentence_its_records_and_ones_own() -> Result<()> {
    let database = Database::sqlite();
    let generate = ["demo", "--size", "small", "--no-serve", "--weeks", "3"];
    command::run(&database.url, &generate);
    let app = App::start(&database.url).await?;
    let review = page(&app, "/review/2026-W46", Role::Executive).await?;
    for link in [
        "/definitions/answer?week=2026-W46",
        "/records/change_lead_time?week=2026-W46",
    ] {
        assert!(review.contains(&format!("href=\"{link}\"")), "{link}");
        let led = page(&app, link, Role::Executive).await?;
        assert!(led.contains("<h1"), "{link}");
    }
    assert!(review.contains("href=\"#own\"") && review.contains("id=\"own\""));
    assert!(review.contains("import git PATH --service SLUG"));
    assert!(!review.contains("How this is reached"));
    Ok(())
}

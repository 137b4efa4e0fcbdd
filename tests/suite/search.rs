//! Finding: what is typed or pasted leads where it should, and the page and the data say the same.

use anyhow::Result;
use app::backend::{Backend, Reader, Role as Reads};
use app::view::search::{PlaceKind, Search};
use reqwest::StatusCode;
use serde_json::json;
use server::auth::role::Role;
use server::ingest::StreamName::{Changes, Incidents};
use server::store::Db;
use server::store::registry::Kind;
use server::views::Pages;
use std::sync::Arc;
use tests::app::App;
use tests::database::on_each_engine;
use tests::deliver;

const PULL: &str = "https://forge.example/shop/pull/7";

async fn company(db: &Db) {
    let workflow = json!({
        "slug": "till", "name": "Checkout delivery", "services": ["shop"], "dri": "mira@example.org",
    });
    deliver::declare(db, Kind::Workflow, "till", workflow).await;
    let service = json!({"slug": "shop", "name": "Web shop"});
    deliver::declare(db, Kind::Service, "shop", service).await;
    let merged = json!({
        "id": "c7", "service": "shop", "title": "Round the totals", "url": PULL,
        "author": {"id": "ana"}, "merged_at": "2026-11-16T12:00:00Z",
    });
    deliver::records_at(db, Changes, &[merged], deliver::RECEIVED_AT_MS).await;
    let incident = json!({
        "id": "INC-3", "service": "shop", "title": "Till stood still",
        "started_at": "2026-11-16T12:00:00Z", "url": "https://pager.example/incidents/3",
    });
    deliver::records_at(db, Incidents, &[incident], deliver::RECEIVED_AT_MS).await;
}

async fn search(db: &Db, typed: &str) -> Search {
    let reader = Reader {
        email: "ana@example.org".to_owned(),
        role: Reads::Executive,
    };
    let pages = Pages::new(db.clone(), Arc::new(|| deliver::RECEIVED_AT_MS));
    pages.search(typed, &reader).await.unwrap()
}

async fn first(db: &Db, typed: &str) -> Option<(PlaceKind, String, String)> {
    let found = search(db, typed).await.places.into_iter().next();
    found.map(|place| (place.kind, place.name, place.url))
}

#[tokio::test]
async fn a_pasted_link_leads_to_the_record_that_came_from_it() {
    on_each_engine(async |db| {
        company(&db).await;
        let change = Some((
            PlaceKind::Record,
            "Round the totals".to_owned(),
            "/receipts/change/c7".to_owned(),
        ));
        for link in [PULL, &format!(" {PULL}/files?w=1#r2 "), "c7"] {
            assert_eq!(first(&db, link).await, change, "{link}");
        }
        let incident = first(&db, "https://pager.example/incidents/3").await;
        assert_eq!(incident.unwrap().2, "/receipts/incident/INC-3");
        let elsewhere = "https://forge.example/shop/pull/70";
        assert_eq!(search(&db, elsewhere).await.places, []);
    })
    .await;
}

#[tokio::test]
async fn names_of_workflows_their_dris_services_metrics_weeks_and_pages_are_found() {
    on_each_engine(async |db| {
        company(&db).await;
        for (typed, url) in [
            ("checkout", "/workflows/till"),
            ("till", "/workflows/till"),
            ("Mira", "/workflows/till"),
            ("web sh", "/review?scope=service:shop"),
            ("lead time", "/records/change_lead_time"),
            ("2026-W20", "/review/2026-W20"),
            ("sour", "/sources"),
            ("", "/review"),
        ] {
            assert_eq!(first(&db, typed).await.unwrap().2, url, "{typed}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_page_shows_what_the_data_says_and_what_was_typed_stays_text() -> Result<()> {
    let app = App::fresh().await?;
    company(&app.db).await;
    let browser = app.browser()?;
    let person = app.signed_in(Role::Executive).await?;
    let get = |path: &str| {
        let asked = browser.client.get(browser.at(path));
        asked.header("cookie", person.cookie())
    };
    let page = get("/search?q=till").send().await?.text().await?;
    let found: Search = get("/api/v1/search?q=till").send().await?.json().await?;
    assert!(!found.places.is_empty());
    for place in found.places {
        assert!(
            page.contains(&format!("<a href=\"{}\">", place.url)),
            "{page}"
        );
    }
    let page = get("/search?q=%22%3E%3Cscript%3Ex")
        .send()
        .await?
        .text()
        .await?;
    assert!(!page.contains("<script>x"), "{page}");
    let long = get(&format!("/search?q={}", "x".repeat(3000)))
        .send()
        .await?;
    assert_eq!(long.status(), StatusCode::BAD_REQUEST);
    Ok(())
}

#[tokio::test]
async fn single_keys_stay_off_once_they_are_switched_off() -> Result<()> {
    let app = App::fresh().await?;
    let browser = app.browser()?;
    let person = app.signed_in(Role::Executive).await?;
    let form = [("csrf", person.csrf()), ("single_keys", "off".to_owned())];
    let asked = browser.client.post(browser.at("/keys")).form(&form);
    let answer = asked.header("cookie", person.cookie()).send().await?;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let cookies = format!("{}; onehop_single_keys=off", person.cookie());
    let set = answer.headers()["set-cookie"].to_str()?.to_owned();
    assert!(set.starts_with("onehop_single_keys=off;"), "{set}");
    let page = browser
        .client
        .get(browser.at("/keys"))
        .header("cookie", cookies);
    let page = page.send().await?.text().await?;
    assert!(
        page.contains("Single keys are off in this browser."),
        "{page}"
    );
    Ok(())
}

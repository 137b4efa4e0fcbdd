//! A figure's weeks as a picture: what it shows, against the page of the same figure.

use anyhow::{Context, Result};
use chrono::{DateTime, TimeDelta};
use reqwest::{Response, StatusCode};
use serde_json::json;
use server::auth::role::Role;
use server::cli::apply::{Document, apply};
use server::ingest::StreamName;
use server::picture::SIZE;
use tests::app::{App, NOW_MS, location};
use tests::deliver;
use tests::script::at_each_engine;

const QUERY: &str = "?week=2026-W47&scope=workflow:checkout";

const REGISTRY: &str = r#"
    [company]
    name = "Acme"
    [[service]]
    slug = "shop"
    [[workflow]]
    slug = "checkout"
    name = "Checkout <b>& 'more'"
    services = ["shop"]
"#;

/// Two dozen weeks of changes: none in the sixth, three in the seventh, and large ones in the last.
async fn company(app: &App) -> Result<()> {
    apply(&app.db, Document::parse(REGISTRY)?, NOW_MS, &|_, _, _| {}).await?;
    let mut changes = Vec::new();
    for week in 0..24_i64 {
        let count = match week {
            5 => 0,
            6 => 3,
            _ => 6,
        };
        for number in 0..count {
            let merged = DateTime::from_timestamp_millis(NOW_MS).unwrap_or_default()
                - TimeDelta::weeks(24 - week)
                + TimeDelta::hours(30 + number);
            let lines = if week < 23 { 10 + week % 3 } else { 400 };
            changes.push(json!({
                "id": format!("c{week}-{number}"), "service": "shop", "title": "Work",
                "author": { "id": "ana", "kind": "person" }, "commits": [],
                "merged_at": merged.to_rfc3339(), "additions": lines, "deletions": 0,
            }));
        }
    }
    deliver::good(&app.db, StreamName::Changes, &changes).await;
    Ok(())
}

async fn read(app: &App, path: &str) -> Result<Response> {
    let person = app.signed_in(Role::Executive).await?;
    let browser = app.browser()?;
    let request = browser.client.get(browser.at(path));
    Ok(request.header("cookie", person.cookie()).send().await?)
}

async fn text(app: &App, path: &str) -> Result<String> {
    let response = read(app, path).await?;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    Ok(response.text().await?)
}

/// Places of all elements that hold this text, in parts of the way from the first to the last in width
/// and to the highest value in height.
fn places(markup: &str, element: &str, [x, y]: [&str; 2]) -> Vec<[f64; 2]> {
    let number = |tag: &str, name: &str| {
        let (_, rest) = tag.split_once(&format!(" {name}=\"")).unwrap();
        let (number, _) = rest.split_once('"').unwrap();
        number.trim_end_matches('%').parse::<f64>().unwrap()
    };
    let tags = markup.split('<').filter(|tag| tag.contains(element));
    let places: Vec<[f64; 2]> = tags.map(|tag| [number(tag, x), number(tag, y)]).collect();
    let [left, bottom] = places[0];
    let right = places[places.len() - 1][0];
    let top = places.iter().map(|place| place[1]).fold(bottom, f64::min);
    let relative = |[x, y]: [f64; 2]| [(x - left) / (right - left), (bottom - y) / (bottom - top)];
    places.into_iter().map(relative).collect()
}

#[tokio::test]
async fn a_picture_shows_the_weeks_the_value_and_the_word_of_its_page() -> Result<()> {
    at_each_engine(async |app| {
        company(app).await?;
        let page = text(app, &format!("/records/change_size{QUERY}")).await?;
        let picture = format!("/records/change_size/chart.svg{QUERY}");
        assert!(page.contains(&format!("href=\"{}&amp;segment=all\"", picture.replace('&', "&amp;"))));
        let picture = text(app, &picture).await?;
        let shown = places(&page, "class=\"dot", ["cx", "cy"]);
        let drawn = places(&picture, "r=\"6\" opacity=\"1\" fill=\"#", ["cx", "cy"]);
        assert_eq!(shown.len(), 23, "of 26 weeks two come before the first, and one is missing");
        assert_eq!(drawn.len(), 23);
        for (shown, drawn) in shown.iter().zip(&drawn) {
            let [x, y] = [shown[0] - drawn[0], shown[1] - drawn[1]];
            assert!(x.abs() < 0.01 && y.abs() < 0.01, "{shown:?} {drawn:?}");
        }
        assert_eq!(page.matches("dot hollow").count(), 1);
        assert_eq!(picture.matches("r=\"6\" opacity=\"1\" fill=\"none\"").count(), 1);
        assert_eq!(page.matches("class=\"ring\"").count(), 1);
        assert_eq!(picture.matches("r=\"12\"").count(), 1);
        assert!(page.contains(">400<") && page.contains("</svg>up</span>"));
        for said in [
            "Change size, lines, Checkout &lt;b&gt;&amp; 'more': 400, up</title>",
            "Week 47 · 16–22 Nov 2026 · 6 changes ·",
            "· outside its limits\n",
            "last data Wed 18 Nov 2026, 11:06 UTC",
            &format!("{}/records/change_size?week=2026-W47&amp;scope=workflow:checkout&amp;segment=all\n", app.url),
        ] {
            assert!(picture.contains(said), "{said}");
        }
        assert!(!picture.contains("<b>"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn where_there_is_nothing_to_draw_a_picture_says_why() -> Result<()> {
    let app = App::fresh().await?;
    company(&app).await?;
    let picture = text(&app, &format!("/records/change_fail_rate/chart.svg{QUERY}")).await?;
    assert!(picture.contains(": no value</title>"));
    assert!(picture.contains("There is nothing to draw in these 26 weeks: no deployments yet"));
    assert!(!picture.contains("<circle"));
    Ok(())
}

#[tokio::test]
async fn a_bitmap_has_its_type_its_size_and_a_name_to_be_kept_under() -> Result<()> {
    let app = App::fresh().await?;
    company(&app).await?;
    let path = format!("/records/change_size/chart.png{QUERY}&segment=unmarked");
    let response = read(&app, &path).await?;
    assert_eq!(response.status(), StatusCode::OK);
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .context("a header")?
            .to_str()
            .context("text")
    };
    assert_eq!(header("content-type")?, "image/png");
    let name = "inline; filename=\"change_size-workflow-checkout-unmarked-2026-W47.png\"";
    assert_eq!(header("content-disposition")?, name);
    let bytes = response.bytes().await?;
    assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
    let size = |at: usize| {
        bytes[at..at + 4]
            .iter()
            .fold(0, |sum, byte| sum * 256 + u32::from(*byte))
    };
    assert_eq!((size(16), size(20)), SIZE);
    Ok(())
}

#[tokio::test]
async fn a_picture_of_nothing_is_not_found_and_whoever_is_not_in_is_led_to_the_door() -> Result<()>
{
    let app = App::fresh().await?;
    for format in ["svg", "png"] {
        let unknown = read(&app, &format!("/records/lines_of_code/chart.{format}")).await?;
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
        let foreign = read(&app, &format!("/records/change_size/chart.{format}{QUERY}")).await?;
        assert_eq!(foreign.status(), StatusCode::NOT_FOUND, "no such workflow");
        let path = format!("/records/change_size/chart.{format}");
        let led = app.browser()?.get(&path).await?;
        assert_eq!(
            location(&led),
            Some(format!("/sign-in?next={path}").as_str())
        );
    }
    Ok(())
}

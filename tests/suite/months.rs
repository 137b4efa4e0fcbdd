//! Six weeks beside twelve months, against months computed by hand.

use anyhow::{Context, Result};
use reqwest::StatusCode;
use serde_json::json;
use server::auth::role::Role;
use server::cli::apply::{Document, apply};
use server::ingest::StreamName;
use tests::app::{App, NOW_MS};
use tests::deliver;
use tests::script::at_each_engine;

const REGISTRY: &str = r#"
    [company]
    name = "Acme"
    [[service]]
    slug = "shop"
    delivery = "merge"
    [[workflow]]
    slug = "checkout"
    services = ["shop"]
    [[agent]]
    id = "bot"
    workflow = "checkout"
    identities = ["bot"]
"#;

/// The changes of October 2026, whose weeks run from Monday 28 September to Sunday 1 November: when they
/// were merged, by whom, and their lines. In its fourth week there is none.
const OCTOBER: [(&str, &str, &[u32]); 4] = [
    ("2026-09-28T09:00:00Z", "bot", &[10, 10, 10]),
    ("2026-10-08T09:00:00Z", "bot", &[10]),
    ("2026-10-14T09:00:00Z", "ana", &[100, 100, 100, 100, 100]),
    ("2026-11-01T09:00:00Z", "bot", &[20]),
];

async fn company(app: &App) -> Result<()> {
    apply(&app.db, Document::parse(REGISTRY)?, NOW_MS, &|_, _, _| {}).await?;
    let november: (&str, &str, &[u32]) = ("2026-11-02T09:00:00Z", "ana", &[900]);
    let mut changes = Vec::new();
    for (merged_at, author, sizes) in OCTOBER.into_iter().chain([november]) {
        for (number, lines) in sizes.iter().enumerate() {
            changes.push(json!({
                "id": format!("{merged_at}-{number}"), "service": "shop", "title": "Work",
                "author": { "id": author }, "merged_at": merged_at, "additions": lines, "deletions": 0,
                "commits": [{ "sha": format!("{merged_at}{number}"), "authored_at": merged_at, "author": { "id": author } }],
            }));
        }
    }
    deliver::good(&app.db, StreamName::Changes, &changes).await;
    Ok(())
}

async fn read(app: &App, path: &str) -> Result<(StatusCode, String)> {
    let person = app.signed_in(Role::Executive).await?;
    let browser = app.browser()?;
    let request = browser.client.get(browser.at(path));
    let page = request.header("cookie", person.cookie()).send().await?;
    Ok((page.status(), page.text().await?))
}

/// A metric's part of the page.
fn measure<'a>(page: &'a str, metric: &str) -> Result<&'a str> {
    let (_, rest) = page
        .split_once(&format!("id=\"{metric}\""))
        .context("a measure")?;
    Ok(rest.split_once("</article>").context("its end")?.0)
}

/// Value and records of a row.
fn row(measure: &str, name: &str) -> Result<[String; 2]> {
    let (_, rest) = measure
        .split_once(&format!("<th scope=\"row\">{name}"))
        .context("a row")?;
    let mut cells = rest.split("<td").skip(1).map(|cell| {
        let (_, said) = cell.split_once('>').unwrap_or_default();
        said.split('<')
            .next()
            .unwrap_or_default()
            .replace('\u{202f}', " ")
    });
    Ok([
        cells.next().context("a value")?,
        cells.next().context("records")?,
    ])
}

#[tokio::test]
async fn a_month_is_pooled_from_the_weeks_whose_thursday_lies_in_it() -> Result<()> {
    at_each_engine(async |app| {
        company(app).await?;
        let (status, page) = read(app, "/workflows/checkout?week=2026-W47&view=6-12").await?;
        assert_eq!(status, StatusCode::OK);
        for (metric, october, made_of) in [
            // Of the four weekly medians 10, 10, 100 and 20 neither median nor mean is 60.
            ("change_size", ["60", "10"], "the median of all its records"),
            (
                "changes_merged",
                ["2 a week", "10"],
                "the mean of its weeks",
            ),
            // The weekly shares are all, all, none and all; what the first known deployment holds
            // is not counted.
            (
                "agent_share",
                ["44 %", "9"],
                "that of all its records together",
            ),
        ] {
            let own = measure(&page, metric)?;
            assert_eq!(row(own, "October 2026 · 5 weeks")?, october, "{metric}");
            assert_eq!(
                row(own, "September 2026 · 4 weeks")?,
                ["– no value", "–"],
                "{metric}"
            );
            assert!(own.contains(made_of), "{metric}");
            assert!(
                own.contains(">12 months<") && own.contains(">6 weeks<"),
                "{metric}"
            );
            assert_eq!(
                own.matches("<th scope=\"row\">").count(),
                12 + 6,
                "{metric}"
            );
            assert!(
                own.contains("November 2025") && own.contains("Week 42 · "),
                "{metric}"
            );
            assert!(!own.contains("November 2026"), "it has not ended");
            assert!(
                !own.contains("class=\"ring\"") && !own.contains("Week 41 · "),
                "{metric}"
            );
        }
        // A week later November has ended.
        app.pass_ms(7 * 86_400_000);
        let (_, page) = read(app, "/workflows/checkout?week=2026-W48&view=6-12").await?;
        let november = row(measure(&page, "changes_merged")?, "November 2026 · 4 weeks")?;
        assert_eq!(november, ["0.25 a week", "1"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_way_there_and_back_is_a_link_and_another_view_is_not_readable() -> Result<()> {
    let app = App::fresh().await?;
    company(&app).await?;
    let (_, weeks) = read(&app, "/workflows/checkout?week=2026-W47").await?;
    assert!(weeks.contains("href=\"/workflows/checkout?week=2026-W47&amp;view=6-12\""));
    assert!(!weeks.contains("12 months"));
    let (_, months) = read(&app, "/workflows/checkout?week=2026-W47&view=6-12").await?;
    assert!(months.contains("href=\"/workflows/checkout?week=2026-W47\""));
    assert!(months.contains("href=\"/workflows/checkout?week=2026-W46&amp;view=6-12\""));
    let (status, _) = read(&app, "/workflows/checkout?view=12-6").await?;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    Ok(())
}

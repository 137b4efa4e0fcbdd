//! The items of a workflow's week: its first records in the asked order, and its newest failures.

use anyhow::{Context, Result};
use reqwest::StatusCode;
use serde_json::Value;
use server::auth::role::{Role, Scope};
use tests::company::week;
use tests::script::{Script, at_each_engine};

use crate::shown::{company, page, whole_list};

/// What stands first in each row of a section.
fn rows<'a>(html: &'a str, (section, cell): (&str, &str)) -> Vec<&'a str> {
    let of = html.split(section).nth(1).unwrap_or_default();
    let of = of.split("</table>").next().unwrap_or_default();
    let cells = of.split(cell).skip(1);
    // What stands first may lead somewhere.
    let linked = |rest: &'a str| match rest.trim_start().strip_prefix("<a ") {
        Some(link) => link.split_once('>').map_or("", |(_, text)| text),
        None => rest,
    };
    cells
        .filter_map(|rest| linked(rest).split('<').next())
        .map(str::trim)
        .collect()
}

fn told(records: &[Value], field: &str) -> Vec<String> {
    let told = records.iter().filter_map(|record| record[field].as_str());
    told.map(str::to_owned).collect()
}

#[tokio::test]
async fn a_workflow_shows_the_first_records_of_its_week_in_the_asked_order_and_leads_to_all()
-> Result<()> {
    at_each_engine(async |app| {
        company().feed(&app.db).await;
        let script = Script::with(app, Scope::Read).await?;
        let shown = week(19);
        let all =
            format!("/records/change_lead_time?week={shown}&scope=workflow:checkout&segment=all");
        for sort in ["", "&sort=-value", "&sort=value", "&sort=-at"] {
            let of = format!("/workflows/checkout?week={shown}&weeks=52");
            let html = page(app, &format!("{of}{sort}")).await?;
            let html = html.replace("&amp;", "&");
            let (records, _) = whole_list(&script, &format!("/api/v1{all}{sort}")).await?;
            assert_eq!(records.len(), 20);
            let first = rows(&html, ("id=\"records\"", "<th scope=\"row\">"));
            assert_eq!(first, told(&records[..10], "id"), "{sort}");
            assert!(html.contains(&format!("href=\"{all}{sort}\">All 20 changes")));
            assert!(html.contains(&format!("href=\"/api/v1{all}{sort}&format=csv\"")));
            let other = if sort == "&sort=-value" {
                "value"
            } else {
                "-value"
            };
            assert!(
                html.contains(&format!("href=\"{of}&sort={other}#records\"")),
                "{sort}"
            );
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_order_that_a_workflows_records_do_not_have_is_refused() -> Result<()> {
    at_each_engine(async |app| {
        company().feed(&app.db).await;
        let person = app.signed_in(Role::Executive).await?;
        let browser = app.browser()?;
        let request = browser
            .client
            .get(browser.at("/workflows/checkout?sort=author"));
        let response = request.header("cookie", person.cookie()).send().await?;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        assert!(response.text().await?.contains("at, title, value, segment"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_workflow_shows_its_newest_failures_and_counts_those_of_four_weeks() -> Result<()> {
    at_each_engine(async |app| {
        company().feed(&app.db).await;
        let script = Script::with(app, Scope::Read).await?;
        let mut failed = Vec::new();
        for number in [19, 18, 17, 16] {
            let list = "/api/v1/records/change_fail_rate?scope=workflow:checkout";
            let (mut records, _) =
                whole_list(&script, &format!("{list}&week={}", week(number))).await?;
            records.retain(|record| record["value"] == 1.0);
            records.reverse();
            failed.extend(records);
        }
        assert_eq!(failed.len(), 28);
        let html = page(app, &format!("/workflows/checkout?week={}", week(19))).await?;
        let of = html
            .split("class=\"list failures\"")
            .nth(1)
            .context("a table")?;
        let of = of.split("</table>").next().context("its end")?;
        let titles = told(&failed[..10], "title");
        let mut rest = of;
        for title in &titles {
            rest = rest.split_once(title.as_str()).context(title.clone())?.1;
        }
        assert_eq!(of.matches("class=\"when\"").count(), 10);
        assert!(html.contains("And 18 more in these four weeks"));
        Ok(())
    })
    .await
}

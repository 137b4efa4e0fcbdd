//! The lists of records in the order that was asked for: pages, JSON and CSV alike.

use anyhow::{Context, Result};
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::auth::role::{Role, Scope};
use tests::app::App;
use tests::script::{Script, at_each_engine, problem};

use crate::push::with;
use crate::shown::{ids, page, whole_list};

const LIST: &str = "/api/v1/records/change_size?week=2026-W47&scope=service:shop&segment=unmarked";
const PAGE: &str = "/records/change_size?week=2026-W47&scope=service:shop&segment=unmarked";

/// More than a page of changes at three instants: sizes that repeat, some without a title, some
/// without a size.
fn changes() -> Vec<Value> {
    let change = |number: usize| {
        let id = format!("c{number:04}");
        let mut change = with(&id, "additions", json!(number * 37 % 65));
        change["deletions"] = json!(0);
        change["merged_at"] = json!(format!("2026-11-17T12:0{}:00Z", number % 3));
        if number % 10 == 3 {
            change["title"] = Value::Null;
        } else {
            change["title"] = json!(format!("{} {id}", ["zinc", "Amber"][number % 2]));
        }
        if number % 40 == 7 {
            change["additions"] = Value::Null;
        }
        change
    };
    (0..130).map(change).collect()
}

/// The list as it is without an order, put into this one: what is alike stays, what is missing is last.
fn in_order(usual: &[Value], field: &str, descending: bool) -> Vec<Value> {
    let key = |record: &Value| match &record[field] {
        Value::Number(number) => Some((number.as_f64().unwrap_or_default() as i64, String::new())),
        Value::String(text) => Some((0, text.to_lowercase())),
        _ => None,
    };
    let (mut known, missing): (Vec<Value>, Vec<Value>) = usual
        .iter()
        .cloned()
        .partition(|record| key(record).is_some());
    known.sort_by(|one, other| match descending {
        true => key(other).cmp(&key(one)),
        false => key(one).cmp(&key(other)),
    });
    known.into_iter().chain(missing).collect()
}

/// The ids of the records in a page, by their titles.
fn ids_of_page(html: &str) -> Vec<String> {
    let table = html.split("id=\"records\"").nth(1).unwrap_or_default();
    let table = table.split("</table>").next().unwrap_or_default();
    let rows = table.split("<th scope=\"row\">").skip(1);
    // The title leads to the receipt.
    let linked = |row: &str| row.split_once('>').map_or("", |(_, text)| text).to_owned();
    let title = |row: &str| {
        linked(row)
            .split('<')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    rows.map(title)
        .map(|title| title.rsplit(' ').next().unwrap_or_default().to_owned())
        .collect()
}

async fn fed(app: &App) -> Result<Script> {
    let script = Script::with(app, Scope::Operator).await?;
    tests::deliver::declare(
        &app.db,
        server::store::registry::Kind::Service,
        "shop",
        json!({"slug": "shop"}),
    )
    .await;
    let (_, told) = script.push("changes", json!(changes()).to_string()).await?;
    assert_eq!(told["accepted"], 130);
    Ok(script)
}

#[tokio::test]
async fn a_list_is_in_the_asked_order_on_all_its_pages_in_json_and_in_csv() -> Result<()> {
    at_each_engine(async |app| {
        let script = fed(app).await?;
        let (usual, _) = whole_list(&script, LIST).await?;
        assert_eq!(usual.len(), 126);
        for (sort, field, descending) in [
            ("value", "value", false),
            ("-value", "value", true),
            ("title", "title", false),
            ("-title", "title", true),
            ("at", "at", false),
            ("-at", "at", true),
            ("-segment", "segment", true),
        ] {
            let expected = in_order(&usual, field, descending);
            let expected = ids(&expected);
            let asked = format!("{LIST}&sort={sort}");
            let (listed, pages) = whole_list(&script, &asked).await?;
            assert_eq!((ids(&listed), pages), (expected.clone(), 2), "{sort}");
            let csv = script.text(&format!("{asked}&format=csv")).await?;
            let rows = csv.lines().skip(1);
            let rows: Vec<&str> = rows.filter_map(|row| row.split(',').next()).collect();
            assert_eq!(rows, expected, "{sort}");
            for (offset, part) in [(0, &expected[..100]), (100, &expected[100..])] {
                let html = page(app, &format!("{PAGE}&sort={sort}&offset={offset}")).await?;
                assert_eq!(ids_of_page(&html), part, "{sort}");
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_leads_on_from_a_sorted_list_keeps_its_order_its_week_its_scope_and_its_segment()
-> Result<()> {
    at_each_engine(async |app| {
        fed(app).await?;
        let html = page(app, &format!("{PAGE}&sort=-value")).await?;
        let html = html.replace("&amp;", "&");
        assert_eq!(html.matches("aria-sort=").count(), 1);
        assert!(html.contains("aria-sort=\"descending\""));
        for leads_on in [
            format!("{PAGE}&sort=value#records"),
            format!("{PAGE}&sort=title#records"),
            format!("{PAGE}#records"),
            format!("{PAGE}&sort=-value&offset=100"),
            format!("/api/v1{PAGE}&sort=-value&format=csv"),
            format!("/api/v1{PAGE}&sort=-value&format=json"),
            format!("{}&sort=-value", PAGE.replace("=unmarked", "=agent")),
        ] {
            assert!(html.contains(&format!("href=\"{leads_on}\"")), "{leads_on}");
        }
        let second = page(app, &format!("{PAGE}&sort=-value&offset=100")).await?;
        let second = second.replace("&amp;", "&");
        assert!(second.contains(&format!("href=\"{PAGE}&sort=-value\"")));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_left_out_stays_in_its_own_place_and_order() -> Result<()> {
    at_each_engine(async |app| {
        let script = fed(app).await?;
        let told = script.json(&format!("{LIST}&sort=-title")).await?;
        let left_out = told["left_out"].as_array().context("a list")?;
        assert_eq!(ids(left_out), ["c0087", "c0007", "c0127", "c0047"]);
        let html = page(app, &format!("{PAGE}&sort=-title")).await?;
        let apart = html.split("id=\"left-out\"").nth(1).context("a section")?;
        assert!(apart.find("c0087") < apart.find("c0007"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_unknown_order_is_refused_with_the_names_of_those_there_are() -> Result<()> {
    let app = App::fresh().await?;
    let script = Script::with(&app, Scope::Read).await?;
    let named = "at, title, value, segment";
    for sort in ["author", "--value", "VALUE", ""] {
        let path = format!("/api/v1/records/change_size?sort={sort}");
        problem(script.get(&path).await?, StatusCode::BAD_REQUEST, named);
    }
    let person = app.signed_in(Role::Executive).await?;
    let browser = app.browser()?;
    let path = "/records/change_size?sort=author";
    let request = browser.client.get(browser.at(path));
    let response = request.header("cookie", person.cookie()).send().await?;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(response.text().await?.contains(named));
    Ok(())
}

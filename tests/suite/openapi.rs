//! What the API says of itself is true: every route is described, and answers have exactly the
//! described fields.

use anyhow::{Context, Result};
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::auth::role::{ROUTES, Scope};
use tests::app::App;
use tests::company::week;
use tests::script::Script;

use crate::push::{changes, with};
use crate::shown::company;

async fn description(app: &App) -> Result<Value> {
    let script = Script::without_token(app);
    script.json("/api/v1/openapi.json").await
}

/// What is wrong with a value of this shape; an object has the described fields and no other.
fn wrong(value: &Value, shape: &Value, all: &Value) -> Option<String> {
    if let Some(name) = shape["$ref"].as_str() {
        let shape = all.pointer(name.trim_start_matches('#'));
        return wrong(value, shape?, all);
    }
    if let Some(shapes) = shape["anyOf"].as_array() {
        let each: Option<Vec<String>> = shapes.iter().map(|own| wrong(value, own, all)).collect();
        return each.map(|each| each.join(", and "));
    }
    if let Some(known) = shape.get("const") {
        return (value != known).then(|| format!("{value} is not {known}"));
    }
    let is_right = match shape["type"].as_str() {
        Some("null") => value.is_null(),
        Some("string") => value.is_string(),
        Some("integer") => value.is_u64() || value.is_i64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => false,
    };
    if !is_right {
        return Some(format!("{value} is not {shape}"));
    }
    let words = shape["enum"].as_array();
    if words.is_some_and(|words| !words.contains(value)) {
        return Some(format!("{value} is none of {words:?}"));
    }
    match value {
        Value::Array(items) => items
            .iter()
            .find_map(|item| wrong(item, &shape["items"], all)),
        Value::Object(fields) => fields_wrong(fields, shape, all),
        _ => None,
    }
}

fn fields_wrong(
    fields: &serde_json::Map<String, Value>,
    shape: &Value,
    all: &Value,
) -> Option<String> {
    let described = shape["properties"].as_object()?;
    let mut told: Vec<&String> = fields.keys().collect();
    let mut known: Vec<&String> = described.keys().collect();
    told.sort_unstable();
    known.sort_unstable();
    if told != known {
        return Some(format!("the fields are {told:?}, described are {known:?}"));
    }
    described.iter().find_map(|(name, shape)| {
        let why = wrong(&fields[name], shape, all)?;
        Some(format!("{name}: {why}"))
    })
}

fn assert_is(value: &Value, name: &str, all: &Value) {
    let shape = json!({"$ref": format!("#/components/schemas/{name}")});
    assert!(all["components"]["schemas"][name].is_object(), "{name}");
    assert_eq!(wrong(value, &shape, all), None, "{name}");
}

#[tokio::test]
async fn every_route_of_the_api_is_described_and_no_other() -> Result<()> {
    let app = App::fresh().await?;
    let all = description(&app).await?;
    let mut described = Vec::new();
    for (path, methods) in all["paths"].as_object().context("paths")? {
        for (method, operation) in methods.as_object().context("methods")? {
            described.push((method.to_ascii_uppercase(), path.clone()));
            let named = operation["parameters"].as_array().context("parameters")?;
            for part in path.split('/').filter(|part| part.starts_with('{')) {
                let own =
                    |one: &&Value| json!(part) == format!("{{{}}}", one["name"].as_str().unwrap());
                assert!(
                    named
                        .iter()
                        .find(own)
                        .is_some_and(|one| one["in"] == "path"),
                    "{path}"
                );
            }
        }
    }
    let routes = ROUTES
        .iter()
        .filter(|route| route.path.starts_with("/api/"));
    let mut routes: Vec<_> = routes
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    described.sort_unstable();
    routes.sort_unstable();
    assert_eq!(described, routes);
    Ok(())
}

#[tokio::test]
async fn whatever_the_description_refers_to_is_in_it() -> Result<()> {
    let app = App::fresh().await?;
    let all = description(&app).await?;
    let text = all.to_string();
    let referred = text.split("\"$ref\":\"#").skip(1);
    for rest in referred {
        let pointer = rest.split('"').next().context("a name")?;
        assert!(all.pointer(pointer).is_some(), "{pointer}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_read_has_exactly_the_described_fields() -> Result<()> {
    let app = App::fresh().await?;
    company().feed(&app.db).await;
    let all = description(&app).await?;
    let script = Script::with(&app, Scope::Read).await?;
    let shown = week(19);
    assert_is(&script.json("/api/v1/metrics").await?, "Metrics", &all);
    assert_is(
        &script.json("/api/v1/search?q=cycle").await?,
        "Search",
        &all,
    );
    for scope in ["company", "workflow:checkout", "service:shop"] {
        let path = format!("/api/v1/review/{shown}?scope={scope}");
        assert_is(&script.json(&path).await?, "Review", &all);
    }
    for metric in server::metrics::catalogue::CATALOGUE {
        let id = metric.id;
        let figures = script.json(&format!("/api/v1/metrics/{id}")).await?;
        assert_is(&figures, "Figures", &all);
        let path = format!("/api/v1/records/{id}?week={shown}");
        assert_is(&script.json(&path).await?, "Records", &all);
    }
    let (status, problem) = script.get("/api/v1/metrics/nope").await?;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_is(&problem, "Problem", &all);
    Ok(())
}

#[tokio::test]
async fn a_receipt_has_exactly_the_described_fields() -> Result<()> {
    let app = App::fresh().await?;
    company().feed(&app.db).await;
    let all = description(&app).await?;
    let script = Script::with(&app, Scope::Read).await?;
    let shown = week(19);
    for metric in server::metrics::catalogue::CATALOGUE {
        let path = format!("/api/v1/records/{}?week={shown}", metric.id);
        let records = script.json(&path).await?["records"].take();
        for record in records.as_array().context("records")?.iter().take(2) {
            let url = record["receipt_url"].as_str().context("a receipt")?;
            let receipt = script.json(&format!("/api/v1{url}")).await?;
            assert_is(&receipt, "Receipt", &all);
            let signed = script.json(&format!("/api/v1{url}?format=signed")).await?;
            assert_is(&signed["signature"], "Signature", &all);
        }
    }
    Ok(())
}

#[tokio::test]
async fn what_became_of_a_push_has_exactly_the_described_fields() -> Result<()> {
    let app = App::fresh().await?;
    let all = description(&app).await?;
    let script = Script::with(&app, Scope::Ingest).await?;
    let mut records = changes(0..2);
    records.push(with("c9", "merged_at", json!("yesterday")));
    let (status, outcome) = script.push("changes", json!(records).to_string()).await?;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(outcome["refused"].as_array().map(Vec::len), Some(1));
    assert_is(&outcome, "Outcome", &all);
    Ok(())
}

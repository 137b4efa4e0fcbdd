//! Lists and things by REST.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::{ENTERPRISE, Held, Repository, Served, json as answered, said};

/// The answer to a path.
pub(super) fn answer(held: &Held, (served, uri): (&Served, &Uri), headers: &HeaderMap) -> Response {
    let query = query(uri);
    let path = uri.path().strip_prefix(ENTERPRISE).unwrap_or(uri.path());
    let path: Vec<&str> = path.trim_matches('/').split('/').collect();
    let list = match path.as_slice() {
        ["orgs", organisation, "repos"] => Some(repositories(held, organisation)),
        ["agents", "repos", owner, name, "tasks"] => {
            let own = held.repositories.get(&format!("{owner}/{name}"));
            own.map(|own| Found::Within("tasks", newest_first(own.tasks.clone(), "updated_at")))
        }
        ["repos", owner, name, rest @ ..] => {
            let own = held.repositories.get(&format!("{owner}/{name}"));
            own.and_then(|own| of_repository(own, rest, &query))
        }
        _ => None,
    };
    match list {
        None => said(StatusCode::NOT_FOUND, "Not Found"),
        Some(Found::Thing(thing)) => answered(StatusCode::OK, &thing),
        Some(Found::List(all)) => page(all, (served, uri), (&query, headers), None),
        Some(Found::Within(member, all)) => {
            page(all, (served, uri), (&query, headers), Some(member))
        }
    }
}

enum Found {
    Thing(Value),
    List(Vec<Value>),
    /// A list under a member of an object.
    Within(&'static str, Vec<Value>),
}

fn repositories(held: &Held, organisation: &str) -> Found {
    let names = held.repositories.keys();
    let own = names.filter(|name| name.starts_with(&format!("{organisation}/")));
    Found::List(
        own.map(|name| json!({"full_name": name, "archived": false}))
            .collect(),
    )
}

fn of_repository(
    own: &Repository,
    rest: &[&str],
    query: &HashMap<String, String>,
) -> Option<Found> {
    let pull = |number: &str| {
        let mut all = own.pull_requests.iter();
        all.find(|pull| pull["payload"]["number"].as_u64() == number.parse().ok())
    };
    let part = |number: &str, member: &str| {
        let list = pull(number)?[member].as_array().cloned();
        Some(Found::List(list.unwrap_or_default()))
    };
    match rest {
        ["pulls"] => {
            let all = own.pull_requests.iter().map(|pull| pull["payload"].clone());
            Some(Found::List(newest_first(all.collect(), "updated_at")))
        }
        ["pulls", number] => Some(Found::Thing(pull(number)?["payload"].clone())),
        ["commits", sha, "check-runs"] => {
            let mut all = own.pull_requests.iter();
            let pull = all.find(|pull| pull["payload"]["head"]["sha"] == *sha)?;
            let checks = pull["checks"].as_array().cloned();
            Some(Found::Within("check_runs", checks.unwrap_or_default()))
        }
        // Of any name a commit of its own.
        ["commits", name] => Some(Found::Thing(json!({"sha": format!("sha-of-{name}")}))),
        ["pulls", number, "commits"] => part(number, "commits"),
        ["pulls", number, "reviews"] => part(number, "reviews"),
        ["pulls", number, "files"] => part(number, "files"),
        ["issues", number, "timeline"] => part(number, "timeline"),
        ["deployments"] => Some(Found::List(newest_first(
            own.deployments.clone(),
            "created_at",
        ))),
        ["deployments", id, "statuses"] => {
            let mut all = own.deployments.iter();
            let own = all.find(|own| own["id"].as_u64() == id.parse().ok())?;
            Some(Found::List(
                own["statuses"].as_array().cloned().unwrap_or_default(),
            ))
        }
        ["releases"] => Some(Found::List(newest_first(
            own.releases.clone(),
            "created_at",
        ))),
        ["actions", "runs"] => {
            let runs = newest_first(own.runs.clone(), "created_at");
            Some(Found::Within("workflow_runs", runs))
        }
        ["issues"] => {
            let label = query.get("labels");
            let of_label = own.issues.iter().filter(|own| {
                let mut labels = own["labels"].as_array().into_iter().flatten();
                label.is_none_or(|label| labels.any(|own| own["name"] == label.as_str()))
            });
            Some(Found::List(newest_first(
                of_label.cloned().collect(),
                "updated_at",
            )))
        }
        ["issues", number] => {
            let mut all = own.issues.iter();
            let own = all.find(|own| own["number"].as_u64() == number.parse().ok())?;
            Some(Found::Thing(own.clone()))
        }
        ["rulesets", "rule-suites"] => {
            let mut all = newest_first(own.rule_suites.clone(), "pushed_at");
            // They stand on a suite's own page alone.
            for suite in &mut all {
                suite.as_object_mut()?.remove("rule_evaluations");
            }
            Some(Found::List(all))
        }
        ["rulesets", "rule-suites", id] => {
            let mut all = own.rule_suites.iter();
            let own = all.find(|own| own["id"].as_u64() == id.parse().ok())?;
            Some(Found::Thing(own.clone()))
        }
        ["branches", name] => Some(Found::Thing(json!({
            "name": name,
            "protection": {"required_status_checks": {"contexts": own.protected_by}},
        }))),
        ["actions", "workflows"] => Some(Found::Within("workflows", own.workflows.clone())),
        ["rules", "branches", _] => {
            let checks = own.required_checks.iter();
            let checks: Vec<Value> = checks.map(|name| json!({"context": name})).collect();
            Some(Found::List(vec![json!({
                "type": "required_status_checks",
                "parameters": {"required_status_checks": checks},
            })]))
        }
        _ => None,
    }
}

fn newest_first(mut all: Vec<Value>, by: &str) -> Vec<Value> {
    all.sort_by(|one, other| other[by].as_str().cmp(&one[by].as_str()));
    all
}

fn page(
    all: Vec<Value>,
    (served, uri): (&Served, &Uri),
    (query, headers): (&HashMap<String, String>, &HeaderMap),
    member: Option<&str>,
) -> Response {
    let number = |name: &str, otherwise| {
        query
            .get(name)
            .and_then(|own| own.parse().ok())
            .unwrap_or(otherwise)
    };
    let size = number("per_page", 30_usize).min(served.manner.page);
    let at = number("page", 1_usize).max(1);
    let total = all.len();
    let shown: Vec<Value> = all.into_iter().skip((at - 1) * size).take(size).collect();
    let body = match member {
        Some(member) => json!({"total_count": total, member: shown}),
        None => Value::Array(shown),
    };
    let etag = etag(&body, uri);
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|own| own == etag.as_str())
    {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    let mut response = answered(StatusCode::OK, &body);
    let set = |response: &mut Response, name, value: &str| {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_str(value).unwrap());
    };
    set(&mut response, header::ETAG, &etag);
    if at * size < total {
        let next = format!("{}{}?{}", served.url, uri.path(), with_page(query, at + 1));
        set(
            &mut response,
            header::LINK,
            &format!("<{next}>; rel=\"next\""),
        );
    }
    response
}

fn with_page(query: &HashMap<String, String>, page: usize) -> String {
    let others = query.iter().filter(|(name, _)| *name != "page");
    let mut parts: Vec<String> = others
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parts.sort();
    parts.push(format!("page={page}"));
    parts.join("&")
}

fn etag(body: &Value, uri: &Uri) -> String {
    let mut hasher = DefaultHasher::new();
    (body.to_string(), uri.to_string()).hash(&mut hasher);
    format!("W/\"{:016x}\"", hasher.finish())
}

fn query(uri: &Uri) -> HashMap<String, String> {
    let parts = uri.query().unwrap_or_default().split('&');
    let pairs = parts.filter_map(|part| part.split_once('='));
    pairs
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

//! Who gets which route, held against the table; and what every answer carries.

use anyhow::{Context, Result};
use reqwest::{Method, Response, StatusCode};
use server::auth::role::{ROUTES, Role, Route, Scope};
use server::auth::token;
use tests::app::{App, Person, location};

/// Who knocks at a route.
enum Visitor {
    Nobody,
    Person(Role),
    Token(Scope),
}

fn visitors() -> Vec<Visitor> {
    let people = Role::ALL.map(Visitor::Person);
    let tokens = Scope::ALL.map(Visitor::Token);
    let known = people.into_iter().chain(tokens);
    std::iter::once(Visitor::Nobody).chain(known).collect()
}

/// A path that the route matches.
fn example(path: &str) -> String {
    // Of a metric that there is, it depends on whose work it is.
    path.replace("/explanations/{metric}", "/explanations/nothing")
        .replace("/limits/{metric}", "/limits/nothing")
        .replace("{week}", "2026-W47")
        .replace("{metric}", "pr_cycle_time")
        .replace("{stream}", "changes")
        .replace("{name}", "changes")
        .replace("{kind}", "change")
        .replace("{id}", "c1")
        .replace("{number}", "1")
        .replace("{*file}", "none.js")
}

async fn knock(app: &App, visitor: &Visitor, route: &Route) -> Result<Response> {
    let browser = app.browser()?;
    let method = Method::from_bytes(route.method.as_bytes())?;
    let url = browser.at(&example(route.path));
    let mut request = browser.client.request(method.clone(), url);
    let mut csrf = String::new();
    match visitor {
        Visitor::Nobody => {}
        Visitor::Person(role) => {
            let person: Person = app.signed_in(*role).await?;
            csrf = person.csrf();
            request = request.header("cookie", person.cookie());
        }
        Visitor::Token(scope) => {
            let name = format!("{scope} {} {}", route.method, route.path);
            let made = token::create(&app.db, &name, *scope, app.now()).await?;
            let secret = made.context("the name is in use")?;
            request = request.bearer_auth(secret.reveal());
        }
    }
    if method == Method::POST {
        request = request.form(&[("csrf", csrf.as_str()), ("theme", "dark")]);
    }
    Ok(request.send().await?)
}

fn let_in(response: &Response) -> bool {
    let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&response.status());
    let sent_away = location(response)
        .is_some_and(|to| to.starts_with("/sign-in") && !to.contains("signed_out"));
    !refused && !sent_away
}

#[tokio::test]
async fn every_role_and_scope_gets_exactly_what_the_table_says() -> Result<()> {
    let app = App::fresh().await?;
    for route in ROUTES {
        for visitor in visitors() {
            let (may, who) = match visitor {
                Visitor::Nobody => (route.who.anyone, "nobody".to_owned()),
                Visitor::Person(role) => (
                    route.who.anyone || route.who.roles.contains(&role),
                    role.to_string(),
                ),
                Visitor::Token(scope) => (
                    route.who.anyone || route.who.scopes.contains(&scope),
                    format!("token {scope}"),
                ),
            };
            let response = knock(&app, &visitor, route).await?;
            let told = response.status();
            assert_eq!(
                let_in(&response),
                may,
                "{} {} as {who}: {told}",
                route.method,
                route.path
            );
            assert!(!told.is_server_error(), "{} as {who}: {told}", route.path);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_method_that_a_route_does_not_take_is_refused_to_everyone() -> Result<()> {
    let app = App::fresh().await?;
    let made = token::create(&app.db, "script", Scope::Operator, app.now()).await?;
    let secret = made.context("the name is in use")?;
    let browser = app.browser()?;
    for route in ROUTES {
        let taken = |method: &str| {
            let same = |other: &&Route| other.path == route.path && other.method == method;
            ROUTES.iter().any(|other| same(&other))
        };
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            if taken(method) {
                continue;
            }
            let method = Method::from_bytes(method.as_bytes())?;
            let url = browser.at(&example(route.path));
            let request = browser.client.request(method.clone(), url);
            let told = request.bearer_auth(secret.reveal()).send().await?.status();
            let refused = [StatusCode::METHOD_NOT_ALLOWED, StatusCode::FORBIDDEN];
            assert!(refused.contains(&told), "{method} {}: {told}", route.path);
        }
    }
    Ok(())
}

#[tokio::test]
async fn asking_for_the_head_alone_opens_no_more_than_asking_for_the_whole() -> Result<()> {
    let app = App::fresh().await?;
    let browser = app.browser()?;
    for route in ROUTES.iter().filter(|route| route.method == "GET") {
        let response = browser
            .client
            .head(browser.at(&example(route.path)))
            .send()
            .await?;
        assert_eq!(let_in(&response), route.who.anyone, "{}", route.path);
        assert!(response.text().await?.is_empty(), "{}", route.path);
    }
    Ok(())
}

#[tokio::test]
async fn a_revoked_token_opens_nothing() -> Result<()> {
    let app = App::fresh().await?;
    let made = token::create(&app.db, "script", Scope::Operator, app.now()).await?;
    let secret = made.context("the name is in use")?;
    assert!(
        token::create(&app.db, "script", Scope::Read, app.now())
            .await?
            .is_none()
    );
    assert!(token::revoke(&app.db, "script", app.now()).await?);
    let ask = app.browser()?;
    let request = ask
        .client
        .get(ask.at("/review"))
        .bearer_auth(secret.reveal());
    assert!(!let_in(&request.send().await?));
    assert!(
        token::create(&app.db, "script", Scope::Read, app.now())
            .await?
            .is_some()
    );
    Ok(())
}

#[tokio::test]
async fn a_form_without_its_proof_or_from_elsewhere_changes_nothing() -> Result<()> {
    let app = App::fresh().await?;
    let person = app.signed_in(Role::Operator).await?;
    let other = app.signed_in(Role::Finance).await?;
    let browser = app.browser()?;
    let sign_out = |csrf: String| {
        let request = browser.client.post(browser.at("/sign-out"));
        request
            .header("cookie", person.cookie())
            .form(&[("csrf", csrf)])
    };
    let missing = sign_out(String::new()).send().await?;
    assert_eq!(missing.status(), StatusCode::FORBIDDEN);
    let of_another = sign_out(other.csrf()).send().await?;
    assert_eq!(of_another.status(), StatusCode::FORBIDDEN);
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let foreign = sign_out(person.csrf()).header(name, value).send().await?;
        assert_eq!(foreign.status(), StatusCode::FORBIDDEN, "{name}: {value}");
    }
    let from_here = sign_out(person.csrf())
        .header("origin", &app.url)
        .header("sec-fetch-site", "same-origin");
    assert_eq!(from_here.send().await?.status(), StatusCode::SEE_OTHER);
    Ok(())
}

#[tokio::test]
async fn a_script_is_told_in_json_and_a_browser_is_led_to_the_door() -> Result<()> {
    let app = App::fresh().await?;
    let browser = app.browser()?;
    let led = browser.get("/records/pr_cycle_time?week=2026-W47").await?;
    assert_eq!(
        location(&led),
        Some("/sign-in?next=/records/pr_cycle_time%3Fweek%3D2026-W47")
    );
    let told = browser.get("/api/v1/nothing").await?;
    assert_eq!(told.status(), StatusCode::NOT_FOUND);
    assert_eq!(
        told.headers().get("content-type").context("a type")?,
        "application/problem+json"
    );
    let id = told.headers().get("x-request-id").context("an id")?.clone();
    let problem: serde_json::Value = told.json().await?;
    assert_eq!(problem["status"], 404);
    let instance = format!("/requests/{}", id.to_str()?);
    assert_eq!(problem["instance"], instance.as_str());
    Ok(())
}

#[tokio::test]
async fn every_answer_carries_the_headers_and_a_nonce_of_its_own() -> Result<()> {
    let app = App::fresh().await?;
    let browser = app.browser()?;
    let mut policies = Vec::new();
    for path in [
        "/sign-in",
        "/review",
        "/nothing",
        "/health/live",
        "/style.css",
        "/print.css",
    ] {
        let request = browser.client.get(browser.at(path));
        let response = request.header("x-request-id", "chosen").send().await?;
        let header = |name: &str| {
            let value = response.headers().get(name);
            value
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default()
        };
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' 'nonce-"),
            "{path}"
        );
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"));
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(header("x-request-id").len(), 32, "{path}");
        policies.push(policy.to_owned());
    }
    policies.sort_unstable();
    policies.dedup();
    assert_eq!(policies.len(), 6);
    Ok(())
}

#[tokio::test]
async fn a_form_over_its_limit_is_refused() -> Result<()> {
    let app = App::fresh().await?;
    let large = "x".repeat(server::http::BODY_LIMIT_BYTES + 1);
    let form = [("email", "a@example.org"), ("password", large.as_str())];
    let refused = app.browser()?.post("/sign-in", &form).await?;
    assert_eq!(refused.status(), StatusCode::PAYLOAD_TOO_LARGE);
    Ok(())
}

//! A forge of our own that answers as GitHub does: REST with pages and marks of what is unchanged, GraphQL
//! over the same things, limits that are enforced, and faults where a test asks for them.
//!
//! Everything in it is made up or recorded, and it serves on loopback alone.

pub mod app;
pub mod connected;
mod faults;
mod graphql;
mod limits;
pub mod made;
mod rest;

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use faults::Fault;
pub use limits::Limits;

/// Under which a forge answers just as well, as an enterprise server does.
pub const ENTERPRISE: &str = "/api/v3";
/// What a forge accepts as a token.
pub const TOKEN: &str = "planted-github-token-5e5f";

/// What a repository holds, newest last; in the words of GitHub's REST API.
#[derive(Clone, Debug, Default)]
pub struct Repository {
    /// As `recorded`: `payload`, `commits`, `reviews`, `files`, `timeline`.
    pub pull_requests: Vec<Value>,
    /// With their `statuses` inside.
    pub deployments: Vec<Value>,
    pub releases: Vec<Value>,
    pub runs: Vec<Value>,
    pub issues: Vec<Value>,
    /// With their `rule_evaluations` inside.
    pub rule_suites: Vec<Value>,
    /// Of its coding agents.
    pub tasks: Vec<Value>,
    /// The checks that its branches ask for, by a rule and by being protected.
    pub required_checks: Vec<&'static str>,
    pub protected_by: Vec<&'static str>,
    /// Its workflows, by whose names runs go.
    pub workflows: Vec<Value>,
}

/// What was asked, and how it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub path: String,
    pub status: u16,
    pub was_conditional: bool,
}

/// How a forge behaves.
#[derive(Clone, Debug)]
pub struct Manner {
    /// The most things on a page.
    pub page: usize,
    pub has_graphql: bool,
    pub answers_after: Duration,
    pub limits: Option<Limits>,
}

impl Default for Manner {
    fn default() -> Manner {
        Manner {
            page: 100,
            has_graphql: true,
            answers_after: Duration::ZERO,
            limits: None,
        }
    }
}

#[derive(Debug, Default)]
struct Held {
    repositories: BTreeMap<String, Repository>,
    asked: Vec<Asked>,
    faults: VecDeque<(String, Fault)>,
    /// The public key of the app that is installed.
    app: Option<Vec<u8>>,
    deliveries: Vec<Value>,
    limits: limits::Used,
}

/// A forge that serves. It stops when dropped.
pub struct Forge {
    pub url: String,
    held: Shared,
    serving: JoinHandle<()>,
}

type Shared = Arc<Mutex<Held>>;

#[derive(Clone)]
struct Served {
    url: String,
    manner: Manner,
    held: Shared,
}

impl Forge {
    /// Serves these repositories, by `owner/name`.
    pub async fn start(repositories: &[(&str, Repository)], manner: Manner) -> Forge {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)));
        let listener = listener.await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let named = repositories.iter().cloned();
        let held = Arc::new(Mutex::new(Held {
            repositories: named.map(|(name, own)| (name.to_owned(), own)).collect(),
            ..Held::default()
        }));
        let served = Served {
            url: url.clone(),
            manner,
            held: held.clone(),
        };
        let router = Router::new().fallback(answer).with_state(served);
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        Forge { url, held, serving }
    }

    /// Changes what a repository holds.
    pub fn change(&self, repository: &str, change: impl FnOnce(&mut Repository)) {
        change(lock(&self.held).repositories.get_mut(repository).unwrap());
    }

    /// Renames a repository: its old name leads to the new one.
    pub fn rename(&self, from: &str, to: &str) {
        let mut held = lock(&self.held);
        let own = held.repositories.remove(from).unwrap();
        held.repositories.insert(to.to_owned(), own);
        held.faults.push_back((
            format!("/repos/{from}/"),
            Fault::MovedTo(from.to_owned(), to.to_owned()),
        ));
    }

    /// Installs an app.
    pub fn install(&self, app: &app::App) {
        lock(&self.held).app = Some(app.public.clone());
    }

    /// Notes a delivery of an event, as the app's own list has it.
    pub fn delivered(&self, delivery: Value) {
        lock(&self.held).deliveries.push(delivery);
    }

    /// Deletes a repository.
    pub fn delete(&self, repository: &str) {
        lock(&self.held).repositories.remove(repository);
    }

    /// Answers the next request whose path holds this text with a fault.
    pub fn fail(&self, path_holds: &str, fault: Fault) {
        lock(&self.held)
            .faults
            .push_back((path_holds.to_owned(), fault));
    }

    /// What was asked since the last time that this was asked.
    pub fn asked(&self) -> Vec<Asked> {
        std::mem::take(&mut lock(&self.held).asked)
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock(held: &Shared) -> MutexGuard<'_, Held> {
    held.lock().unwrap()
}

async fn answer(
    State(served): State<Served>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    tokio::time::sleep(served.manner.answers_after).await;
    let path = uri
        .path_and_query()
        .map_or("", |path| path.as_str())
        .to_owned();
    let fault = lock(&served.held).fault(&path);
    let mut response = match fault {
        Some(fault) => fault.answer(&served.url, &path),
        None => sound(&served, (&method, &uri), &headers, &body),
    };
    let mut held = lock(&served.held);
    if let Some(limits) = served.manner.limits {
        held.limits
            .told(limits, path.ends_with("/graphql"), response.headers_mut());
    }
    held.asked.push(Asked {
        method: method.to_string(),
        path,
        status: response.status().as_u16(),
        was_conditional: headers.contains_key(header::IF_NONE_MATCH),
    });
    response
}

/// The answer to a request that no fault is planned for.
fn sound(
    served: &Served,
    (method, uri): (&Method, &Uri),
    headers: &HeaderMap,
    body: &Bytes,
) -> Response {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|own| own.to_str().ok()?.strip_prefix("Bearer "));
    let mut held = lock(&served.held);
    let path = uri.path().strip_prefix(ENTERPRISE).unwrap_or(uri.path());
    if let Some(answer) = app::answer(&held, (method, path), token) {
        return answer;
    }
    if token != Some(TOKEN) {
        return said(StatusCode::UNAUTHORIZED, "Bad credentials");
    }
    let is_graphql = uri.path().ends_with("/graphql");
    if let Some(limits) = served.manner.limits
        && let Some(refusal) = held.limits.spend(limits, is_graphql)
    {
        return refusal;
    }
    match (method.as_str(), is_graphql) {
        ("POST", true) if served.manner.has_graphql => graphql::answer(&held, body),
        ("GET", false) => rest::answer(&held, (served, uri), headers),
        _ => said(StatusCode::NOT_FOUND, "Not Found"),
    }
}

fn said(status: StatusCode, message: &str) -> Response {
    json(status, &serde_json::json!({"message": message}))
}

fn json(status: StatusCode, body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, kind, Body::from(body.to_string())).into_response()
}

//! The web server: the router, its layers in order, its limits.
//!
//! A route is one line in [`routes`] and one in the table of [`auth::role`](crate::auth::role);
//! a test holds the two together, and what is missing in the table answers nobody.

mod actions;
mod api;
mod bodies;
mod body;
mod chart;
mod connect;
mod cookie;
mod corrections;
mod envelope;
mod evals;
mod explanations;
pub mod file;
mod form;
pub mod grpc;
mod guard;
mod headers;
mod health;
mod hooks;
mod keys;
mod limits;
mod meter;
mod metrics;
mod opa;
mod openapi;
mod otlp;
mod pages;
mod problem;
mod records;
mod return_to;
mod search;
mod settings;
mod sign_in;
mod site;
mod sources;
mod theme;
mod visit;
mod workflows;

use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use tokio::net::TcpListener;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

pub use problem::Problem;
pub use visit::Visitor;

use crate::clock::Clock;
use crate::connections::Connections;
use crate::figures::Refresher;
use crate::signing::Signer;
use crate::store::Db;
use crate::{traces, views};

/// The most bytes a form or a small request may have.
pub const BODY_LIMIT_BYTES: usize = 64 * 1024;
/// The most bytes one batch of records may have, unpacked.
pub const INGEST_BODY_LIMIT_BYTES: usize = 16 * 1024 * 1024;
/// How long an answer may take.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a stopping server waits for answers under way.
pub const DRAIN: Duration = Duration::from_secs(10);

/// What every handler may use. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    pub db: Db,
    pub clock: Clock,
    pub pages: views::Pages,
    /// The ways into connected systems.
    pub connections: Connections,
    /// Keeps figures current behind the pushes.
    pub refresher: Refresher,
    /// Whether texts that traces bring are kept.
    pub keeps_bodies: bool,
    /// Whose turn it is to send traces.
    pub turns: otlp::Turns,
    /// What this server did since it started.
    pub meter: meter::Meter,
    /// Where people reach us, without a slash at its end.
    pub public_url: String,
    /// Whether a proxy stands before us and says who is asking.
    pub behind_proxy: bool,
    /// Signs receipts that are taken away; where there is none, none is.
    pub signer: Option<Signer>,
}

impl AppState {
    /// The state over a database and a clock.
    pub fn new(db: Db, clock: Clock, public_url: String) -> AppState {
        AppState {
            pages: views::Pages::new(db.clone(), clock.clone()),
            refresher: Refresher::after(db.clone(), clock.clone(), traces::assemble_all),
            keeps_bodies: false,
            turns: otlp::Turns::default(),
            db,
            clock,
            meter: meter::Meter::default(),
            public_url,
            connections: Connections::none(),
            behind_proxy: false,
            signer: None,
        }
    }

    /// The same, with ways into connected systems.
    pub fn with_connections(self, connections: Connections) -> AppState {
        AppState {
            connections,
            ..self
        }
    }

    /// Milliseconds since 1970.
    pub fn now(&self) -> i64 {
        (self.clock)()
    }

    /// Whether people reach us over TLS, so that cookies must never travel without it.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// Every route there is.
fn routes() -> Routes {
    Routes::default()
        .get("/", pages::home)
        .get("/review", pages::review)
        .get("/review/{week}", pages::review_of_week)
        .get("/records/{metric}", pages::records)
        .get("/records/{metric}/chart.svg", chart::as_svg)
        .get("/records/{metric}/chart.png", chart::as_png)
        .get("/receipts/{kind}/{id}", pages::receipt)
        .get("/bodies/{run}", bodies::open)
        .get("/definitions/answer", pages::answer)
        .get("/definitions/{metric}", pages::definition)
        .get("/workflows", workflows::list)
        .get("/workflows/new", workflows::begin)
        .post("/workflows/new", workflows::add)
        .get("/workflows/{slug}", workflows::open)
        .get("/workflows/{slug}/edit", workflows::edit)
        .post("/workflows/{slug}/edit", workflows::change)
        .get("/limits/{metric}", limits::open)
        .post("/limits/{metric}", limits::propose)
        .get("/demo", pages::demo)
        .get("/sources", pages::sources)
        .post("/sources/read", sources::read_now)
        .post("/sources/check", sources::check)
        .post("/sources/disconnect", sources::disconnect)
        .get("/sources/connect", connect::begin)
        .post("/sources/connect", connect::add)
        .get("/settings", settings::open)
        .post("/settings/decisions", settings::set_decision)
        .post("/settings/people", settings::set_people)
        .post("/settings/tokens", settings::set_tokens)
        .post("/settings/sessions", settings::end_session)
        .get("/corrections", corrections::list)
        .get("/corrections/{kind}/{id}", corrections::open)
        .post("/corrections/{kind}/{id}", corrections::put_right)
        .get("/explanations/{metric}", explanations::open)
        .post("/explanations/{metric}", explanations::write)
        .get("/actions", actions::list)
        .post("/actions", actions::add)
        .post("/actions/{number}", actions::mark)
        .get("/sign-in", sign_in::open)
        .post("/sign-in", sign_in::with_password)
        .post("/sign-in/link", sign_in::with_link)
        .post("/sign-out", sign_in::sign_out)
        .get("/search", search::open)
        .get("/keys", keys::open)
        .post("/keys", keys::switch)
        .post("/theme", theme::choose)
        .get("/api/v1/openapi.json", openapi::show)
        .get("/api/v1/review/{week}", api::review)
        .get("/api/v1/search", search::as_json)
        .get("/api/v1/metrics", api::metrics)
        .get("/api/v1/metrics/{metric}", api::metric)
        .get("/api/v1/records/{name}", api::records)
        .get("/api/v1/receipts/{kind}/{id}", api::receipt)
        .add("POST", "/api/v1/records/{name}", records::push_route())
        .add("POST", "/api/v1/evals", evals::evals_route())
        .add("POST", "/api/v1/opa/logs", opa::logs_route())
        .add("POST", "/v1/traces", otlp::traces_route())
        .add("POST", "/v1/logs", otlp::logs_route())
        .add("POST", "/v1/metrics", otlp::metrics_route())
        .add("POST", "/hooks/{source}", hooks::route())
        .get("/health/live", health::live)
        .get("/health/ready", health::ready)
        .get("/metrics", metrics::show)
        .get("/style.css", site::style)
        .get("/print.css", site::print_style)
        .get("/pkg/{*file}", site::pkg)
}

/// Routes with the names they were given, so that a test can hold them against the table.
#[derive(Default)]
struct Routes {
    router: Router<AppState>,
    names: Vec<(&'static str, &'static str)>,
}

impl Routes {
    fn get<T: 'static>(self, path: &'static str, handler: impl Handler<T, AppState>) -> Routes {
        self.add("GET", path, get(handler))
    }

    fn post<T: 'static>(self, path: &'static str, handler: impl Handler<T, AppState>) -> Routes {
        self.add("POST", path, post(handler))
    }

    /// For a route that needs a layer or a limit of its own.
    fn add(
        mut self,
        method: &'static str,
        path: &'static str,
        route: MethodRouter<AppState>,
    ) -> Routes {
        self.names.push((method, path));
        self.router = self.router.route(path, route);
        self
    }
}

/// The whole site over this state.
pub fn router(state: AppState) -> Router {
    let guarded = routes()
        .router
        .fallback(site::public)
        .method_not_allowed_fallback(problem::wrong_method)
        // The last added is the first to see a request.
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(from_fn_with_state(state.clone(), guard::admit));
    dress(guarded, &state).with_state(state)
}

/// What goes around every answer, whatever becomes of it.
fn dress(router: Router<AppState>, state: &AppState) -> Router<AppState> {
    router
        .layer(CatchPanicLayer::custom(problem::panicked))
        .layer(from_fn_with_state(state.clone(), envelope::around))
        .layer(from_fn_with_state(state.clone(), visit::begin))
        .layer(CompressionLayer::new())
}

/// Serves until `shutdown`, then waits a little for what is under way and closes the database.
pub async fn serve(
    listener: TcpListener,
    state: AppState,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let db = state.db.clone();
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
        shutdown.await;
        // Nobody listens when the server has ended by itself.
        let _ = stopping.send(());
    });
    let patience = async {
        match stopped.await {
            Ok(()) => tokio::time::sleep(DRAIN).await,
            Err(_) => std::future::pending().await,
        }
    };
    let served = tokio::select! {
        served = async { serving.await } => served,
        () = patience => {
            tracing::warn!("some answers took too long and were broken off");
            Ok(())
        }
    };
    db.close().await;
    served
}

#[cfg(test)]
mod tests;

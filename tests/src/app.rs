//! Onehop as a test starts it: a server on a free port, over a database of its own, with a clock
//! that the test sets.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Result;
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response};
use server::auth::role::Role;
use server::auth::secret::Secret;
use server::auth::{csrf, session, sign_in};
use server::clock::Clock;
use server::connections::Connections;
use server::http::{self, AppState};
use server::signing::{Place, Signer};
use server::store::{Db, Durable};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::database::Database;

/// Monday 2026-11-23 08:00 UTC, when every test begins.
pub const NOW_MS: i64 = 1_795_420_800_000;

/// A byte of the seed by which every test's server signs receipts.
pub const SEED: &str = "07";

/// A running server. It stops when dropped.
pub struct App {
    pub url: String,
    pub db: Db,
    now: Arc<AtomicI64>,
    _stop: oneshot::Sender<()>,
    _database: Option<Database>,
}

impl App {
    /// Over a new database: on PostgreSQL when there is a server, else on SQLite.
    pub async fn fresh() -> Result<App> {
        let database = Database::postgres().await.unwrap_or_else(Database::sqlite);
        let mut app = App::start(&database.url).await?;
        app._database = Some(database);
        Ok(app)
    }

    /// Over a new database, with ways into connected systems.
    pub async fn connected(connections: Connections) -> Result<App> {
        let database = Database::postgres().await.unwrap_or_else(Database::sqlite);
        let connected = |state: AppState| state.with_connections(connections);
        let mut app = App::start_as(&database.url, connected).await?;
        app._database = Some(database);
        Ok(app)
    }

    /// Over the database at this address.
    pub async fn start(database_url: &str) -> Result<App> {
        App::start_as(database_url, |state| state).await
    }

    /// The same, with the texts of what goes into runs and comes out.
    pub async fn start_with_bodies(database_url: &str) -> Result<App> {
        let with_bodies = |state| AppState {
            keeps_bodies: true,
            ..state
        };
        App::start_as(database_url, with_bodies).await
    }

    async fn start_as(
        database_url: &str,
        set_up: impl FnOnce(AppState) -> AppState,
    ) -> Result<App> {
        let now = Arc::new(AtomicI64::new(NOW_MS));
        let clock: Clock = {
            let now = now.clone();
            Arc::new(move || now.load(Ordering::SeqCst))
        };
        let db = Db::open(database_url, Durable::Process).await?;
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let mut state = set_up(AppState::new(db.clone(), clock, url.clone()));
        state.signer = Some(Signer::new(Place::Given(SEED.repeat(32).into())));
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async {
            // Dropping the sender is the signal.
            let _ = stopped.await;
        };
        tokio::spawn(http::serve(listener, state, shutdown));
        Ok(App {
            url,
            db,
            now,
            _stop: stop,
            _database: None,
        })
    }

    /// Lets time pass.
    pub fn pass_ms(&self, ms: i64) {
        self.now.fetch_add(ms, Ordering::SeqCst);
    }

    pub fn now(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    /// A link for a person who is made for it.
    pub async fn invite(&self, email: &str, role: Role) -> Result<Secret> {
        Ok(sign_in::invite(&self.db, email, role, self.now()).await?)
    }

    /// A person who is signed in, as what their cookie holds.
    pub async fn signed_in(&self, role: Role) -> Result<Person> {
        let email = format!("{role}@example.org");
        self.invite(&email, role).await?;
        let mut tx = self.db.write().await?;
        let session = session::open(&mut tx, &email, self.now()).await?;
        tx.commit().await?;
        Ok(Person { session })
    }

    /// A browser: keeps cookies, and stops at redirections so that a test sees them.
    pub fn browser(&self) -> Result<Browser> {
        Ok(Browser {
            url: self.url.clone(),
            client: ClientBuilder::new()
                .cookie_store(true)
                .redirect(Policy::none())
                .build()?,
        })
    }
}

/// Someone's session.
pub struct Person {
    pub session: Secret,
}

impl Person {
    /// The `Cookie` header.
    pub fn cookie(&self) -> String {
        format!("onehop_session={}", self.session.reveal())
    }

    /// The field that their forms carry.
    pub fn csrf(&self) -> String {
        csrf::for_session(&self.session)
    }
}

/// A client at one app.
pub struct Browser {
    url: String,
    pub client: Client,
}

impl Browser {
    pub async fn get(&self, path: &str) -> Result<Response> {
        Ok(self.client.get(self.at(path)).send().await?)
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Result<Response> {
        Ok(self.client.post(self.at(path)).form(form).send().await?)
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

/// Where an answer leads.
pub fn location(response: &Response) -> Option<&str> {
    response.headers().get("location")?.to_str().ok()
}

/// The value of the first field of this name in a page.
pub fn field(page: &str, name: &str) -> Option<String> {
    let tag = page
        .split("<input")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .find(|tag| tag.contains(&format!("name=\"{name}\"")))?;
    let value = tag.split("value=\"").nth(1)?.split('"').next()?;
    Some(value.to_owned())
}

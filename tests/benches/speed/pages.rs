//! Pages asked for as a signed-in person's browser asks for them.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use app::view::frame::{Frame, Person, Theme};
use reqwest::Client;
use server::auth::role::Role;
use server::auth::{session, sign_in};
use server::store::Db;

const EMAIL: &str = "reader@example.org";

/// Someone who reads pages of one server.
#[derive(Clone)]
pub struct Reader {
    client: Client,
    url: String,
    cookie: String,
}

impl Reader {
    /// A reader of the server at this address, whose database this is.
    pub async fn sign_in(db: &Db, url: &str, now_ms: i64) -> Result<Reader> {
        sign_in::invite(db, EMAIL, Role::Executive, now_ms).await?;
        let mut tx = db.write().await?;
        let session = session::open(&mut tx, EMAIL, now_ms).await?;
        tx.commit().await?;
        Ok(Reader {
            client: Client::new(),
            url: url.to_owned(),
            cookie: format!("onehop_session={}", session.reveal()),
        })
    }

    /// The same reader at another server.
    pub fn at(&self, url: &str) -> Reader {
        Reader {
            url: url.to_owned(),
            ..self.clone()
        }
    }

    /// Reads a page whole; answers how long it took and how many bytes it has.
    pub async fn read(&self, path: &str) -> Result<(Duration, usize)> {
        let began = Instant::now();
        let request = self.client.get(format!("{}{path}", self.url));
        let response = request.header("cookie", &self.cookie).send().await?;
        ensure!(
            response.status() == 200,
            "{path} answers {}",
            response.status()
        );
        let bytes = response.bytes().await?.len();
        Ok((began.elapsed(), bytes))
    }
}

/// What surrounds a page that is rendered without a database, for the same reader.
pub fn frame() -> Frame {
    Frame {
        person: Some(Person {
            email: EMAIL.to_owned(),
            role: "executive".to_owned(),
            corrects: false,
            operates: false,
            decides: true,
        }),
        theme: Theme::Auto,
        single_keys: true,
        nonce: "nonce".to_owned(),
        islands: true,
        csrf: String::new(),
        path: "/review".to_owned(),
        generated: None,
    }
}

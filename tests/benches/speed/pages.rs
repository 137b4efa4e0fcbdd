//! Pages asked for as a signed-in person's browser asks for them.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use app::view::frame::{Frame, Person, Theme};
use chrono::Utc;
use reqwest::Client;
use server::auth::role::Role;
use server::auth::{session, sign_in};
use server::store::Db;
use tests::app::App;

use crate::times::{median, ms, quantile};

/// How often a page is read, and how often before that counts.
pub const RUNS: usize = 400;
pub const WARM_UP: usize = 40;
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

/// A server over this database, and someone signed in.
pub async fn reader(url: &str) -> Result<(Reader, App)> {
    let app = App::start(url).await?;
    app.pass_ms(Utc::now().timestamp_millis() - app.now());
    Ok((Reader::sign_in(&app.db, &app.url, app.now()).await?, app))
}

/// Reads a page of both in turn, and says how long that took.
pub async fn in_turn(readers: [&Reader; 2], page: &str) -> Result<[Vec<Duration>; 2]> {
    let mut spent = [Vec::new(), Vec::new()];
    let mut bytes = [0, 0];
    for run in 0..WARM_UP + RUNS {
        // Neither always comes first.
        for place in [run % 2, (run + 1) % 2] {
            let (time, size) = readers[place].read(page).await?;
            bytes[place] = size;
            if run >= WARM_UP {
                spent[place].push(time);
            }
        }
    }
    println!("  {page}");
    say("few", &spent[0], bytes[0]);
    say("many", &spent[1], bytes[1]);
    Ok(spent)
}

/// How many times as long the second takes, by the medians.
pub fn times([few, many]: &[Vec<Duration>; 2]) -> f64 {
    median(many).as_secs_f64() / median(few).as_secs_f64()
}

pub fn say(what: &str, spent: &[Duration], bytes: usize) {
    println!(
        "  {what:<13} median {:.2} ms, p99 {:.2} ms, of {} ({bytes} bytes)",
        ms(median(spent)),
        ms(quantile(spent, 0.99)),
        spent.len(),
    );
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

//! The two ways in: a one-time link, and an e-mail address with its password.

use std::net::IpAddr;

use crate::auth::role::Role;
use crate::auth::secret::Secret;
use crate::auth::{Result, limit, password, session};
use crate::store::accounts::people::{self, Person};
use crate::store::accounts::{attempts, links, sessions};
use crate::store::{Db, Tx};

/// How long a link opens the door.
pub const LINK_VALID_MS: i64 = 24 * 60 * 60 * 1000;

/// How a try to sign in ended.
#[derive(Debug)]
pub enum Outcome {
    /// In, with this cookie.
    SignedIn(Secret),
    /// E-mail or password were wrong; which, is not said.
    Refused,
    /// Too many tries; minutes until the next.
    Limited { minutes: u32 },
    /// The link was used, is too old or never was.
    LinkUsed,
}

/// What an opened link says before it is used.
#[derive(Debug, PartialEq, Eq)]
pub enum Opened {
    /// It is this person's, and still good.
    Good { email: String },
    /// It was used, is too old or never was.
    Used,
    /// Too many links that never were came from this address.
    Limited { minutes: u32 },
}

/// Adds a person (or gives the one who is there this role) and makes a link for them.
pub async fn invite(db: &Db, email: &str, role: Role, now: i64) -> Result<Secret> {
    let mut tx = db.write().await?;
    let secret = invite_within(&mut tx, email, role, now).await?;
    tx.commit().await?;
    Ok(secret)
}

/// The same within a transaction, whose keeper decides whether it stays.
pub async fn invite_within(tx: &mut Tx, email: &str, role: Role, now: i64) -> Result<Secret> {
    let secret = Secret::random();
    let person = Person {
        email: email.to_owned(),
        name: String::new(),
        role: role.to_string(),
        created_at: now,
        signed_in_at: None,
    };
    people::put(tx, &person).await?;
    let link = links::Link {
        token_hash: secret.hash(),
        email: person.email,
        created_at: now,
        expires_at: now + LINK_VALID_MS,
        used_at: None,
    };
    links::insert(tx, &link).await?;
    session::prune(tx, now).await?;
    Ok(secret)
}

/// A link as it is printed.
pub fn link_url(public_url: &str, secret: &Secret) -> String {
    format!("{public_url}/sign-in?token={}", secret.reveal())
}

/// Looks at a link without using it up. One that never was counts against its sender.
pub async fn open_link(db: &Db, token: &Secret, address: IpAddr, now: i64) -> Result<Opened> {
    let mut tx = db.read().await?;
    let found = links::find(&mut tx, &token.hash()).await?;
    drop(tx);
    match found {
        Some(link) if link.used_at.is_none() && link.expires_at > now => {
            Ok(Opened::Good { email: link.email })
        }
        Some(_) => Ok(Opened::Used),
        None => {
            let mut tx = db.write().await?;
            let wait = limit::count(&mut tx, &[limit::address_key(address)], now).await?;
            tx.commit().await?;
            Ok(wait.map_or(Opened::Used, |minutes| Opened::Limited { minutes }))
        }
    }
}

/// Uses a link up and signs its person in. A new password ends their other sessions.
pub async fn with_link(
    db: &Db,
    token: &Secret,
    new_password: Option<String>,
    now: i64,
) -> Result<Outcome> {
    let hash = match new_password {
        Some(chosen) => Some(password::hash(chosen).await?),
        None => None,
    };
    let mut tx = db.write().await?;
    let Some(email) = links::use_up(&mut tx, &token.hash(), now).await? else {
        return Ok(Outcome::LinkUsed);
    };
    if people::find(&mut tx, &email).await?.is_none() {
        return Ok(Outcome::LinkUsed);
    }
    if let Some(hash) = hash {
        people::set_password_hash(&mut tx, &email, &hash).await?;
        sessions::remove_of_person(&mut tx, &email).await?;
    }
    attempts::forget(&mut tx, &limit::email_key(&email).name).await?;
    let cookie = session::open(&mut tx, &email, now).await?;
    tx.commit().await?;
    Ok(Outcome::SignedIn(cookie))
}

/// What was typed, and from where.
#[derive(Debug)]
pub struct Try {
    /// As [`email`](crate::auth::email) made it; `None` when it cannot be an address.
    pub email: Option<String>,
    pub password: String,
    pub address: IpAddr,
}

/// Checks a password and signs its person in.
pub async fn with_password(db: &Db, tried: Try, now: i64) -> Result<Outcome> {
    let email = tried.email.unwrap_or_default();
    let (email_key, address_key) = (limit::email_key(&email), limit::address_key(tried.address));
    let mut tx = db.write().await?;
    let wait = limit::count(&mut tx, &[email_key.clone(), address_key.clone()], now).await?;
    let kept = people::password_hash(&mut tx, &email).await?;
    tx.commit().await?;
    if let Some(minutes) = wait {
        return Ok(Outcome::Limited { minutes });
    }
    if tried.password.len() > password::LONGEST_BYTES
        || !password::verify(tried.password, kept).await?
    {
        return Ok(Outcome::Refused);
    }
    let mut tx = db.write().await?;
    session::prune(&mut tx, now).await?;
    attempts::forget(&mut tx, &email_key.name).await?;
    attempts::take_back(&mut tx, &address_key.name).await?;
    let cookie = session::open(&mut tx, &email, now).await?;
    tx.commit().await?;
    Ok(Outcome::SignedIn(cookie))
}

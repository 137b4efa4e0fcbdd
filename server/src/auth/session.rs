//! Sessions: how long they last, whose they are, how they end.

use crate::auth::secret::Secret;
use crate::auth::{Caller, Result, SignedIn};
use crate::store::accounts::sessions::{self, Session, Span};
use crate::store::accounts::{attempts, links, people};
use crate::store::{Db, Tx};

/// A session ends when it was not used for this long.
pub const IDLE_MS: i64 = 12 * 60 * 60 * 1000;
/// A session ends this long after it began, however much it is used.
pub const LONGEST_MS: i64 = 14 * 24 * 60 * 60 * 1000;
/// How exactly the last use is noted.
const SEEN_EVERY_MS: i64 = 60 * 1000;

/// Opens a session for a person and returns what their cookie holds.
pub async fn open(tx: &mut Tx, email: &str, now: i64) -> Result<Secret> {
    let secret = Secret::random();
    let span = Span {
        from: now,
        to: now + LONGEST_MS,
    };
    sessions::insert(tx, &secret.hash(), email, span).await?;
    people::note_sign_in(tx, email, now).await?;
    Ok(secret)
}

/// Whether a session still holds.
pub fn holds(session: &Session, now: i64) -> bool {
    now < session.expires_at && now - session.seen_at < IDLE_MS
}

/// Whose cookie this is. The use is noted behind the request, so that no page waits for a writer.
pub async fn caller(db: &Db, cookie: Secret, now: i64) -> Result<Caller> {
    let mut tx = db.read().await?;
    let found = sessions::find(&mut tx, &cookie.hash()).await?;
    drop(tx);
    let Some(session) = found.filter(|session| holds(session, now)) else {
        return Ok(Caller::Nobody);
    };
    if now - session.seen_at >= SEEN_EVERY_MS {
        tokio::spawn(note_use(db.clone(), session.token_hash, now));
    }
    Ok(Caller::Person(SignedIn {
        email: session.email,
        role: session.role.parse()?,
        session: cookie,
    }))
}

async fn note_use(db: Db, token_hash: String, now: i64) {
    let noted = async {
        let mut tx = db.write().await?;
        sessions::touch(&mut tx, &token_hash, now).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the last use of a session was not noted");
    }
}

/// Ends the session with this cookie.
pub async fn close(db: &Db, cookie: &Secret) -> Result<()> {
    let mut tx = db.write().await?;
    sessions::remove(&mut tx, &cookie.hash()).await?;
    Ok(tx.commit().await?)
}

/// A person's sessions that still hold, newest first.
pub async fn of_person(db: &Db, email: &str, now: i64) -> Result<Vec<Session>> {
    let mut tx = db.read().await?;
    let mut all = sessions::of_person(&mut tx, email).await?;
    all.retain(|session| holds(session, now));
    Ok(all)
}

/// Ends all sessions of a person and says how many there were.
pub async fn close_all(db: &Db, email: &str) -> Result<u64> {
    let mut tx = db.write().await?;
    let closed = sessions::remove_of_person(&mut tx, email).await?;
    tx.commit().await?;
    Ok(closed)
}

/// Forgets what has run out: sessions, links (a day later, so that an old link is still told
/// from a wrong one) and windows of failed sign-ins.
pub async fn prune(tx: &mut Tx, now: i64) -> Result<()> {
    sessions::prune(tx, now, now - IDLE_MS).await?;
    links::prune(tx, now - super::sign_in::LINK_VALID_MS).await?;
    Ok(attempts::prune(tx, now - super::limit::WINDOW_MS).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_idle_and_at_its_end() {
        let session = Session {
            token_hash: String::new(),
            email: String::new(),
            role: String::new(),
            created_at: 0,
            seen_at: 0,
            expires_at: LONGEST_MS,
        };
        assert!(holds(&session, IDLE_MS - 1));
        assert!(!holds(&session, IDLE_MS));
        let used = Session {
            seen_at: LONGEST_MS - 1,
            ..session
        };
        assert!(holds(&used, LONGEST_MS - 1));
        assert!(!holds(&used, LONGEST_MS));
    }
}

//! Tokens for scripts: made once, shown once, taken back by name.

use crate::auth::role::Scope;
use crate::auth::secret::Secret;
use crate::auth::{Caller, Result};
use crate::store::accounts::tokens::{self, Token};
use crate::store::{Db, Tx};

/// How exactly the last use is noted.
const USED_EVERY_MS: i64 = 60 * 1000;

/// Makes a token; `None` when one of this name is in use.
pub async fn create(db: &Db, name: &str, scope: Scope, now: i64) -> Result<Option<Secret>> {
    let mut tx = db.write().await?;
    let made = create_within(&mut tx, name, scope, now).await?;
    tx.commit().await?;
    Ok(made)
}

/// The same within a transaction, whose keeper decides whether it stays.
pub async fn create_within(
    tx: &mut Tx,
    name: &str,
    scope: Scope,
    now: i64,
) -> Result<Option<Secret>> {
    let secret = Secret::random_with_prefix("onehop_");
    let token = Token {
        token_hash: secret.hash(),
        name: name.to_owned(),
        scope: scope.to_string(),
        created_at: now,
        revoked_at: None,
        used_at: None,
    };
    let made = tokens::insert(tx, &token).await?;
    Ok(made.then_some(secret))
}

/// Takes a token back; false when none of this name is in use.
pub async fn revoke(db: &Db, name: &str, now: i64) -> Result<bool> {
    let mut tx = db.write().await?;
    let revoked = tokens::revoke(&mut tx, name, now).await?;
    tx.commit().await?;
    Ok(revoked)
}

/// Whose token this is. The use is noted behind the request, so that none waits for a writer.
pub async fn caller(db: &Db, sent: &Secret, now: i64) -> Result<Caller> {
    let mut tx = db.read().await?;
    let found = tokens::find(&mut tx, &sent.hash()).await?;
    drop(tx);
    let Some(token) = found else {
        return Ok(Caller::Nobody);
    };
    if token.used_at.is_none_or(|used| now - used >= USED_EVERY_MS) {
        tokio::spawn(note_use(db.clone(), token.token_hash, now));
    }
    Ok(Caller::Token {
        scope: token.scope.parse()?,
        name: token.name,
    })
}

async fn note_use(db: Db, token_hash: String, now: i64) {
    let noted = async {
        let mut tx = db.write().await?;
        tokens::touch(&mut tx, &token_hash, now).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(%error, "the last use of a token was not noted");
    }
}

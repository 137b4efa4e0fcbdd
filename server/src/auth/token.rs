//! Tokens for scripts: made once, shown once, taken back by name.

use crate::auth::role::Scope;
use crate::auth::secret::Secret;
use crate::auth::{Caller, Result};
use crate::store::Db;
use crate::store::accounts::tokens::{self, Token};

/// Makes a token; `None` when one of this name is in use.
pub async fn create(db: &Db, name: &str, scope: Scope, now: i64) -> Result<Option<Secret>> {
    let secret = Secret::random_with_prefix("onehop_");
    let token = Token {
        token_hash: secret.hash(),
        name: name.to_owned(),
        scope: scope.to_string(),
        created_at: now,
        revoked_at: None,
    };
    let mut tx = db.write().await?;
    let made = tokens::insert(&mut tx, &token).await?;
    tx.commit().await?;
    Ok(made.then_some(secret))
}

/// Takes a token back; false when none of this name is in use.
pub async fn revoke(db: &Db, name: &str, now: i64) -> Result<bool> {
    let mut tx = db.write().await?;
    let revoked = tokens::revoke(&mut tx, name, now).await?;
    tx.commit().await?;
    Ok(revoked)
}

/// Whose token this is.
pub async fn caller(db: &Db, sent: &Secret) -> Result<Caller> {
    let mut tx = db.read().await?;
    Ok(match tokens::find(&mut tx, &sent.hash()).await? {
        Some(token) => Caller::Token {
            scope: token.scope.parse()?,
            name: token.name,
        },
        None => Caller::Nobody,
    })
}

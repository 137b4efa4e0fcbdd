//! Trying the sign-in of a source that is declared.

use super::Connections;
use crate::connectors::client::Patience;
use crate::connectors::failure::Failure;
use crate::store::{self, Db, registry, secrets};

/// What the system says of it, in a sentence, once: whoever asked is waiting.
pub async fn check(
    db: &Db,
    connections: &Connections,
    source: &str,
) -> store::Result<Result<String, Failure>> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let sealed = secrets::of(&mut tx, source).await?;
    drop(tx);
    let Some(own) = registry.sources.iter().find(|own| own.name == source) else {
        return Ok(Err(Failure::ours("there is no source of this name")));
    };
    let once = connections.clone().with_patience(Patience {
        tries: 1,
        ..connections.patience
    });
    Ok(match once.open(&registry, own, &sealed) {
        Ok(Some(connector)) => connector.check().await,
        Ok(None) => Err(Failure::ours(
            "its records are pushed; there is nothing to sign in to",
        )),
        Err(failure) => Err(failure),
    })
}

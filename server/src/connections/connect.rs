//! Connecting a source in a page: its sign-in is tried first, and nothing is kept of one that does not
//! hold.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::{Connections, Refused, declared, used_for};
use crate::connectors::failure::Failure;
use crate::store::acts::{self, Act};
use crate::store::registry::{self, Kind, Source};
use crate::store::secrets::{self, Secret, TOKEN, WEBHOOK};
use crate::store::{self, Db, pulls};
use crate::vault;

/// What is entered.
pub struct Connected<'a> {
    pub source: &'a Source,
    pub token: SecretString,
    /// Empty where it is to send nothing.
    pub webhook_secret: SecretString,
    /// The e-mail of who enters it.
    pub by: &'a str,
}

/// Why it is not connected. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum NotConnected {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(
        "a source {0} is declared in a file, with its token_env or token_file; choose another name, or change it there"
    )]
    Taken(String),
    #[error("it needs a token, or the private key of an app")]
    NoToken,
    /// The system does not let us in.
    #[error(transparent)]
    Closed(#[from] Failure),
    #[error(transparent)]
    Unsealed(#[from] vault::Error),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Tries the sign-in and keeps the source, its secrets sealed; answers what was seen. A source that was
/// entered before is entered again under its name, and keeps the secrets that are left empty.
pub async fn connect(
    db: &Db,
    connections: &Connections,
    entered: Connected<'_>,
    now_ms: i64,
) -> Result<String, NotConnected> {
    let before = registry::load(&mut db.read().await?).await?;
    let old = before
        .sources
        .iter()
        .find(|own| own.name == entered.source.name);
    if old.is_some_and(|old| old.token_env.is_some() || old.token_file.is_some()) {
        return Err(NotConnected::Taken(entered.source.name.clone()));
    }
    let source = declared(&over(old, entered.source))?;
    let sealed = secrets::of(&mut db.read().await?, &source.name).await?;
    let token = match entered.token.expose_secret().is_empty() {
        true => connections.opened(&source, TOKEN, &sealed)?,
        false => Some(entered.token.clone()),
    };
    let token = token.ok_or(NotConnected::NoToken)?;
    let seen = connections
        .open_with(&before, &source, token)?
        .check()
        .await?;
    let mut tx = db.write().await?;
    let body = json!(source);
    registry::put(&mut tx, Kind::Source, &source.name, &body.to_string()).await?;
    let kept = [(TOKEN, &entered.token), (WEBHOOK, &entered.webhook_secret)];
    for (name, secret) in kept {
        if secret.expose_secret().is_empty() {
            continue;
        }
        let sealed = connections
            .vault
            .seal(&used_for(&source.name, name), secret)?;
        let secret = Secret {
            source: &source.name,
            name,
            sealed: &sealed,
            set_at: now_ms,
            set_by: entered.by,
        };
        secrets::put(&mut tx, secret).await?;
    }
    pulls::make_due(&mut tx, &source.name, now_ms).await?;
    let act = Act {
        at_ms: now_ms,
        by: entered.by,
        kind: "source",
        subject: &source.name,
        before: old.map_or(Value::Null, |old| json!(old)),
        after: body,
    };
    acts::record(&mut tx, &act).await?;
    tx.commit().await?;
    Ok(seen)
}

/// What is entered over the source of this name, which keeps what the form does not ask for.
fn over(old: Option<&Source>, entered: &Source) -> Source {
    let Some(old) = old.filter(|old| old.kind == entered.kind) else {
        return entered.clone();
    };
    Source {
        streams: old.streams.clone(),
        rhythm: old.rhythm.clone(),
        deployed_by: old.deployed_by.clone(),
        incident_labels: old.incident_labels.clone(),
        defect_labels: old.defect_labels.clone(),
        ..entered.clone()
    }
}

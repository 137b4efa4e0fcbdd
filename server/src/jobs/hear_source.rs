//! Hears what a connected system sends of its own accord: verified, each delivery once, its records by the
//! same door as those that are read.

use bytes::Bytes;
use http::HeaderMap;

use crate::connections::{Connections, interest};
use crate::connectors::{self, Call, NotHeard};
use crate::ingest;
use crate::store::hooks::{self, Hook};
use crate::store::{self, Db, registry, secrets};

/// So long deliveries are known again; no system sends one again that is older.
const KNOWN_MS: i64 = 30 * 24 * 3_600_000;

/// What came of a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// There is no such source, or it takes nothing.
    Nobody,
    NotHeard(NotHeard),
    /// It was heard before.
    Repeated,
    Heard {
        accepted: u64,
        refused: u64,
    },
}

/// Hears a delivery for a source.
pub async fn hear(
    db: &Db,
    connections: &Connections,
    (source, (headers, body)): (&str, (HeaderMap, Bytes)),
    now_ms: i64,
) -> store::Result<Said> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let sealed = secrets::of(&mut tx, source).await?;
    drop(tx);
    let own = registry.sources.iter().find(|own| own.name == source);
    let kind = own.and_then(|own| connectors::kind(&own.kind));
    let secret = own.and_then(|own| connections.webhook_secret(own, &sealed));
    let (Some(own), Some(kind), Some(secret)) = (own, kind, secret) else {
        return Ok(Said::Nobody);
    };
    let call = Call {
        headers: &headers,
        body: &body,
        secret: &secret,
    };
    let heard = match (kind.hear)(&call, &interest(&registry, own)) {
        Ok(heard) => heard,
        Err(NotHeard::Forged) => {
            let mut tx = db.write().await?;
            hooks::count_forgery(&mut tx, source, now_ms).await?;
            tx.commit().await?;
            return Ok(Said::NotHeard(NotHeard::Forged));
        }
        Err(why) => return Ok(Said::NotHeard(why)),
    };
    let mut tx = db.write().await?;
    if hooks::is_known(&mut tx, source, &heard.id).await? {
        return Ok(Said::Repeated);
    }
    let outcome = ingest::take_page(&mut tx, source, &heard.read, now_ms).await?;
    let refused = outcome.refused.len() as u64;
    let hook = Hook {
        source: source.to_owned(),
        id: heard.id,
        event: heard.event,
        received_at: now_ms,
        accepted: i64::try_from(outcome.accepted).unwrap_or(i64::MAX),
        refused: i64::try_from(refused).unwrap_or(i64::MAX),
    };
    // Of two that came at once the second finds the first, and leaves nothing.
    if !hooks::keep(&mut tx, &hook).await? {
        return Ok(Said::Repeated);
    }
    if let Some(part) = &heard.part {
        hooks::note_part(&mut tx, source, part, now_ms).await?;
    }
    hooks::prune(&mut tx, now_ms - KNOWN_MS).await?;
    tx.commit().await?;
    Ok(Said::Heard {
        accepted: outcome.accepted,
        refused,
    })
}

//! Reading a source no more.

use serde_json::{Value, json};

use crate::store::acts::{self, Act};
use crate::store::registry::{self, Kind};
use crate::store::{self, Db, secrets};

/// Forgets a source and its secrets, if there is one of this name. What was read of it stays and counts,
/// and so does how far: connected again, it goes on there.
pub async fn disconnect(db: &Db, source: &str, (by, now_ms): (&str, i64)) -> store::Result<()> {
    let mut tx = db.write().await?;
    let registry = registry::load(&mut tx).await?;
    let Some(own) = registry.sources.iter().find(|own| own.name == source) else {
        return Ok(());
    };
    registry::remove(&mut tx, Kind::Source, source).await?;
    secrets::forget(&mut tx, source).await?;
    let act = Act {
        at_ms: now_ms,
        by,
        kind: "source",
        subject: source,
        before: json!(own),
        after: Value::Null,
    };
    acts::record(&mut tx, &act).await?;
    tx.commit().await
}

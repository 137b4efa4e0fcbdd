//! The database itself: whether it answers, its room, its soundness, its schema.

use std::path::Path;

use super::{Finding, bytes};
use crate::store::backup::Place;
use crate::store::{self, Db, engine, schema};

/// A fault where the file is not there.
pub(super) fn missing(place: &Place) -> Option<Finding> {
    match place {
        Place::File(file) if !file.exists() => {
            let says = format!("there is none at {}.", file.display());
            Some(Finding::well("database", says).fault(
                "`onehop serve` makes one; if there should be one, name it with --database.",
            ))
        }
        Place::File(_) | Place::Server(_) => None,
    }
}

pub(super) fn unreachable(error: &store::Error) -> Finding {
    Finding::well("database", format!("{error}."))
        .fault("Nothing else could be looked at; mend this first.")
}

pub(super) async fn engine(db: &Db, place: &Place) -> anyhow::Result<Finding> {
    let mut tx = db.read().await?;
    let size = bytes(engine::size_bytes(&mut tx).await?);
    let version = engine::version(&mut tx).await?;
    let at = match place {
        Place::File(file) => format!(" at {}", file.display()),
        Place::Server(_) => String::new(),
    };
    Ok(Finding::well("database", format!("{version}{at}, {size}.")))
}

/// The least room that is left for what arrives.
const LEAST_BYTES: i64 = 200_000_000;

/// Whether a backup of it would still find room beside it.
pub(super) async fn room(db: &Db, place: &Place) -> anyhow::Result<Finding> {
    let file = match place {
        Place::File(file) => file,
        Place::Server(_) => {
            return Ok(Finding::well(
                "room",
                "the server's disk is not seen from here.",
            ));
        }
    };
    let size = engine::size_bytes(&mut db.read().await?).await?;
    let Some(free) = free_bytes(file) else {
        return Ok(Finding::well("room", "how much is free is not known here."));
    };
    let found = Finding::well("room", format!("{} are free beside it.", bytes(free)));
    if free < size.max(LEAST_BYTES) {
        return Ok(found.fault(
            "Make room, or move it to a larger disk: a full disk refuses records, and a backup needs as much again.",
        ));
    }
    Ok(found)
}

#[cfg(unix)]
fn free_bytes(file: &Path) -> Option<i64> {
    let disk = rustix::fs::statvfs(file).ok()?;
    i64::try_from(disk.f_bavail.saturating_mul(disk.f_frsize)).ok()
}

#[cfg(not(unix))]
fn free_bytes(_: &Path) -> Option<i64> {
    None
}

pub(super) async fn integrity(db: &Db) -> anyhow::Result<Finding> {
    Ok(match engine::soundness(&mut db.read().await?).await? {
        engine::Soundness::Sound => Finding::well("integrity", "its pages and indexes are sound."),
        engine::Soundness::Unknown => {
            Finding::well("integrity", "PostgreSQL looks after its pages itself.")
        }
        engine::Soundness::Damaged(reason) => {
            Finding::well("integrity", format!("it is damaged ({reason})."))
                .fault("Stop the server, keep the file, and restore the last backup with `onehop restore FILE --force`.")
        }
    })
}

pub(super) async fn schema(db: &Db) -> anyhow::Result<Finding> {
    let schema = schema::of(&mut db.read().await?).await?;
    let says = format!("schema {}.", schema.has);
    let found = Finding::well("schema", says);
    Ok(if schema.is_newer() {
        found.fault(format!(
            "This Onehop knows {} at most: the database was last used by a newer one; use that.",
            schema.knows
        ))
    } else if !schema.is_current() {
        found.fault(format!(
            "This Onehop brings it to {} when it next serves; make a backup first.",
            schema.knows
        ))
    } else {
        found
    })
}

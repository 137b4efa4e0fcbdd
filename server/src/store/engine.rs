//! The engine behind the store: its version, its size, its soundness.

use super::db::on;
use super::{Result, Tx};

/// What the engine says of its own files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Soundness {
    Sound,
    /// With the first thing that is wrong.
    Damaged(String),
    /// It is not asked.
    Unknown,
}

/// Name and version.
pub async fn version(tx: &mut Tx) -> Result<String> {
    let (name, query) = match tx {
        Tx::Sqlite(_) => ("SQLite", "SELECT sqlite_version()"),
        Tx::Postgres(_) => ("PostgreSQL", "SELECT current_setting('server_version')"),
    };
    let version: String = on!(tx, conn => sqlx::query_scalar(query).fetch_one(conn).await)?;
    Ok(format!("{name} {version}"))
}

/// How many bytes the database takes.
pub async fn size_bytes(tx: &mut Tx) -> Result<i64> {
    let query = match tx {
        Tx::Sqlite(_) => {
            "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
        }
        Tx::Postgres(_) => "SELECT pg_database_size(current_database())",
    };
    Ok(on!(tx, conn => sqlx::query_scalar(query).fetch_one(conn).await)?)
}

/// The number of the newest migration, and its noun.
pub async fn schema(tx: &mut Tx) -> Result<(i64, String)> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT version, description FROM _sqlx_migrations ORDER BY version DESC LIMIT 1",
    )
    .fetch_one(conn)
    .await)?)
}

/// Has SQLite read all of its pages; PostgreSQL is not asked.
pub async fn soundness(tx: &mut Tx) -> Result<Soundness> {
    let Tx::Sqlite(tx) = tx else {
        return Ok(Soundness::Unknown);
    };
    let said: sqlx::Result<Vec<String>> = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_all(&mut **tx)
        .await;
    Ok(match said {
        Ok(lines) => lines
            .into_iter()
            .find(|line| line != "ok")
            .map_or(Soundness::Sound, Soundness::Damaged),
        Err(error) => Soundness::Damaged(error.to_string()),
    })
}

//! Which database this is: its engine and version, how large it is, which schema it has.

use super::db::on;
use super::{Result, Tx};

/// What can be said of a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Engine {
    pub name: &'static str,
    pub version: String,
    pub bytes: i64,
    /// The number of the newest migration, and its noun.
    pub schema: (i64, String),
}

/// Asks the database about itself.
pub async fn engine(tx: &mut Tx) -> Result<Engine> {
    let (name, version, bytes) = match tx {
        Tx::Sqlite(tx) => (
            "SQLite",
            sqlx::query_scalar("SELECT sqlite_version()")
                .fetch_one(&mut **tx)
                .await?,
            sqlx::query_scalar(
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
            )
            .fetch_one(&mut **tx)
            .await?,
        ),
        Tx::Postgres(tx) => (
            "PostgreSQL",
            sqlx::query_scalar("SELECT current_setting('server_version')")
                .fetch_one(&mut **tx)
                .await?,
            sqlx::query_scalar("SELECT pg_database_size(current_database())")
                .fetch_one(&mut **tx)
                .await?,
        ),
    };
    let schema = on!(tx, conn => sqlx::query_as(
        "SELECT version, description FROM _sqlx_migrations ORDER BY version DESC LIMIT 1",
    )
    .fetch_one(conn)
    .await)?;
    Ok(Engine {
        name,
        version,
        bytes,
        schema,
    })
}

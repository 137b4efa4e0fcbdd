//! Which migrations a database has had, and which this program knows.

use sqlx::migrate::Migrator;

use super::db::on;
use super::{Result, Tx};

pub(super) static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
pub(super) static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// Where migrations are noted.
pub(super) const TABLE: &str = "_sqlx_migrations";

/// The last migration that a database has had.
pub(super) const APPLIED: &str = "SELECT MAX(version) FROM _sqlx_migrations WHERE success";

/// How a database's schema stands to this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schema {
    /// The last migration it has had; 0 for none.
    pub has: i64,
    /// The last one this program knows.
    pub knows: i64,
}

impl Schema {
    pub(super) fn of(has: Option<i64>) -> Schema {
        Schema {
            has: has.unwrap_or_default(),
            knows: newest(),
        }
    }

    /// Whether a newer program has used it.
    pub fn is_newer(self) -> bool {
        self.has > self.knows
    }

    /// Whether it is what this program would make of it.
    pub fn is_current(self) -> bool {
        self.has == self.knows
    }
}

/// The last migration this program knows.
pub fn newest() -> i64 {
    SQLITE.iter().map(|one| one.version).max().unwrap_or(0)
}

/// How the schema stands; a database that has had no migration at all has no table of them.
pub async fn of(tx: &mut Tx) -> Result<Schema> {
    let is_there: i64 = match tx {
        Tx::Sqlite(tx) => {
            sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = $1")
                .bind(TABLE)
                .fetch_one(&mut **tx)
                .await?
        }
        Tx::Postgres(tx) => {
            sqlx::query_scalar("SELECT COUNT(to_regclass($1))")
                .bind(TABLE)
                .fetch_one(&mut **tx)
                .await?
        }
    };
    if is_there == 0 {
        return Ok(Schema::of(None));
    }
    Ok(Schema::of(
        on!(tx, conn => sqlx::query_scalar(APPLIED).fetch_one(conn).await)?,
    ))
}

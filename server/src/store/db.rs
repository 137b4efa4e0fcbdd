//! Which engine, how it is opened, and transactions over either.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{
    Connection, Database, Encode, PgConnection, PgPool, Postgres, QueryBuilder, Sqlite, SqlitePool,
    Transaction, Type,
};

use super::{Error, Result, schema};

/// A database of either engine. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// One writer at a time (SQLite allows no more), many readers.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Postgres(PgPool),
}

/// What "committed" survives on SQLite; PostgreSQL always survives both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durable {
    /// The death of the process.
    #[default]
    Process,
    /// Power loss as well, at the price of a wait for the disk at each commit.
    Full,
}

/// A transaction on either engine; rolled back when dropped.
#[derive(Debug)]
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// Runs the same expression on the connection of whichever engine the transaction is on.
///
/// ```text
/// on!(tx, conn => sqlx::query("DELETE FROM sessions WHERE expires_at < $1").bind(now).execute(conn).await)?;
/// ```
macro_rules! on {
    ($tx:expr, $conn:ident => $body:expr) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => {
                let $conn = &mut **tx;
                $body
            }
            $crate::store::Tx::Postgres(tx) => {
                let $conn = &mut **tx;
                $body
            }
        }
    };
}
pub(crate) use on;

/// Ends a statement's `IN (` with these ids.
pub(crate) fn push_ids<DB>(query: &mut QueryBuilder<DB>, ids: &[&str])
where
    DB: Database,
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    let mut list = query.separated(", ");
    for id in ids {
        list.push_bind(*id);
    }
    query.push(")");
}

/// Ends a statement's `IN (` with these pairs.
pub(crate) fn push_pairs<DB>(query: &mut QueryBuilder<DB>, pairs: &[(&str, &str)])
where
    DB: Database,
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    query.push_values(pairs, |mut row, (one, other)| {
        row.push_bind(*one).push_bind(*other);
    });
    query.push(")");
}

/// The most values one statement binds: SQLite's limit, the smaller of the two.
pub(crate) const MAX_BINDS: usize = 32_766;

impl Db {
    /// Opens `sqlite:PATH` (made when missing) or `postgres://…`, and brings its schema up to date.
    pub async fn open(url: &str, durable: Durable) -> Result<Db> {
        let db = Db::connect(url, durable).await?;
        db.migrate().await?;
        Ok(db)
    }

    /// Opens it as it is: its schema may be another.
    pub async fn connect(url: &str, durable: Durable) -> Result<Db> {
        if is_postgres(url) {
            let options = server_options(url)?;
            reach(url, &options).await?;
            return Ok(Db::Postgres(
                PgPoolOptions::new()
                    .max_connections(16)
                    .connect_with(options)
                    .await?,
            ));
        }
        let options = file_options(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(match durable {
                Durable::Process => SqliteSynchronous::Normal,
                Durable::Full => SqliteSynchronous::Full,
            })
            .busy_timeout(Duration::from_secs(30))
            // Rows come over a channel from a thread of their own: the fewer switches, the faster.
            .row_buffer_size(1_024)
            // In pages of 4 KiB: fewer waits for the disk while much is written.
            .pragma("wal_autocheckpoint", "4000")
            .pragma("cache_size", "-32000")
            .pragma("temp_store", "memory");
        make_folder(options.get_filename())?;
        // A file does not go away as a server may: asking first whether it is there costs a switch.
        let pool = || SqlitePoolOptions::new().test_before_acquire(false);
        let write = pool()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .map_err(|error| unwritable(options.get_filename(), error))?;
        let read = pool()
            .max_connections(8)
            .connect_with(
                options
                    .pragma("query_only", "on")
                    .pragma("cache_size", "-4000"),
            )
            .await?;
        Ok(Db::Sqlite { read, write })
    }

    async fn migrate(&self) -> Result<()> {
        match self {
            Db::Sqlite { write, .. } => schema::SQLITE.run(write).await?,
            Db::Postgres(pool) => schema::POSTGRES.run(pool).await?,
        }
        Ok(())
    }

    /// A snapshot to read from: all reads in it see the same moment.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite { read, .. } => Tx::Sqlite(read.begin().await?),
            Db::Postgres(pool) => Tx::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }

    /// A transaction that writes. On SQLite it takes the write lock at once, so that it cannot
    /// fail half-way for want of it.
    pub async fn write(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite { write, .. } => Tx::Sqlite(write.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Waits for what is under way and closes the connections.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// Lets one ingest after the other through: versions are read, compared and written in one
    /// transaction, and two at a time could each overlook the other. SQLite has one writer anyway.
    pub async fn lock_facts(&mut self) -> Result<()> {
        self.lock("onehop facts").await
    }

    /// Lets one writer of acts after the other through, so that each sees the act before its own.
    pub async fn lock_acts(&mut self) -> Result<()> {
        self.lock("onehop acts").await
    }

    async fn lock(&mut self, name: &str) -> Result<()> {
        if let Tx::Postgres(tx) = self {
            sqlx::query("SELECT pg_advisory_xact_lock(hashtext($1))")
                .bind(name)
                .execute(&mut **tx)
                .await?;
        }
        Ok(())
    }

    /// Makes everything written durable and visible.
    pub async fn commit(self) -> Result<()> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

pub(super) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

/// What a PostgreSQL address says.
pub(super) fn server_options(url: &str) -> Result<PgConnectOptions> {
    PgConnectOptions::from_str(url).map_err(|_| Error::Address {
        url: hide_password(url),
    })
}

/// What an SQLite address says. Without a file each connection would have a database of its own,
/// gone with it.
pub(super) fn file_options(url: &str) -> Result<SqliteConnectOptions> {
    let wrong = || Error::Address {
        url: hide_password(url),
    };
    let file = url.strip_prefix("sqlite:").unwrap_or_default();
    if file.trim_start_matches('/').is_empty() || file.contains(":memory:") {
        return Err(wrong());
    }
    SqliteConnectOptions::from_str(url).map_err(|_| wrong())
}

/// Says at once that nothing answers; the pool would try for half a minute and not say why.
async fn reach(url: &str, options: &PgConnectOptions) -> Result<()> {
    let connection = PgConnection::connect_with(options).await;
    let connection = connection.map_err(|error| Error::Unreachable {
        url: hide_password(url),
        reason: error.to_string(),
    })?;
    Ok(connection.close().await?)
}

fn make_folder(file: &Path) -> Result<()> {
    let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|error| Error::Folder {
        path: folder.display().to_string(),
        reason: error.to_string(),
    })
}

fn unwritable(file: &Path, error: sqlx::Error) -> Error {
    match &error {
        sqlx::Error::Database(inner) if inner.code().as_deref() == Some("26") => {
            Error::NoDatabase {
                path: file.display().to_string(),
            }
        }
        sqlx::Error::Database(inner) if matches!(inner.code().as_deref(), Some("14" | "8")) => {
            Error::Folder {
                path: file.display().to_string(),
                reason: inner.message().to_owned(),
            }
        }
        _ => Error::Database(error),
    }
}

/// The address without what stands between `:` and `@`.
fn hide_password(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}

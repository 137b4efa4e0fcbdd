//! Copying an SQLite database whole, while others write to it.
//!
//! The copy is what stood at one moment, in one file, checked by the database itself. A file is never
//! copied byte by byte: beside it stands a log of what is not in it yet.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use super::db::{file_options, is_postgres, server_options};
use super::schema::{APPLIED, Schema, TABLE};
use super::{Error, Result};

/// Where a database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// SQLite's file.
    File(PathBuf),
    /// A PostgreSQL server, by what its own tools call it: host, port, user, database.
    Server(Vec<(&'static str, String)>),
}

impl Place {
    /// Read from a database's address; never with its password.
    pub fn of(url: &str) -> Result<Place> {
        if !is_postgres(url) {
            return Ok(Place::File(file_options(url)?.get_filename().to_owned()));
        }
        let options = server_options(url)?;
        let host = options.get_socket().map_or_else(
            || options.get_host().to_owned(),
            |socket| socket.display().to_string(),
        );
        let user = options.get_username().to_owned();
        let name = options.get_database().unwrap_or(&user).to_owned();
        Ok(Place::Server(vec![
            ("host", host),
            ("port", options.get_port().to_string()),
            ("username", user),
            ("dbname", name),
        ]))
    }
}

/// What an SQLite file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    pub schema: Schema,
    /// Whether no table of ours has a row.
    pub is_empty: bool,
}

/// Copies what `from` holds at this moment into `to`, an empty file, and has the copy checked.
pub async fn copy(from: &Path, to: &Path) -> Result<()> {
    let mut connection = open(from).await?;
    let copied = sqlx::query("VACUUM INTO $1")
        .bind(to.display().to_string())
        .execute(&mut connection)
        .await;
    connection.close().await?;
    copied.map_err(|error| broken(from, error))?;
    let mut connection = open(to).await?;
    let said = whole(&mut connection).await;
    connection.close().await?;
    match said.map_err(|error| broken(to, error))? {
        None => Ok(()),
        Some(reason) => Err(damaged(to, reason)),
    }
}

/// What a file holds, once the database has checked all of it. Nothing is changed.
pub async fn look(file: &Path) -> Result<Held> {
    let mut connection = open(file).await?;
    let held = held(&mut connection, file).await;
    connection.close().await?;
    held
}

/// Brings all that stands beside a file into it, so that it can be moved; false when another
/// program has it open.
pub async fn let_go(file: &Path) -> Result<bool> {
    let mut connection = open(file).await?;
    let mode: sqlx::Result<String> = sqlx::query_scalar("PRAGMA journal_mode = DELETE")
        .fetch_one(&mut connection)
        .await;
    connection.close().await?;
    match mode.map_err(|error| broken(file, error)) {
        Ok(mode) => Ok(mode == "delete"),
        // Nobody works with what is no database.
        Err(Error::NotOurs { .. } | Error::Damaged { .. }) => Ok(true),
        Err(_) => Ok(false),
    }
}

async fn open(file: &Path) -> Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(false)
        .busy_timeout(Duration::from_secs(2));
    let connection = options.connect().await;
    connection.map_err(|error| broken(file, error))
}

async fn held(connection: &mut SqliteConnection, file: &Path) -> Result<Held> {
    let said = whole(connection).await;
    if let Some(reason) = said.map_err(|error| broken(file, error))? {
        return Err(damaged(file, reason));
    }
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
            .fetch_all(&mut *connection)
            .await?;
    if tables.is_empty() {
        return Ok(Held {
            schema: Schema::of(None),
            is_empty: true,
        });
    }
    if !tables.iter().any(|table| table == TABLE) {
        return Err(Error::NotOurs {
            path: file.display().to_string(),
            reason: "it has other tables".to_owned(),
        });
    }
    let has = sqlx::query_scalar(APPLIED)
        .fetch_one(&mut *connection)
        .await?;
    let mut is_empty = true;
    for table in tables.iter().filter(|table| *table != TABLE) {
        let any = AssertSqlSafe(format!("SELECT 1 FROM \"{table}\" LIMIT 1"));
        let row: Option<i64> = sqlx::query_scalar(any)
            .fetch_optional(&mut *connection)
            .await?;
        is_empty &= row.is_none();
    }
    Ok(Held {
        schema: Schema::of(has),
        is_empty,
    })
}

/// What the database finds wrong with itself.
async fn whole(connection: &mut SqliteConnection) -> sqlx::Result<Option<String>> {
    let said: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_all(connection)
        .await?;
    Ok(said.into_iter().find(|line| line != "ok"))
}

fn broken(file: &Path, error: sqlx::Error) -> Error {
    let path = file.display().to_string();
    let code = error
        .as_database_error()
        .and_then(|inner| inner.code().map(|code| code.into_owned()));
    match code.as_deref() {
        Some("11") => damaged(file, error.to_string()),
        Some("14") => Error::NotOurs {
            path,
            reason: "it cannot be opened".to_owned(),
        },
        Some("26") => Error::NotOurs {
            path,
            reason: "it is no SQLite database".to_owned(),
        },
        _ => Error::Database(error),
    }
}

fn damaged(file: &Path, reason: String) -> Error {
    Error::Damaged {
        path: file.display().to_string(),
        reason,
    }
}

//! The yardstick of ingest: a loop that does nothing but insert the same rows.
//!
//! Its statements are prepared once, a transaction holds the rows of a thousand records, and the
//! file is set up as Onehop sets it up. It runs in two ways. Through the driver that Onehop uses, a
//! thousand rows a statement, since the driver's own thread is woken for each: the fastest that any
//! program on this driver can be, and what pushing is held against. And calling SQLite itself, a row
//! a statement, on its own thread: told beside it, for what the driver costs.

use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection as _, Sqlite};

/// Records a transaction, and a push.
pub const BATCH: usize = 1_000;

/// The rows of one table, in the order in which they were written.
struct Table {
    name: &'static str,
    columns: usize,
    rows: Vec<Vec<Value>>,
}

/// All rows that taking changes in writes.
pub struct Rows {
    raw: Table,
    changes: Table,
    links: Table,
    commits: Table,
}

impl Rows {
    /// Reads them from a database that took changes in.
    pub fn written_to(url: &str) -> Result<Rows> {
        let connection = open(url)?;
        Ok(Rows {
            raw: Table::read(&connection, "raw")?,
            changes: Table::read(&connection, "changes")?,
            links: Table::read(&connection, "change_links")?,
            commits: Table::read(&connection, "change_commits")?,
        })
    }

    /// How many changes, and how many links of changes.
    pub fn counts(&self) -> (usize, usize) {
        (self.changes.rows.len(), self.links.rows.len())
    }

    /// The tables, in the order in which a push writes them.
    fn tables(&self) -> [&Table; 4] {
        [&self.raw, &self.changes, &self.links, &self.commits]
    }

    /// The rows of each transaction.
    fn batches(&self) -> impl Iterator<Item = [(&Table, &[Vec<Value>]); 4]> {
        let batches = self.raw.rows.len();
        let each = move |table: &Table| table.rows.len().div_ceil(batches);
        (0..batches).map(move |batch| {
            self.tables().map(|table| {
                let all = table.rows.len();
                let begin = (batch * each(table)).min(all);
                (table, &table.rows[begin..(begin + each(table)).min(all)])
            })
        })
    }

    /// Inserts them all into an empty database through Onehop's driver; answers how long that took.
    pub async fn insert(&self, url: &str) -> Result<Duration> {
        let mut connection = SqliteConnectOptions::from_str(url)?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("wal_autocheckpoint", "4000")
            .pragma("cache_size", "-32000")
            .connect()
            .await?;
        let began = Instant::now();
        for rows in self.batches() {
            let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
            for (table, rows) in rows {
                for rows in rows.chunks(BATCH) {
                    table.statement(rows).execute(&mut *tx).await?;
                }
            }
            tx.commit().await?;
        }
        Ok(began.elapsed())
    }

    /// The same, calling SQLite itself.
    pub fn insert_directly(&self, url: &str) -> Result<Duration> {
        let connection = open(url)?;
        for (name, value) in [
            ("journal_mode", "wal"),
            ("synchronous", "normal"),
            ("wal_autocheckpoint", "4000"),
            ("cache_size", "-32000"),
        ] {
            connection.pragma_update(None, name, value)?;
        }
        let mut inserts = Vec::new();
        for table in self.tables() {
            inserts.push(connection.prepare(&table.insert(1))?);
        }
        let began = Instant::now();
        for rows in self.batches() {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            for ((_, rows), insert) in rows.into_iter().zip(&mut inserts) {
                for row in rows {
                    insert.execute(params_from_iter(row))?;
                }
            }
            connection.execute_batch("COMMIT")?;
        }
        Ok(began.elapsed())
    }
}

fn open(url: &str) -> Result<Connection> {
    let file = url.trim_start_matches("sqlite:");
    Ok(Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE,
    )?)
}

impl Table {
    fn read(connection: &Connection, name: &'static str) -> Result<Table> {
        let mut select = connection.prepare(&format!("SELECT * FROM {name} ORDER BY rowid"))?;
        let columns = select.column_count();
        let rows = select.query_map([], |row| {
            (0..columns).map(|column| row.get(column)).collect()
        })?;
        Ok(Table {
            name,
            columns,
            rows: rows.collect::<rusqlite::Result<_>>()?,
        })
    }

    /// A statement that inserts this many rows.
    fn insert(&self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.columns].join(", "));
        format!(
            "INSERT INTO {} VALUES {}",
            self.name,
            vec![row; rows].join(", ")
        )
    }

    fn statement<'a>(&self, rows: &'a [Vec<Value>]) -> Query<'a, Sqlite, SqliteArguments> {
        let query = sqlx::query(AssertSqlSafe(self.insert(rows.len())));
        rows.iter()
            .flatten()
            .fold(query, |query, value| match value {
                Value::Null => query.bind(None::<i64>),
                Value::Integer(number) => query.bind(number),
                Value::Real(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
                Value::Blob(bytes) => query.bind(bytes),
            })
    }
}

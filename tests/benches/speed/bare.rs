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

/// All rows that taking records in writes, in the order of the tables in which that happens.
pub struct Rows {
    tables: Vec<Table>,
    batches: usize,
}

impl Rows {
    /// Reads them from a database that took so many batches in.
    pub fn written_to(url: &str, tables: &[&'static str], batches: usize) -> Result<Rows> {
        let connection = open(url)?;
        let tables = tables.iter().map(|table| Table::read(&connection, table));
        Ok(Rows {
            tables: tables.collect::<Result<_>>()?,
            batches,
        })
    }

    /// How many there are of each table.
    pub fn counts(&self) -> Vec<usize> {
        self.tables.iter().map(|table| table.rows.len()).collect()
    }

    /// The rows of one transaction.
    fn batch(&self, batch: usize) -> impl Iterator<Item = (&Table, &[Vec<Value>])> {
        self.tables.iter().map(move |table| {
            let all = table.rows.len();
            let each = all.div_ceil(self.batches);
            let begin = (batch * each).min(all);
            (table, &table.rows[begin..(begin + each).min(all)])
        })
    }

    /// Inserts them all into an empty database through Onehop's driver, with some work before each
    /// transaction; answers how long that took.
    pub async fn insert(&self, url: &str, before: impl Fn(usize)) -> Result<Duration> {
        let mut connection = SqliteConnectOptions::from_str(url)?
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("wal_autocheckpoint", "4000")
            .pragma("cache_size", "-32000")
            .connect()
            .await?;
        let began = Instant::now();
        for batch in 0..self.batches {
            before(batch);
            let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
            for (table, rows) in self.batch(batch) {
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
        for table in &self.tables {
            inserts.push(connection.prepare(&table.insert(1))?);
        }
        let began = Instant::now();
        for batch in 0..self.batches {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            for ((_, rows), insert) in self.batch(batch).zip(&mut inserts) {
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

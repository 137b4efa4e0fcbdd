//! The yardstick of ingest: a loop that does nothing but insert the same rows.
//!
//! Every statement is prepared once and inserts one row; a transaction holds the rows of a
//! thousand records; the file is set up as Onehop sets it up. It calls SQLite on its own thread:
//! through a pool it would mostly measure how one thread wakes another.

use std::time::{Duration, Instant};

use anyhow::Result;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params_from_iter};

/// Records a transaction, and a push.
pub const BATCH: usize = 1_000;

/// The rows of one table, in the order in which they were written.
struct Table {
    insert: String,
    rows: Vec<Vec<Value>>,
}

/// All rows that taking changes in writes.
pub struct Rows {
    raw: Table,
    changes: Table,
    links: Table,
}

impl Rows {
    /// Reads them from a database that took changes in.
    pub fn written_to(url: &str) -> Result<Rows> {
        let connection = open(url)?;
        Ok(Rows {
            raw: Table::read(&connection, "raw")?,
            changes: Table::read(&connection, "changes")?,
            links: Table::read(&connection, "change_links")?,
        })
    }

    /// How many changes, and how many links of changes.
    pub fn counts(&self) -> (usize, usize) {
        (self.changes.rows.len(), self.links.rows.len())
    }

    /// Inserts them all into an empty database and answers how long that took.
    pub fn insert(&self, url: &str) -> Result<Duration> {
        let connection = open(url)?;
        for (name, value) in [
            ("journal_mode", "wal"),
            ("synchronous", "normal"),
            ("wal_autocheckpoint", "4000"),
            ("cache_size", "-32000"),
        ] {
            connection.pragma_update(None, name, value)?;
        }
        let mut into_raw = connection.prepare(&self.raw.insert)?;
        let mut into_changes = connection.prepare(&self.changes.insert)?;
        let mut into_links = connection.prepare(&self.links.insert)?;
        let began = Instant::now();
        let changes = self.changes.rows.chunks(BATCH);
        let links = self.links.rows.chunks(BATCH);
        for ((raw, changes), links) in self.raw.rows.iter().zip(changes).zip(links) {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            into_raw.execute(params_from_iter(raw))?;
            for (change, link) in changes.iter().zip(links) {
                into_changes.execute(params_from_iter(change))?;
                into_links.execute(params_from_iter(link))?;
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
    fn read(connection: &Connection, name: &str) -> Result<Table> {
        let mut select = connection.prepare(&format!("SELECT * FROM {name} ORDER BY rowid"))?;
        let columns = select.column_count();
        let rows = select.query_map([], |row| {
            (0..columns).map(|column| row.get(column)).collect()
        })?;
        let places: Vec<String> = (1..=columns).map(|place| format!("?{place}")).collect();
        Ok(Table {
            insert: format!("INSERT INTO {name} VALUES ({})", places.join(", ")),
            rows: rows.collect::<rusqlite::Result<_>>()?,
        })
    }
}

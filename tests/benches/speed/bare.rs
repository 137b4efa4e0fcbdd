//! The yardstick of ingest: a loop that does nothing but insert the same rows.
//!
//! Every statement is prepared once and inserts one row; a transaction holds the rows of a
//! thousand records; the file is opened as Onehop opens it.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use server::store::Db;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{AssertSqlSafe, Row, Sqlite, SqlitePool, TypeInfo, ValueRef};

/// Records a transaction, and a push.
pub const BATCH: usize = 1_000;

enum Cell {
    Null,
    Integer(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// The rows of one table, in the order in which they were written.
struct Table {
    insert: String,
    rows: Vec<Vec<Cell>>,
}

/// All rows that taking changes in writes.
pub struct Rows {
    raw: Table,
    changes: Table,
    links: Table,
}

impl Rows {
    /// Reads them from a database that took changes in.
    pub async fn written_to(db: &Db) -> Result<Rows> {
        let Db::Sqlite { read, .. } = db else {
            bail!("the yardstick is for SQLite");
        };
        Ok(Rows {
            raw: Table::read(read, "raw").await?,
            changes: Table::read(read, "changes").await?,
            links: Table::read(read, "change_links").await?,
        })
    }

    /// How many rows of raw deliveries, changes and links.
    pub fn counts(&self) -> [usize; 3] {
        [&self.raw, &self.changes, &self.links].map(|table| table.rows.len())
    }

    /// Inserts them all into an empty database and answers how long that took.
    pub async fn insert(&self, db: &Db) -> Result<Duration> {
        let Db::Sqlite { write, .. } = db else {
            bail!("the yardstick is for SQLite");
        };
        let began = Instant::now();
        let changes = self.changes.rows.chunks(BATCH);
        let links = self.links.rows.chunks(BATCH);
        for ((raw, changes), links) in self.raw.rows.iter().zip(changes).zip(links) {
            let mut tx = write.begin_with("BEGIN IMMEDIATE").await?;
            self.raw.query(raw).execute(&mut *tx).await?;
            for (change, link) in changes.iter().zip(links) {
                self.changes.query(change).execute(&mut *tx).await?;
                self.links.query(link).execute(&mut *tx).await?;
            }
            tx.commit().await?;
        }
        Ok(began.elapsed())
    }
}

impl Table {
    async fn read(pool: &SqlitePool, name: &str) -> Result<Table> {
        let select = AssertSqlSafe(format!("SELECT * FROM {name} ORDER BY rowid"));
        let rows = sqlx::query(select).fetch_all(pool).await?;
        let columns = rows.first().map_or(0, Row::len);
        let places: Vec<String> = (1..=columns).map(|place| format!("${place}")).collect();
        Ok(Table {
            insert: format!("INSERT INTO {name} VALUES ({})", places.join(", ")),
            rows: rows.iter().map(cells).collect::<Result<_>>()?,
        })
    }

    fn query<'q>(&'q self, row: &'q [Cell]) -> sqlx::query::Query<'q, Sqlite, SqliteArguments> {
        let query = sqlx::query(AssertSqlSafe(self.insert.as_str()));
        row.iter().fold(query, |query, cell| match cell {
            Cell::Null => query.bind(None::<i64>),
            Cell::Integer(value) => query.bind(value),
            Cell::Text(text) => query.bind(text),
            Cell::Blob(bytes) => query.bind(bytes),
        })
    }
}

fn cells(row: &SqliteRow) -> Result<Vec<Cell>> {
    (0..row.len())
        .map(|column| {
            let value = row.try_get_raw(column)?;
            Ok(match value.type_info().name() {
                "NULL" => Cell::Null,
                "INTEGER" => Cell::Integer(row.try_get(column)?),
                "TEXT" => Cell::Text(row.try_get(column)?),
                "BLOB" => Cell::Blob(row.try_get(column)?),
                other => bail!("column {column} holds a {other}"),
            })
        })
        .collect()
}

//! Everything a database holds, as text that can be compared.
//!
//! Read past the store, straight from the tables, so that no mistake of the store can hide in it.

use std::collections::BTreeMap;

use server::store::Db;
use server::store::packed::Packed;
use sqlx::{AssertSqlSafe, Row};

use crate::schema::{self, Kind};

/// Rows by table, each a line, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump(BTreeMap<String, Vec<String>>);

/// Everything but the instants of receipt and what is counted by them, which differ from run to run.
pub async fn whole(db: &Db) -> Dump {
    let tables = ["arrivals", "limits_left", "pulls"];
    without(db, &tables, &["received_at"]).await
}

/// What must not depend on how records were delivered: everything but the deliveries themselves and
/// where in them a row was found.
pub async fn facts(db: &Db) -> Dump {
    without(
        db,
        &[
            "arrivals",
            "limits_left",
            "pulls",
            "raw",
            "raw_refused",
            "receipts",
        ],
        &["received_at", "raw_id", "ordinal", "moved_at"],
    )
    .await
}

/// The same without what was declared and how far each source is read: what came, whoever brought it.
pub async fn without_registry(db: &Db) -> Dump {
    let Dump(mut tables) = facts(db).await;
    tables.retain(|name, _| !["cursors", "registry"].contains(&name.as_str()));
    Dump(tables)
}

async fn without(db: &Db, tables: &[&str], columns: &[&str]) -> Dump {
    let mut dump = BTreeMap::new();
    for (name, table) in schema::tables(db).await {
        if tables.contains(&name.as_str()) {
            continue;
        }
        let shown: Vec<(String, Kind)> = table
            .columns
            .into_iter()
            .filter(|(column, _)| !columns.contains(&column.as_str()))
            .map(|(column, of)| (column, of.kind))
            .collect();
        dump.insert(name.clone(), rows(db, &name, &shown).await);
    }
    Dump(dump)
}

async fn rows(db: &Db, table: &str, columns: &[(String, Kind)]) -> Vec<String> {
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let query = AssertSqlSafe(format!("SELECT {} FROM {table}", names.join(", ")));
    let mut lines: Vec<String> = match db {
        Db::Sqlite { read, .. } => {
            let rows = sqlx::query(query).fetch_all(read).await.unwrap();
            rows.iter().map(|row| line(row, columns)).collect()
        }
        Db::Postgres(pool) => {
            let rows = sqlx::query(query).fetch_all(pool).await.unwrap();
            rows.iter().map(|row| line(row, columns)).collect()
        }
    };
    lines.sort_unstable();
    lines
}

fn line<'r, R: Row>(row: &'r R, columns: &[(String, Kind)]) -> String
where
    usize: sqlx::ColumnIndex<R>,
    Option<String>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Option<Packed>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Option<f64>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Option<i64>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    let cells = columns.iter().enumerate().map(|(at, (name, kind))| {
        let value = match kind {
            Kind::Text => format!("{:?}", row.get::<Option<String>, _>(at)),
            Kind::Integer => format!("{:?}", row.get::<Option<i64>, _>(at)),
            Kind::Real => format!("{:?}", row.get::<Option<f64>, _>(at)),
            Kind::Bytes => bytes(row.get(at)),
        };
        format!("{name}={value}")
    });
    cells.collect::<Vec<_>>().join(" ")
}

/// What is packed as its text, anything else as it is: the one thing for which the store is asked.
fn bytes(packed: Option<Packed>) -> String {
    let text = packed.as_ref().map(Packed::text);
    match text {
        Some(Ok(text)) => format!("{:?}", Some(text)),
        _ => format!("{packed:?}"),
    }
}

impl Dump {
    /// The rows of a table.
    pub fn rows(&self, table: &str) -> &[String] {
        &self.0[table]
    }

    /// Fails with the first row that only one of the two has.
    pub fn assert_same(&self, other: &Dump, what: &str) {
        if self == other {
            return;
        }
        for (table, mine) in &self.0 {
            let theirs = &other.0[table];
            let only = |these: &[String], those: &[String]| {
                these
                    .iter()
                    .find(|row| those.binary_search(row).is_err())
                    .cloned()
                    .unwrap_or_default()
            };
            assert!(
                mine == theirs,
                "{what}: {table} has {} and {} rows\n  only in the first: {}\n  only in the second: {}",
                mine.len(),
                theirs.len(),
                only(mine, theirs),
                only(theirs, mine),
            );
        }
    }
}

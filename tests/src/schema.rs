//! What tables a database really has, as its own catalogue says.

use std::collections::BTreeMap;

use server::store::Db;

/// A table, by what both engines can say of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: BTreeMap<String, Column>,
    /// Columns of the primary key, in its order.
    pub key: Vec<String>,
    /// Other indexes, by name.
    pub indexes: BTreeMap<String, Index>,
    pub foreign_keys: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    pub kind: Kind,
    pub nullable: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    pub columns: Vec<String>,
    pub unique: bool,
}

/// The four types that both engines share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Integer,
    Real,
    Text,
    Bytes,
}

impl Kind {
    fn read(name: &str) -> Kind {
        match name {
            "INTEGER" | "bigint" => Kind::Integer,
            "REAL" | "double precision" => Kind::Real,
            "TEXT" | "text" => Kind::Text,
            "BLOB" | "bytea" => Kind::Bytes,
            other => panic!("a column has the type {other}, which not both engines have"),
        }
    }
}

/// All tables of ours, by name.
pub async fn tables(db: &Db) -> BTreeMap<String, Table> {
    let mut tables: BTreeMap<String, Table> = BTreeMap::new();
    for (table, column, kind, nullable) in columns(db).await {
        let kind = Kind::read(&kind);
        let columns = &mut tables.entry(table).or_default().columns;
        columns.insert(column, Column { kind, nullable });
    }
    for (table, index, column, unique, primary) in indexed_columns(db).await {
        let Some(table) = tables.get_mut(&table) else {
            continue;
        };
        if primary {
            table.key.push(column);
        } else {
            let index = table.indexes.entry(index).or_insert(Index {
                columns: Vec::new(),
                unique,
            });
            index.columns.push(column);
        }
    }
    for table in foreign_keys(db).await {
        tables.get_mut(&table).unwrap().foreign_keys += 1;
    }
    tables
}

/// Table, column, type, and whether it may be null.
async fn columns(db: &Db) -> Vec<(String, String, String, bool)> {
    match db {
        Db::Sqlite { read, .. } => sqlx::query_as(
            "SELECT m.name, c.name, c.type, c.\"notnull\" = 0 FROM sqlite_master m, pragma_table_info(m.name) c \
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE '_sqlx_%'",
        )
        .fetch_all(read)
        .await
        .unwrap(),
        Db::Postgres(pool) => sqlx::query_as(
            "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES' \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx\\_%'",
        )
        .fetch_all(pool)
        .await
        .unwrap(),
    }
}

/// Table, index, column, whether it is unique, and whether it is the primary key; in index order.
async fn indexed_columns(db: &Db) -> Vec<(String, String, String, bool, bool)> {
    match db {
        Db::Sqlite { read, .. } => sqlx::query_as(
            "SELECT m.name, l.name, c.name, l.\"unique\" = 1, l.origin = 'pk' \
             FROM sqlite_master m, pragma_index_list(m.name) l, pragma_index_info(l.name) c \
             WHERE m.type = 'table' ORDER BY m.name, l.name, c.seqno",
        )
        .fetch_all(read)
        .await
        .unwrap(),
        Db::Postgres(pool) => sqlx::query_as(
            "SELECT t.relname::text, i.relname::text, a.attname::text, x.indisunique, x.indisprimary \
             FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid \
             JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public' \
             CROSS JOIN LATERAL unnest(x.indkey) WITH ORDINALITY AS k (attnum, place) \
             JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum ORDER BY 1, 2, k.place",
        )
        .fetch_all(pool)
        .await
        .unwrap(),
    }
}

/// The tables that refer to others, once for each reference.
async fn foreign_keys(db: &Db) -> Vec<String> {
    match db {
        Db::Sqlite { read, .. } => sqlx::query_scalar(
            "SELECT m.name FROM sqlite_master m, pragma_foreign_key_list(m.name) WHERE m.type = 'table'",
        )
        .fetch_all(read)
        .await
        .unwrap(),
        Db::Postgres(pool) => sqlx::query_scalar(
            "SELECT t.relname::text FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid WHERE c.contype = 'f'",
        )
        .fetch_all(pool)
        .await
        .unwrap(),
    }
}

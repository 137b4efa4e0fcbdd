//! Finding what names a person, and writing over it: columns of text, whatever their table.

use sqlx::QueryBuilder;

use super::db::on;
use super::{Db, Result, Tx};

/// A table, and a column of text in it.
pub type Column = (&'static str, &'static str);

/// The different values of a column that hold one of these, given in lower case.
pub async fn holding(tx: &mut Tx, (table, column): Column, names: &[&str]) -> Result<Vec<String>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new("SELECT DISTINCT ");
        query.push(column).push(" FROM ").push(table).push(" WHERE ");
        for (at, name) in names.iter().enumerate() {
            query.push(if at == 0 { "" } else { " OR " });
            query.push("replace(lower(").push(column).push("), ").push_bind(*name);
            query.push(", '') <> lower(").push(column).push(")");
        }
        query.build_query_scalar().fetch_all(conn).await
    })?)
}

/// Writes a value of a column over wherever it stands; answers in how many rows.
pub async fn replace(
    tx: &mut Tx,
    (table, column): Column,
    (old, new): (&str, &str),
) -> Result<u64> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new("UPDATE ");
        query.push(table).push(" SET ").push(column).push(" = ").push_bind(new);
        query.push(" WHERE ").push(column).push(" = ").push_bind(old);
        query.build().execute(conn).await.map(|done| done.rows_affected())
    })?)
}

/// The ids of the changes that hold one of these anywhere, given in lower case.
pub async fn changes_naming(tx: &mut Tx, names: &[&str]) -> Result<Vec<String>> {
    const TEXT: &str = "lower(author_id || ' ' || commits || ' ' || trailers || ' ' || COALESCE(branch, '') \
                        || ' ' || COALESCE(title, '') || ' ' || COALESCE(url, ''))";
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new("SELECT id FROM changes WHERE ");
        for (at, name) in names.iter().enumerate() {
            query.push(if at == 0 { "" } else { " OR " });
            query.push("replace(").push(TEXT).push(", ").push_bind(*name);
            query.push(", '') <> ").push(TEXT);
        }
        query.push(" ORDER BY id");
        query.build_query_scalar().fetch_all(conn).await
    })?)
}

/// How many rows of the tables of accounts are this person's.
pub async fn count_accounts(tx: &mut Tx, email: &str) -> Result<Vec<(&'static str, u64)>> {
    let mut counts = Vec::new();
    for table in ["people", "sessions", "sign_in_links"] {
        let rows: i64 = on!(tx, conn => {
            let mut query = QueryBuilder::new("SELECT COUNT(*) FROM ");
            query.push(table).push(" WHERE email = ").push_bind(email);
            query.build_query_scalar().fetch_one(conn).await
        })?;
        counts.push((table, rows.unsigned_abs()));
    }
    Ok(counts)
}

/// Forgets failed sign-ins, whose keys name who tried.
pub async fn forget_attempts(tx: &mut Tx, email: &str) -> Result<()> {
    for key in holding(tx, ("sign_in_attempts", "key"), &[email]).await? {
        super::accounts::attempts::forget(tx, &key).await?;
    }
    Ok(())
}

/// Has SQLite write zeros over what it frees from now on. PostgreSQL's own vacuum does it later.
pub async fn write_over(tx: &mut Tx) -> Result<()> {
    if let Tx::Sqlite(tx) = tx {
        sqlx::query("PRAGMA secure_delete = ON")
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Has SQLite empty its log, in which the former pages may still stand.
pub async fn empty_log(db: &Db) -> Result<()> {
    if let Db::Sqlite { write, .. } = db {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(write)
            .await?;
    }
    Ok(())
}

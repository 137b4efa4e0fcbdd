//! Records by the address of their page at their source.

use sqlx::QueryBuilder;

use super::db::{on, push_ids};
use super::{Result, Tx};

/// A record that has an address.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Addressed {
    /// `change`, `deployment` or `incident`.
    pub kind: String,
    pub id: String,
    pub url: String,
}

/// The records at these addresses, at most so many of each kind, by id.
pub async fn at(tx: &mut Tx, urls: &[&str], most: i64) -> Result<Vec<Addressed>> {
    let mut found = Vec::new();
    if urls.is_empty() {
        return Ok(found);
    }
    for (kind, table) in [
        ("change", "changes"),
        ("deployment", "deployments"),
        ("incident", "incidents"),
    ] {
        let rows: Vec<Addressed> = on!(tx, conn => {
            let mut query = QueryBuilder::new(format!(
                "SELECT '{kind}' AS kind, id, url FROM {table} WHERE url IN ("
            ));
            push_ids(&mut query, urls);
            query.push(" ORDER BY id LIMIT ").push_bind(most);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

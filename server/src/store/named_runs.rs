//! Which changes name a run or a session, so that they are found when it comes.

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids, push_pairs};
use super::put::{Columns, put};
use super::{Result, Tx};

const COLUMNS: Columns = Columns {
    table: "change_runs",
    key: &["service", "change_id", "run_id"],
    rest: &[],
};

/// Service and id of a change, and a run or session that it names.
pub type Named<'a> = (&'a str, &'a str, &'a str);

/// Writes which runs changes name; `before` gives the changes that may have named others.
pub async fn replace(tx: &mut Tx, named: &[Named<'_>], before: &[(&str, &str)]) -> Result<()> {
    for keys in before.chunks(MAX_BINDS / 2) {
        on!(tx, conn => {
            let mut query = QueryBuilder::new("DELETE FROM change_runs WHERE (service, change_id) IN (");
            push_pairs(&mut query, keys);
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    restore(tx, named).await
}

/// Writes which runs changes name, unless it stands there.
pub async fn restore(tx: &mut Tx, named: &[Named<'_>]) -> Result<()> {
    Ok(put!(tx, COLUMNS, named, |bind,
                                 (service, id, run): &Named<
        '_,
    >| bind
        .push_bind(*service)
        .push_bind(*id)
        .push_bind(*run))?)
}

/// The changes that name one of these runs.
pub async fn naming(tx: &mut Tx, runs: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for runs in runs.chunks(MAX_BINDS) {
        let rows: Vec<String> = on!(tx, conn => {
            let mut query = QueryBuilder::new("SELECT DISTINCT change_id FROM change_runs WHERE run_id IN (");
            push_ids(&mut query, runs);
            query.push(" ORDER BY change_id");
            query.build_query_scalar().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

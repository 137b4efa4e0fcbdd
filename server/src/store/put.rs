//! Writes many rows over what was there.

/// A table, and its columns in the order in which their values are bound.
pub(crate) struct Columns {
    pub(crate) table: &'static str,
    /// The primary key.
    pub(crate) key: &'static [&'static str],
    pub(crate) rest: &'static [&'static str],
}

impl Columns {
    /// All of them, the key's first.
    pub(crate) fn list(&self) -> String {
        [self.key, self.rest].concat().join(", ")
    }

    pub(crate) fn insert(&self) -> String {
        format!("INSERT INTO {} ({}) ", self.table, self.list())
    }

    /// What becomes of a row that is there already.
    pub(crate) fn over(&self) -> String {
        if self.rest.is_empty() {
            return " ON CONFLICT DO NOTHING".to_owned();
        }
        let set: Vec<String> = self
            .rest
            .iter()
            .map(|column| format!("{column} = excluded.{column}"))
            .collect();
        format!(
            " ON CONFLICT ({}) DO UPDATE SET {}",
            self.key.join(", "),
            set.join(", ")
        )
    }
}

/// Rows a statement: few enough that the next can be put together while one runs.
pub(crate) const ROWS: usize = 250;

/// Writes a slice of rows; the closure binds one row's values in the order of the columns.
///
/// ```text
/// put!(tx, COLUMNS, rows, |bind, row: &Row| bind.push_bind(&row.id).push_bind(row.at))
/// ```
macro_rules! put {
    ($tx:expr, $columns:expr, $rows:expr, |$bind:ident, $row:tt: &$of:ty| $values:expr) => {{
        let (insert, over) = ($columns.insert(), $columns.over());
        $crate::store::db::on!($tx, conn => {
            let mut statements = $rows.chunks($crate::store::put::ROWS).map(|rows: &[$of]| {
                let mut query = sqlx::QueryBuilder::new(insert.as_str());
                query.push_values(rows, |mut $bind, $row| {
                    $values;
                });
                query.push(over.as_str());
                // Only statements of the usual length come again and are worth keeping.
                (query, rows.len() == $crate::store::put::ROWS)
            });
            let mut next = statements.next();
            let mut outcome = Ok(());
            while let (Some((mut query, keep)), Ok(())) = (next.take(), &outcome) {
                let run = query.build().persistent(keep).execute(&mut *conn);
                let (done, following) = tokio::join!(run, async { statements.next() });
                outcome = done.map(|_| ());
                next = following;
            }
            outcome
        })
    }};
}
pub(crate) use put;

//! The yardstick of linking: each row of changes, deployments and incidents is read once, and for each
//! change and deployment one link is inserted, as long as those that are derived.
//!
//! Through the driver that Onehop uses, with its settings: a thousand rows a statement and a
//! transaction, statements prepared once.

use std::str::FromStr;
use std::time::{Duration, Instant};

use anyhow::Result;
use sqlx::query::Query;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, Sqlite, SqliteConnection};

use crate::bare::BATCH;

/// A database that is read, and what its links look like.
pub struct Reading {
    from: SqliteConnection,
    change: Typical,
    deployment: Typical,
}

/// Texts of the usual length.
#[derive(Clone, sqlx::FromRow)]
struct Typical {
    evidence: String,
    workflows: String,
}

type Insert<'a> = Query<'a, Sqlite, SqliteArguments>;

impl Reading {
    /// Of a database whose links are there still.
    pub async fn of(url: &str) -> Result<Reading> {
        let mut from = connect(url).await?;
        Ok(Reading {
            change: typical(&mut from, "change_links").await?,
            deployment: typical(&mut from, "deployment_links").await?,
            from,
        })
    }

    /// Reads all and inserts a link for each into an empty database; answers how long that took.
    pub async fn insert(mut self, url: &str) -> Result<Duration> {
        let mut to = connect(url).await?;
        let began = Instant::now();
        self.read("changes", &mut Some((&mut to, CHANGE, change)))
            .await?;
        self.read("deployments", &mut Some((&mut to, DEPLOYMENT, deployment)))
            .await?;
        self.read("incidents", &mut None).await?;
        Ok(began.elapsed())
    }

    /// Reads a table in the order of its key, and hands each page on to be inserted.
    async fn read(&mut self, table: &'static str, into: &mut Option<Into<'_>>) -> Result<()> {
        let page = format!(
            "SELECT * FROM {table} WHERE (service, id) > (?, ?) ORDER BY service, id LIMIT {BATCH}"
        );
        let typical = match table {
            "changes" => self.change.clone(),
            _ => self.deployment.clone(),
        };
        let mut last = (String::new(), String::new());
        loop {
            let query = sqlx::query(AssertSqlSafe(page.as_str()));
            let query = query.bind(&last.0).bind(&last.1);
            let rows = query.fetch_all(&mut self.from).await?;
            let Some(row) = rows.last() else {
                return Ok(());
            };
            last = (row.try_get("service")?, row.try_get("id")?);
            if let Some((to, insert, bind)) = into {
                let values = vec![insert.1; rows.len()].join(", ");
                let statement = format!("INSERT INTO {} VALUES {values}", insert.0);
                let mut tx = to.begin_with("BEGIN IMMEDIATE").await?;
                let mut query = sqlx::query(AssertSqlSafe(statement));
                for row in &rows {
                    query = bind(query, row, &typical)?;
                }
                query.execute(&mut *tx).await?;
                tx.commit().await?;
            }
        }
    }
}

/// Where rows go, how, and what binds one of them.
type Into<'a> = (
    &'a mut SqliteConnection,
    (&'static str, &'static str),
    for<'q> fn(Insert<'q>, &SqliteRow, &Typical) -> Result<Insert<'q>>,
);

const CHANGE: (&str, &str) = (
    "change_links",
    "(?, ?, 1, 'assisted', ?, ?, ?, ?, ?, NULL, NULL, ?, ?, 0, 0, NULL, ?, ?, ?)",
);
const DEPLOYMENT: (&str, &str) = (
    "deployment_links (service, deployment_id, version, finished_at, standing, is_first, kind, \
     is_rework, next_is_remedy, reach, evidence, reason, workflows)",
    "(?, ?, 1, ?, 'success', 0, 'planned', 0, 0, ?, ?, NULL, ?)",
);

fn change<'q>(query: Insert<'q>, row: &SqliteRow, typical: &Typical) -> Result<Insert<'q>> {
    let created_at: Option<i64> = row.try_get("created_at")?;
    let merged_at: Option<i64> = row.try_get("merged_at")?;
    let lines: Option<i64> = row.try_get("additions")?;
    let id: String = row.try_get("id")?;
    Ok(query
        .bind(row.try_get::<String, _>("service")?)
        .bind(id.clone())
        .bind(typical.evidence.clone())
        .bind(typical.workflows.clone())
        .bind(created_at)
        .bind(created_at)
        .bind(created_at)
        .bind(merged_at)
        .bind(lines)
        .bind(merged_at.map(|_| id))
        .bind(merged_at)
        .bind(merged_at))
}

fn deployment<'q>(query: Insert<'q>, row: &SqliteRow, typical: &Typical) -> Result<Insert<'q>> {
    let finished_at: i64 = row.try_get("finished_at")?;
    Ok(query
        .bind(row.try_get::<String, _>("service")?)
        .bind(row.try_get::<String, _>("id")?)
        .bind(finished_at)
        .bind(finished_at)
        .bind(typical.evidence.clone())
        .bind(typical.workflows.clone()))
}

/// The row whose evidence is nearest to the usual length.
async fn typical(from: &mut SqliteConnection, table: &str) -> Result<Typical> {
    let query = format!(
        "SELECT evidence, workflows FROM {table} \
         ORDER BY ABS(LENGTH(evidence) - (SELECT AVG(LENGTH(evidence)) FROM {table})) LIMIT 1"
    );
    Ok(sqlx::query_as(AssertSqlSafe(query)).fetch_one(from).await?)
}

async fn connect(url: &str) -> Result<SqliteConnection> {
    Ok(SqliteConnectOptions::from_str(url)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .row_buffer_size(1_024)
        .pragma("wal_autocheckpoint", "4000")
        .pragma("cache_size", "-32000")
        .pragma("temp_store", "memory")
        .connect()
        .await?)
}

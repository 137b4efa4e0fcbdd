//! A deployment that arrives long after it was done: which rows it writes, and how long that takes.
//!
//! Its own slice is the changes merged by then and delivered only later, the attempts right before and
//! after it, the incidents laid to it, and the weeks in which these stand or stood.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use chrono::DateTime;
use rusqlite::Connection;
use serde_json::json;
use server::figures::{self, Because};
use server::ingest::{self, Delivery, StreamName};
use server::store::{Db, registry};

/// How many are timed.
const RUNS: usize = 9;
/// How long after a merge it is done; the next one follows later.
const AFTER_MERGE_MS: i64 = 30_000;

/// What came of late deployments.
pub struct Late {
    /// Rows that one of them wrote and that are not of its slice.
    pub written_beside: usize,
    /// From its arrival until all figures were current.
    pub spent: Vec<Duration>,
}

/// A table of what is derived, and what names one of its rows.
const WATCHED: [(&str, &str); 5] = [
    ("change_links", "change_id"),
    ("deployment_links", "deployment_id"),
    ("incident_links", "incident_id"),
    ("remedies", "remedy_id"),
    ("figures", "week"),
];

pub async fn deployments(db: &Db, url: &str) -> Result<Late> {
    let connection = Connection::open(url.trim_start_matches("sqlite:"))?;
    let mut late = Late {
        written_beside: 0,
        spent: Vec::new(),
    };
    for run in 0..RUNS {
        late.spent
            .push(Arriving::at(&connection, run)?.arrive(db).await?);
    }
    let arriving = Arriving::at(&connection, RUNS)?;
    let mut slice = arriving.slice(db, &connection).await?;
    watch(&connection)?;
    arriving.arrive(db).await?;
    slice.extend(arriving.incidents(&connection)?);
    let written = written(&connection)?;
    println!("  one late deployment wrote {} rows", written.len());
    ensure!(!written.is_empty(), "nothing was written");
    let beside: Vec<&(String, String)> = written.difference(&slice).collect();
    if !beside.is_empty() {
        println!("  not of its slice: {beside:?}");
    }
    late.written_beside = beside.len();
    Ok(late)
}

/// One late deployment.
struct Arriving {
    service: String,
    id: String,
    commit: String,
    finished_at: i64,
}

impl Arriving {
    /// Of some service, somewhere in the middle of its history, between a merge and its delivery.
    fn at(connection: &Connection, run: usize) -> Result<Arriving> {
        let service: String = connection.query_row(
            "SELECT service FROM deployments GROUP BY service HAVING COUNT(changes) = 0 ORDER BY service LIMIT 1",
            [],
            |row| row.get(0),
        )?;
        let delivered = "FROM change_links l JOIN changes c ON c.service = l.service AND c.id = l.change_id \
             WHERE l.service = ?1 AND l.deployment_at > l.merged_at + 60000 AND c.merge_commit IS NOT NULL";
        let all: i64 =
            connection.query_row(&format!("SELECT COUNT(*) {delivered}"), [&service], |row| {
                row.get(0)
            })?;
        let (commit, merged_at): (String, i64) = connection.query_row(
            &format!("SELECT c.merge_commit, l.merged_at {delivered} ORDER BY l.merged_at LIMIT 1 OFFSET ?2"),
            (&service, all * (run as i64 + 1) / (RUNS as i64 + 2)),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        Ok(Arriving {
            id: format!("late-{run}-{commit}"),
            service,
            commit,
            finished_at: merged_at + AFTER_MERGE_MS,
        })
    }

    /// Takes it in and brings everything up to date.
    async fn arrive(&self, db: &Db) -> Result<Duration> {
        let record = json!({
            "id": self.id,
            "service": self.service,
            "environment": "production",
            "commit": self.commit,
            "finished_at": DateTime::from_timestamp_millis(self.finished_at).map(|at| at.to_rfc3339()),
            "result": "success",
        });
        let text = record.to_string();
        let delivery = Delivery {
            source: "bench",
            records: &[&text],
            received_at_ms: self.finished_at,
        };
        let began = Instant::now();
        let outcome = ingest::take(db, StreamName::Deployments, delivery).await?;
        figures::refresh(db, &Because::records(self.finished_at), &|_, _, _| {}).await?;
        let spent = began.elapsed();
        ensure!(outcome.accepted == 1, "{outcome:?}");
        Ok(spent)
    }

    /// What it may write, told before it arrives.
    async fn slice(&self, db: &Db, connection: &Connection) -> Result<BTreeSet<(String, String)>> {
        let mut slice = BTreeSet::from([row("deployment_links", &self.id)]);
        let mut instants = vec![self.finished_at];
        let mut beside = |table: &str, query: &str| -> Result<()> {
            let mut query = connection.prepare(query)?;
            let found = query.query_map((&self.service, self.finished_at), |found| {
                Ok((found.get::<_, String>(0)?, found.get::<_, i64>(1)?))
            })?;
            for found in found {
                let (id, at) = found?;
                slice.insert(row(table, &id));
                instants.push(at);
            }
            Ok(())
        };
        beside(
            "change_links",
            "SELECT change_id, deployment_at FROM change_links \
             WHERE service = ?1 AND merged_at <= ?2 AND deployment_at > ?2",
        )?;
        for (order, than) in [("DESC", "<="), ("ASC", ">")] {
            beside(
                "deployment_links",
                &format!(
                    "SELECT deployment_id, finished_at FROM deployment_links \
                     WHERE service = ?1 AND finished_at {than} ?2 ORDER BY finished_at {order} LIMIT 1"
                ),
            )?;
        }
        let mut tx = db.read().await?;
        let calendar = figures::calendar(&registry::load(&mut tx).await?.company);
        let weeks = instants.iter().map(|at| calendar.week_of(*at).to_string());
        slice.extend(weeks.map(|week| row("figures", &week)));
        Ok(slice)
    }

    /// The incidents that are laid to it.
    fn incidents(&self, connection: &Connection) -> Result<Vec<(String, String)>> {
        let mut query = connection
            .prepare("SELECT incident_id FROM incident_links WHERE deployment_id = ?1")?;
        let laid = query.query_map([&self.id], |found| found.get::<_, String>(0))?;
        laid.map(|id| Ok(row("incident_links", &id?))).collect()
    }
}

fn row(table: &str, name: &str) -> (String, String) {
    (table.to_owned(), name.to_owned())
}

/// Notes from now on which rows are written, even with what they held before.
fn watch(connection: &Connection) -> Result<()> {
    connection.execute_batch(
        "DROP TABLE IF EXISTS written; CREATE TABLE written (what TEXT NOT NULL, name TEXT NOT NULL)",
    )?;
    for (table, name) in WATCHED {
        for (event, side) in [("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old")] {
            connection.execute_batch(&format!(
                "DROP TRIGGER IF EXISTS {table}_{event}; \
                 CREATE TRIGGER {table}_{event} AFTER {event} ON {table} \
                 BEGIN INSERT INTO written VALUES ('{table}', {side}.{name}); END"
            ))?;
        }
    }
    Ok(())
}

/// What was noted; nothing is any more.
fn written(connection: &Connection) -> Result<BTreeSet<(String, String)>> {
    let mut query = connection.prepare("SELECT DISTINCT what, name FROM written")?;
    let noted = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let noted = noted.collect::<rusqlite::Result<_>>()?;
    for (table, _) in WATCHED {
        for event in ["INSERT", "UPDATE", "DELETE"] {
            connection.execute_batch(&format!("DROP TRIGGER {table}_{event}"))?;
        }
    }
    connection.execute_batch("DROP TABLE written")?;
    Ok(noted)
}

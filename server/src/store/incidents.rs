//! Incidents, and what an incident system keeps beside them: alerts, drills, maintenance.

use serde::Deserialize;
use sqlx::QueryBuilder;

use super::blame::Blamed;
use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::versions::Version;
use super::{Result, Tx, from_word};

/// An incident as its source tells it. Its instants may stand in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// Its home is the service, and empty where it names none.
    pub version: Version,
    pub severity: Option<String>,
    /// What it turned out to be; without a word on that it is an incident.
    pub kind: Option<Kind>,
    pub title: Option<String>,
    pub started_at: i64,
    pub acknowledged_at: Option<i64>,
    pub resolved_at: Option<i64>,
    pub caused_by: Option<Blamed>,
    pub url: Option<String>,
}

/// What a record of an incident system is; only the first is an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Incident,
    Alert,
    Drill,
    Declined,
    Merged,
    Maintenance,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Kind::Incident => "incident",
            Kind::Alert => "alert",
            Kind::Drill => "drill",
            Kind::Declined => "declined",
            Kind::Merged => "merged",
            Kind::Maintenance => "maintenance",
        }
    }
}

const COLUMNS: Columns = Columns {
    table: "incidents",
    key: &["service", "id"],
    rest: &[
        "updated_at",
        "hash",
        "raw_id",
        "ordinal",
        "severity",
        "kind",
        "title",
        "started_at",
        "acknowledged_at",
        "resolved_at",
        "caused_by_kind",
        "caused_by_id",
        "url",
    ],
};

/// Writes these incidents over what was there.
pub async fn put(tx: &mut Tx, incidents: &[Incident]) -> Result<()> {
    Ok(put!(
        tx,
        COLUMNS,
        incidents,
        |bind, incident: &Incident| {
            let caused_by = incident.caused_by.as_ref();
            bind.push_bind(&incident.version.home)
                .push_bind(&incident.version.id)
                .push_bind(incident.version.updated_at)
                .push_bind(&incident.version.hash)
                .push_bind(&incident.version.raw_id)
                .push_bind(incident.version.ordinal)
                .push_bind(&incident.severity)
                .push_bind(incident.kind.map(Kind::as_str))
                .push_bind(&incident.title)
                .push_bind(incident.started_at)
                .push_bind(incident.acknowledged_at)
                .push_bind(incident.resolved_at)
                .push_bind(caused_by.map(|blamed| blamed.kind.as_str()))
                .push_bind(caused_by.map(|blamed| blamed.id.as_str()))
                .push_bind(&incident.url)
        }
    )?)
}

const SELECT: &str = "SELECT service AS home, id, updated_at, hash, raw_id, ordinal, severity, kind, title, \
     started_at, acknowledged_at, resolved_at, caused_by_kind, caused_by_id, url FROM incidents ";

/// The incidents with these ids, wherever they live; ids that are not known are passed over.
pub async fn find(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Incident>> {
    let mut found = Vec::new();
    for ids in ids.chunks(MAX_BINDS) {
        let rows: Vec<Stored> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push("WHERE id IN (");
            push_ids(&mut query, ids);
            query.build_query_as().fetch_all(conn).await
        })?;
        for row in rows {
            found.push(row.read()?);
        }
    }
    Ok(found)
}

/// A row as it stands, words still texts.
#[derive(sqlx::FromRow)]
struct Stored {
    #[sqlx(flatten)]
    version: Version,
    severity: Option<String>,
    kind: Option<String>,
    title: Option<String>,
    started_at: i64,
    acknowledged_at: Option<i64>,
    resolved_at: Option<i64>,
    caused_by_kind: Option<String>,
    caused_by_id: Option<String>,
    url: Option<String>,
}

impl Stored {
    fn read(self) -> Result<Incident> {
        Ok(Incident {
            version: self.version,
            severity: self.severity,
            kind: from_word("the kind of an incident", self.kind)?,
            title: self.title,
            started_at: self.started_at,
            acknowledged_at: self.acknowledged_at,
            resolved_at: self.resolved_at,
            caused_by: Blamed::read(self.caused_by_kind, self.caused_by_id)?,
            url: self.url,
        })
    }
}

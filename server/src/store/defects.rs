//! Defects, wherever they were found.

use serde::Deserialize;
use sqlx::QueryBuilder;

use super::blame::Blamed;
use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::versions::Version;
use super::{Result, Tx, from_word};

/// A defect as its source tells it. Its instants may stand in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Its home is the service, and empty where it names none.
    pub version: Version,
    pub title: Option<String>,
    pub found_at: i64,
    /// None where it is not known.
    pub found_in: Option<FoundIn>,
    pub resolved_at: Option<i64>,
    pub resolution: Option<Resolution>,
    pub severity: Option<String>,
    pub introduced_by: Option<Blamed>,
}

/// Whether it had reached production when it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundIn {
    Production,
    PreRelease,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Resolution {
    Fixed,
    Duplicate,
    NotADefect,
    WontFix,
}

impl FoundIn {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            FoundIn::Production => "production",
            FoundIn::PreRelease => "pre_release",
        }
    }

    /// The place of this name.
    pub fn parse(text: &str) -> Option<FoundIn> {
        [FoundIn::Production, FoundIn::PreRelease]
            .into_iter()
            .find(|place| place.as_str() == text)
    }
}

impl Resolution {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Resolution::Fixed => "fixed",
            Resolution::Duplicate => "duplicate",
            Resolution::NotADefect => "not_a_defect",
            Resolution::WontFix => "wont_fix",
        }
    }
}

const COLUMNS: Columns = Columns {
    table: "defects",
    key: &["service", "id"],
    rest: &[
        "updated_at",
        "hash",
        "raw_id",
        "ordinal",
        "title",
        "found_at",
        "found_in",
        "resolved_at",
        "resolution",
        "severity",
        "introduced_by_kind",
        "introduced_by_id",
    ],
};

/// Writes these defects over what was there.
pub async fn put(tx: &mut Tx, defects: &[Defect]) -> Result<()> {
    Ok(put!(tx, COLUMNS, defects, |bind, defect: &Defect| {
        let introduced_by = defect.introduced_by.as_ref();
        bind.push_bind(&defect.version.home)
            .push_bind(&defect.version.id)
            .push_bind(defect.version.updated_at)
            .push_bind(&defect.version.hash)
            .push_bind(&defect.version.raw_id)
            .push_bind(defect.version.ordinal)
            .push_bind(&defect.title)
            .push_bind(defect.found_at)
            .push_bind(defect.found_in.map(FoundIn::as_str))
            .push_bind(defect.resolved_at)
            .push_bind(defect.resolution.map(Resolution::as_str))
            .push_bind(&defect.severity)
            .push_bind(introduced_by.map(|blamed| blamed.kind.as_str()))
            .push_bind(introduced_by.map(|blamed| blamed.id.as_str()))
    })?)
}

const SELECT: &str = "SELECT service AS home, id, updated_at, hash, raw_id, ordinal, title, found_at, found_in, \
     resolved_at, resolution, severity, introduced_by_kind, introduced_by_id FROM defects ";

/// The defects with these ids, wherever they live; ids that are not known are passed over.
pub async fn find(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Defect>> {
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
    title: Option<String>,
    found_at: i64,
    found_in: Option<String>,
    resolved_at: Option<i64>,
    resolution: Option<String>,
    severity: Option<String>,
    introduced_by_kind: Option<String>,
    introduced_by_id: Option<String>,
}

impl Stored {
    fn read(self) -> Result<Defect> {
        Ok(Defect {
            version: self.version,
            title: self.title,
            found_at: self.found_at,
            found_in: from_word("where a defect was found", self.found_in)?,
            resolved_at: self.resolved_at,
            resolution: from_word("the resolution of a defect", self.resolution)?,
            severity: self.severity,
            introduced_by: Blamed::read(self.introduced_by_kind, self.introduced_by_id)?,
        })
    }
}

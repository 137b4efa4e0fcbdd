//! The stream `reviews`: who reviewed a change, when, with what verdict.

use serde::{Deserialize, Serialize};

use super::Arrived;
use super::changes::Person;
use crate::ingest::instant::Instant;
use crate::ingest::json::Json;
use crate::ingest::record::{name, typed};
use crate::ingest::{Refusal, Stream, StreamName};
use crate::links;
use crate::links::changes::Because;
use crate::store::registry::Registry;
use crate::store::reviews::{self, Review};
use crate::store::versions::Version;
use crate::store::{self, Tx, changes};

pub(crate) struct Reviews;

#[derive(Deserialize)]
struct Record {
    id: String,
    change: String,
    updated_at: Option<Instant>,
    author: Person,
    state: State,
    submitted_at: Instant,
    commit: Option<String>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum State {
    Approved,
    ChangesRequested,
    Commented,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            State::Approved => "approved",
            State::ChangesRequested => "changes_requested",
            State::Commented => "commented",
        }
    }
}

impl Stream for Reviews {
    type Row = Review;
    const NAME: StreamName = StreamName::Reviews;

    fn read(record: &Json<'_>) -> Result<Review, Refusal> {
        let record: Record = typed(record)?;
        name("id", &record.id)?;
        name("change", &record.change)?;
        Ok(Review {
            version: Version {
                home: record.change,
                id: record.id,
                updated_at: record.updated_at.map(|at| at.0),
                ..Version::default()
            },
            author: record.author.read("author.id")?,
            state: record.state.as_str().to_owned(),
            submitted_at: record.submitted_at.0,
            commit_sha: record.commit,
        })
    }

    fn version(row: &Review) -> &Version {
        &row.version
    }

    fn version_mut(row: &mut Review) -> &mut Version {
        &mut row.version
    }

    async fn put(tx: &mut Tx, rows: &[Review]) -> store::Result<()> {
        reviews::put(tx, rows).await
    }

    /// A review moves its change, and the one it was on before.
    async fn link(
        tx: &mut Tx,
        registry: &Registry,
        arrived: Arrived<'_, Review>,
    ) -> store::Result<Vec<i64>> {
        let mut ids: Vec<&str> = arrived
            .rows
            .iter()
            .map(|row| row.version.home.as_str())
            .collect();
        ids.extend(arrived.stored.values().map(|old| old.home.as_str()));
        ids.sort_unstable();
        ids.dedup();
        let touched = changes::find(tx, &ids).await?;
        let before: Vec<(&str, &str)> = touched
            .iter()
            .map(|change| (change.version.home.as_str(), change.version.id.as_str()))
            .collect();
        let touched = (touched.as_slice(), Because::OthersMoved);
        links::changes::relink(tx, registry, touched, &before).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::json;

    #[test]
    fn an_unknown_state_is_refused_with_its_field() {
        let text = json!({"id": "r", "change": "c", "author": {"id": "a"}, "state": "dismissed", "submitted_at": "2026-01-01T00:00:00Z"}).to_string();
        assert_eq!(
            Reviews::read(&parse(&text).unwrap())
                .unwrap_err()
                .field
                .as_deref(),
            Some("state")
        );
    }
}

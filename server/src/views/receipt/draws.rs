//! Where the records of a receipt came from, and the first of them as they are kept.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use app::view::receipt::Found;
use serde_json::Value;

use super::draft::{Draft, Piece, Told};
use crate::store::told::{self, Origin};
use crate::store::{Result, Tx, raw};

/// The most records whose kept text is read; of more only their hashes are shown.
const READ: usize = 40;

/// Where the records came from, and the first of them as they are kept.
#[derive(Debug, Default)]
pub(super) struct Draws {
    origins: HashMap<String, Origin>,
    kept: HashMap<(String, i64), Value>,
    sources: Vec<Option<String>>,
}

impl Draws {
    pub(super) async fn of(tx: &mut Tx, draft: &Draft) -> Result<Draws> {
        let records = draft.records();
        let raw_ids: BTreeSet<&str> = records.iter().map(|told| told.raw_id.as_str()).collect();
        let raw_ids: Vec<&str> = raw_ids.into_iter().collect();
        let mut draws = Draws {
            origins: told::origins(tx, &raw_ids).await?,
            ..Draws::default()
        };
        let mut places: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for told in records.iter().take(READ) {
            places.entry(&told.raw_id).or_default().push(told.ordinal);
        }
        for (raw_id, ordinals) in places {
            let texts = raw::records(tx, raw_id, &ordinals).await?;
            for (ordinal, text) in ordinals.into_iter().zip(texts) {
                let record = text.and_then(|text| serde_json::from_str(&text).ok());
                let key = (raw_id.to_owned(), ordinal);
                draws.kept.extend(record.map(|record| (key, record)));
            }
        }
        draws.sources = records.iter().map(|told| draws.source(told)).collect();
        Ok(draws)
    }

    /// What a record names as its source, else who sent it.
    pub(super) fn source(&self, told: &Told) -> Option<String> {
        let named = self
            .record(told)
            .and_then(|record| record["source"].as_str());
        let sender = || self.origins.get(&told.raw_id).map(|own| own.source.clone());
        named.map(str::to_owned).or_else(sender)
    }

    pub(super) fn record(&self, told: &Told) -> Option<&Value> {
        self.kept.get(&(told.raw_id.clone(), told.ordinal))
    }

    pub(super) fn received_at(&self, told: &Told) -> Option<i64> {
        self.origins.get(&told.raw_id).map(|own| own.received_at)
    }

    /// How many records came from each source.
    pub(super) fn by_source(&self) -> BTreeMap<&str, u64> {
        let mut counts = BTreeMap::new();
        for name in self.sources.iter().flatten() {
            *counts.entry(name.as_str()).or_default() += 1;
        }
        counts
    }

    pub(super) fn found(&self, piece: &Piece) -> Found {
        Found {
            what: piece.what.clone(),
            link: piece.link.clone(),
            level: piece.level,
            by: piece.told.as_ref().and_then(|told| self.source(told)),
            is_exception: piece.is_exception,
        }
    }
}

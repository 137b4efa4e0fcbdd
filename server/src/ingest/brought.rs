//! What a delivery brought of each source: so many new records, so many known already, so many refused.

use std::collections::BTreeMap;

use super::{Delivery, StreamName};
use crate::store::arrivals::Arrival;

/// A delivery's records by source; who names none came from the sender.
pub(super) struct Brought<'a> {
    delivery: Delivery<'a>,
    stream: StreamName,
    by_source: BTreeMap<String, Arrival>,
}

impl<'a> Brought<'a> {
    pub fn by(delivery: Delivery<'a>, stream: StreamName) -> Brought<'a> {
        Brought {
            delivery,
            stream,
            by_source: BTreeMap::new(),
        }
    }

    /// Counts a record that reads; it is a repeat until it turns out to be new.
    pub fn read(&mut self, source: Option<&str>) {
        self.of(source).repeated += 1;
    }

    pub fn refused(&mut self, source: Option<&str>) {
        self.of(source).refused += 1;
    }

    /// So many of a source's records are new.
    pub fn accepted(&mut self, source: &str, count: i64) {
        let own = self.of(Some(source));
        own.accepted += count;
        own.repeated -= count;
    }

    pub fn arrivals(&self) -> impl Iterator<Item = &Arrival> {
        self.by_source.values()
    }

    fn of(&mut self, source: Option<&str>) -> &mut Arrival {
        let source = source.unwrap_or(self.delivery.source);
        let none_yet = || Arrival {
            source: source.to_owned(),
            stream: self.stream.as_str().to_owned(),
            last_at: self.delivery.received_at_ms,
            deliveries: 1,
            accepted: 0,
            repeated: 0,
            refused: 0,
        };
        self.by_source
            .entry(source.to_owned())
            .or_insert_with(none_yet)
    }
}

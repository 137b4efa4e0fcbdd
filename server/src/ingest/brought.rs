//! What a delivery brought of each source: so many new records, so many known already, so many refused.

use std::collections::BTreeMap;

use super::{Delivery, StreamName};
use crate::store::arrivals::{self, Arrival};
use crate::store::receipts::{self, Receipt};
use crate::store::{Result, Tx};

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

    /// Keeps the counts, of which so many of each source are new, and that these sources live.
    pub async fn keep(mut self, tx: &mut Tx, accepted: &BTreeMap<String, i64>) -> Result<()> {
        for (source, count) in accepted {
            let own = self.of(Some(source));
            own.accepted += count;
            own.repeated -= count;
            let receipt = Receipt {
                source: own.source.clone(),
                stream: own.stream.clone(),
                received_at: own.last_at,
            };
            receipts::keep(tx, &receipt).await?;
        }
        for arrival in self.by_source.values() {
            arrivals::add(tx, arrival).await?;
        }
        Ok(())
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

//! What a connector read together, taken in stream by stream, in their order: changes before what was said
//! of them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::instant::Instant;
use super::{Delivery, Outcome, StreamName, Unread, take_within};
use crate::connectors::Read;
use crate::store::versions::{self, Version};
use crate::store::{self, Tx, raw};

/// Takes all of it in within a transaction, whose keeper decides whether it stays.
pub async fn take_page(
    tx: &mut Tx,
    source: &str,
    read: &[Read],
    received_at_ms: i64,
) -> store::Result<Outcome> {
    let mut outcome = Outcome::default();
    for name in StreamName::ALL {
        let own = read.iter().filter(|one| one.stream() == name.as_str());
        let (mut records, mut unread, mut gone) = (Vec::new(), Vec::new(), BTreeMap::new());
        for one in own {
            match one {
                Read::Record { body, .. } => records.push(Cow::Borrowed(body.as_str())),
                Read::Unread {
                    id, body, reason, ..
                } => unread.push(Unread {
                    id: id.as_deref(),
                    body,
                    reason,
                }),
                Read::Withdrawn { id, at, says, .. } => {
                    let at_ms = at.map(|at| at.timestamp_millis());
                    gone.insert(id.as_str(), (at_ms, *says));
                }
            }
        }
        records.extend(
            withdrawn(tx, name, &gone)
                .await?
                .into_iter()
                .map(Cow::Owned),
        );
        if records.is_empty() && unread.is_empty() {
            continue;
        }
        let records: Vec<&str> = records.iter().map(AsRef::as_ref).collect();
        let delivery = Delivery {
            source,
            records: &records,
            received_at_ms,
        };
        outcome.append(take_within(tx, name, delivery, &unread).await?);
    }
    Ok(outcome)
}

/// A field and what it says, and since when.
type Says<'a> = (Option<i64>, (&'a str, &'a str));

/// Of what is known the records again, saying what they say from then on.
async fn withdrawn(
    tx: &mut Tx,
    name: StreamName,
    gone: &BTreeMap<&str, Says<'_>>,
) -> store::Result<Vec<String>> {
    let ids: Vec<&str> = gone.keys().copied().collect();
    let mut records = Vec::new();
    let stored = versions::find(tx, name.table(), &ids).await?;
    for (id, (at_ms, says)) in gone {
        let Some(known) = stored.get(*id).filter(|known| is_older(known, *at_ms)) else {
            continue;
        };
        if let Some(text) = raw::record(tx, &known.raw_id, known.ordinal).await? {
            let since_ms = at_ms.or(known.updated_at.map(|known| known + 1));
            records.extend(saying(&text, *says, since_ms));
        }
    }
    Ok(records)
}

/// What is gone, without an instant, is so a moment after what is known of it: what its system says of it
/// later wins over this.
fn is_older(known: &Version, at_ms: Option<i64>) -> bool {
    match (known.updated_at, at_ms) {
        (Some(known), Some(at)) => known < at,
        _ => true,
    }
}

/// None where it says so already.
fn saying(text: &str, (field, word): (&str, &str), since_ms: Option<i64>) -> Option<String> {
    let mut record: Map<String, Value> = serde_json::from_str(text).ok()?;
    if record.get(field).is_some_and(|own| own == word) {
        return None;
    }
    record.insert(field.to_owned(), word.into());
    if let Some(since_ms) = since_ms {
        let since = Instant(since_ms).to_string();
        record.insert("updated_at".to_owned(), since.into());
    }
    serde_json::to_string(&record).ok()
}

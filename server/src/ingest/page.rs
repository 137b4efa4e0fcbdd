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
                Read::Unread { body, reason, .. } => unread.push(Unread { body, reason }),
                Read::Withdrawn { id, says, .. } => {
                    gone.insert(id.as_str(), *says);
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

/// Of what is known the records again, saying what they say from now on. A moment newer than they are: what
/// its system says of it later wins over this.
async fn withdrawn(
    tx: &mut Tx,
    name: StreamName,
    gone: &BTreeMap<&str, (&str, &str)>,
) -> store::Result<Vec<String>> {
    let ids: Vec<&str> = gone.keys().copied().collect();
    let mut records = Vec::new();
    let stored = versions::find(tx, name.table(), &ids).await?;
    for (id, says) in gone {
        let Some(known) = stored.get(*id) else {
            continue;
        };
        if let Some(text) = raw::record(tx, &known.raw_id, known.ordinal).await? {
            records.extend(saying(&text, *says, known));
        }
    }
    Ok(records)
}

/// None where it says so already.
fn saying(text: &str, (field, word): (&str, &str), known: &Version) -> Option<String> {
    let mut record: Map<String, Value> = serde_json::from_str(text).ok()?;
    if record.get(field).is_some_and(|own| own == word) {
        return None;
    }
    record.insert(field.to_owned(), word.into());
    if let Some(updated_at) = known.updated_at {
        let later = Instant(updated_at + 1).to_string();
        record.insert("updated_at".to_owned(), later.into());
    }
    serde_json::to_string(&record).ok()
}

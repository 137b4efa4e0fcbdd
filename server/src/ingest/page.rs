//! What a connector read together, taken in stream by stream, in their order: changes before what was said
//! of them.

use super::{Delivery, Outcome, StreamName, Unread, take_within};
use crate::connectors::Read;
use crate::store::{self, Tx};

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
        let (mut records, mut unread) = (Vec::new(), Vec::new());
        for one in own {
            match one {
                Read::Record { body, .. } => records.push(body.as_str()),
                Read::Unread { body, reason, .. } => unread.push(Unread { body, reason }),
            }
        }
        if records.is_empty() && unread.is_empty() {
            continue;
        }
        let delivery = Delivery {
            source,
            records: &records,
            received_at_ms,
        };
        outcome.append(take_within(tx, name, delivery, &unread).await?);
    }
    Ok(outcome)
}

//! Decision logs of Open Policy Agent. A decision that is read is a record, or is refused as one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use server::ingest::{StreamName, canonical};
use server::opa::decisions;

fuzz_target!(|bytes: &[u8]| {
    let Ok(batch) = std::str::from_utf8(bytes) else {
        return;
    };
    for decision in decisions(batch).into_iter().flatten() {
        match decision {
            Ok(record) => {
                let refused = canonical(StreamName::PolicyDecisions, &record.to_string()).err();
                assert!(refused.is_none_or(|own| !own.reason.is_empty()));
            }
            Err(unread) => assert!(!unread.reason.is_empty()),
        }
    }
});

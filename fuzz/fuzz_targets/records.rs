//! Records of all streams: the first byte chooses. What would be kept of a record reads as itself.

#![no_main]

use libfuzzer_sys::fuzz_target;
use server::ingest::{StreamName, canonical, elements};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, body)) = bytes.split_first() else {
        return;
    };
    let stream = StreamName::ALL[usize::from(*choice) % StreamName::ALL.len()];
    let Ok(body) = std::str::from_utf8(body) else {
        return;
    };
    for record in elements(body).into_iter().flatten() {
        if let Ok(kept) = canonical(stream, record) {
            let again = canonical(stream, &kept).map_err(|refusal| refusal.reason);
            assert_eq!(again, Ok(kept), "what is kept of a record is another one");
        }
    }
});

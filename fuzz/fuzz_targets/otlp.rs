//! Exports of traces and logs in both encodings: the first byte chooses. Whatever is taken is bounded and
//! can be put together as a run.

#![no_main]

use std::collections::BTreeSet;

use libfuzzer_sys::fuzz_target;
use server::otlp::{Encoding, MAX_ROWS, Reading, assemble, logs, traces};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, body)) = bytes.split_first() else {
        return;
    };
    let encoding = match choice & 1 {
        0 => Encoding::Protobuf,
        _ => Encoding::Json,
    };
    let reading = Reading {
        received_at: 1_794_920_000_000,
        keeps_bodies: choice & 4 != 0,
    };
    if choice & 2 == 0 {
        let Ok(read) = traces(body, encoding, reading) else {
            return;
        };
        assert!(read.spans.len() <= MAX_ROWS);
        let runs: BTreeSet<&str> = read.spans.iter().map(|span| span.run_id.as_str()).collect();
        for run in runs {
            let own = assemble(run, &read.spans);
            let reversed: Vec<_> = read.spans.iter().rev().cloned().collect();
            assert_eq!(own, assemble(run, &reversed), "the order of arrival counts");
        }
    } else if let Ok(read) = logs(body, encoding, reading) {
        assert!(read.events.len() <= MAX_ROWS);
    }
});

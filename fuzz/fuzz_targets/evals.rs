//! Result files of evaluation tools: the first byte chooses the format. No run passes more cases than it has.

#![no_main]

use libfuzzer_sys::fuzz_target;
use server::evals::{Format, read, summary};

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, body)) = bytes.split_first() else {
        return;
    };
    let format = Format::ALL[usize::from(*choice) % Format::ALL.len()];
    for run in read(format, body).into_iter().flatten() {
        assert!(run.passed <= run.cases, "{run:?}");
        assert!(!summary(&run).is_empty());
    }
});

use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use zip::CompressionMethod;

use super::*;

/// A small file of each format.
static EXAMPLES: LazyLock<Vec<(Format, Vec<u8>)>> = LazyLock::new(|| {
    vec![
        (Format::Onehop, onehop::tests::EXAMPLE.into()),
        (
            Format::Onehop,
            br#"{"suite": "a", "cases": 9, "passed": 7, "failed": {"tone": 1}}"#.into(),
        ),
        (Format::Junit, junit::tests::EXAMPLE.into()),
        (Format::Promptfoo, promptfoo::tests::EXAMPLE.into()),
        (Format::Inspect, inspect::tests::example().into()),
        (
            Format::Inspect,
            inspect::tests::example_archive(CompressionMethod::Stored),
        ),
        (
            Format::Inspect,
            inspect::tests::example_archive(CompressionMethod::Deflated),
        ),
        (
            Format::Inspect,
            inspect::tests::example_archive(CompressionMethod::Zstd),
        ),
        (Format::Deepeval, deepeval::tests::EXAMPLE.into()),
    ]
});

/// The failing cases of a run by category.
pub fn failed(run: &SuiteRun) -> Vec<(&str, u64)> {
    let failed = run.failed.iter();
    failed
        .map(|(category, cases)| (category.as_str(), *cases))
        .collect()
}

fn adds_up(runs: &[SuiteRun]) -> bool {
    let mut cases = 0;
    let each = runs.iter().all(|run| {
        cases += run.cases;
        run.passed + run.failed.values().sum::<u64>() == run.cases
    });
    each && cases <= MAX_CASES && !runs.is_empty()
}

#[test]
fn each_example_is_read_and_adds_up() {
    for (format, bytes) in EXAMPLES.iter() {
        let runs = read(*format, bytes).unwrap();
        assert!(adds_up(&runs), "{format}");
        let with_mark = [b"\xef\xbb\xbf".as_slice(), bytes].concat();
        if !bytes.starts_with(b"PK") {
            assert_eq!(read(*format, &with_mark), Ok(runs), "{format}");
        }
    }
}

#[test]
fn a_format_is_known_by_its_name_and_an_unknown_one_is_told_all() {
    for format in Format::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    let error = "xunit".parse::<Format>().unwrap_err().to_string();
    assert!(
        Format::ALL
            .iter()
            .all(|format| error.contains(format.as_str()))
    );
}

#[test]
fn a_file_without_a_run_or_beyond_a_bound_is_refused() {
    let said = |format, bytes: &[u8]| read(format, bytes).unwrap_err().to_string();
    assert_eq!(said(Format::Onehop, b"[]"), "it holds no run of a suite");
    assert_eq!(
        said(Format::Junit, b"<testsuites/>"),
        "it holds no run of a suite"
    );
    let large = vec![b' '; MAX_BYTES + 1];
    assert_eq!(said(Format::Onehop, &large), "it is larger than 64 MiB");
    let run = r#"{"suite": "a", "cases": 600000, "passed": 600000}"#;
    assert_eq!(
        said(Format::Onehop, format!("{run}{run}").as_bytes()),
        "it tells of more than 1,000,000 cases"
    );
    let suites = format!(
        "<testsuites>{}</testsuites>",
        "<testsuite/>".repeat(MAX_RUNS + 1)
    );
    assert!(said(Format::Junit, suites.as_bytes()).ends_with("more than 10,000 runs"));
}

#[test]
fn depth_and_length_are_no_way_to_exhaust_the_reader() {
    let depth = 200_000;
    let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let objects = format!("{}1{}", "{\"value\":".repeat(depth), "}".repeat(depth));
    for text in [
        deep.clone(),
        objects.clone(),
        format!(
            r#"{{"results": {{"results": [{{"testCase": {objects}, "gradingResult": {deep}}}]}}}}"#
        ),
        format!(
            r#"{{"status": "success", "eval": {{"task": "t"}}, "results": {{"scores": [{{"name": "value"}}]}},
            "samples": [{{"scores": {objects}, "metadata": {deep}}}]}}"#
        ),
        format!(r#"{{"testCases": {deep}}}"#),
        "<testsuite>".repeat(depth),
        format!("<testsuite {}/>", "a='' ".repeat(depth)),
    ] {
        for format in Format::ALL {
            let _ = read(format, text.as_bytes());
        }
    }
}

/// A change of one place of a file.
#[derive(Clone, Debug)]
enum Change {
    Put(Index, u8),
    Cut(Index, Index),
    Repeat(Index, Index),
    Insert(Index, &'static str),
    /// Another word in place of one.
    Say(Index, &'static str),
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    const WORDS: &[&str] = &[
        "null",
        "1e400",
        "-1",
        "18446744073709551615",
        "\"\"",
        "{}",
        "[]",
        "\\ud800",
        "NaN",
        "<error/>",
        "&a;",
        "<testsuite>",
        "\u{0}",
    ];
    const PLAIN: &[&str] = &[
        "null", "true", "false", "0", "1", "9", "1000000", "error", "skipped",
    ];
    prop_oneof![
        1 => (index(), any::<u8>()).prop_map(|(at, byte)| Change::Put(at, byte)),
        1 => (index(), index()).prop_map(|(from, to)| Change::Cut(from, to)),
        1 => (index(), index()).prop_map(|(from, to)| Change::Repeat(from, to)),
        1 => (index(), prop::sample::select(WORDS))
            .prop_map(|(at, word)| Change::Insert(at, word)),
        4 => (index(), prop::sample::select(PLAIN)).prop_map(|(at, word)| Change::Say(at, word)),
    ]
}

fn apply(change: &Change, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    let range = |from: &Index, to: &Index| {
        let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
        from.min(to)..from.max(to)
    };
    match change {
        Change::Put(at, byte) => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        Change::Cut(from, to) => {
            bytes.drain(range(from, to));
        }
        Change::Repeat(from, to) => {
            let range = range(from, to);
            let copy = bytes[range.clone()].to_vec();
            bytes.splice(range.start..range.start, copy);
        }
        Change::Say(at, word) => {
            let is_in_word = |byte: &u8| byte.is_ascii_alphanumeric();
            let from = at.index(bytes.len());
            let start = bytes[..from].iter().rposition(|byte| !is_in_word(byte));
            let end = bytes[from..].iter().position(|byte| !is_in_word(byte));
            let range = start.map_or(0, |at| at + 1)..end.map_or(bytes.len(), |at| from + at);
            bytes.splice(range, word.bytes());
        }
        Change::Insert(at, word) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, word.bytes());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_read_of_a_changed_file_adds_up(
        example in any::<Index>(),
        changes in prop::collection::vec(change(), 1..5),
    ) {
        let (format, mut bytes) = example.get(&EXAMPLES).clone();
        for change in &changes {
            apply(change, &mut bytes);
        }
        if let Ok(runs) = read(format, &bytes) {
            prop_assert!(adds_up(&runs));
            for run in &runs {
                prop_assert!(!summary(run).is_empty());
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for format in Format::ALL {
            if let Ok(runs) = read(format, &bytes) {
                prop_assert!(adds_up(&runs));
            }
        }
    }

    #[test]
    fn listed_cases_are_counted_as_they_are(
        cases in prop::collection::vec((any::<Option<bool>>(), prop::option::of("[a-c]")), 0..50),
        expected in 0..60_u64,
    ) {
        let listed = (0..).zip(&cases).map(|(id, (passed, category)): (u32, _)| {
            serde_json::json!({"id": id.to_string(), "passed": passed, "category": category})
        });
        let file = serde_json::json!({
            "suite": "a",
            "expected_cases": expected,
            "cases": listed.collect::<Vec<_>>(),
        });
        let run = read(Format::Onehop, file.to_string().as_bytes()).unwrap().remove(0);
        let passed = cases.iter().filter(|(passed, _)| *passed == Some(true)).count();
        prop_assert_eq!(run.cases, expected.max(cases.len() as u64));
        prop_assert_eq!(run.passed, passed as u64);
        prop_assert!(adds_up(&[run]));
    }
}

//! The text of `adversarial_pass_rate`.

use super::{
    Definition, LATEST_OF_SUITE, LATEST_RECORD, NOT_SPLIT, NULL_WEEK, RANGE, RULES,
    SCOPE_OF_SUITES, SETTLES_AT_ONCE, TIES, USABLE_MEDIAN, Version, WEEK_OF_SUITE_RUN,
    WILSON_OF_SUMS,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of the cases of adversarial suites passed?",
    formula: &[
        "Value of the week = passed cases ÷ cases, each summed over the suites of the kind adversarial that ran in it. Numerator = passed cases, denominator = cases, sample = the number of suite runs that count. A record's value is its own passed ÷ cases; its parts give both.",
        LATEST_OF_SUITE,
        SCOPE_OF_SUITES,
        NOT_SPLIT,
    ],
    leaves_out: &[
        "Earlier runs of a suite in the same week: they are listed as left out. Runs without a case likewise.",
        LATEST_RECORD,
    ],
    records: "Runs of adversarial suites.",
    week_of: WEEK_OF_SUITE_RUN,
    settles: SETTLES_AT_ONCE,
    statistics: &[
        WILSON_OF_SUMS,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Higher is better: a signal above the centre reads better, one below it worse.",
    ],
    source: "Pooled pass rate of evaluation suites; interval after E. B. Wilson (1927); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};

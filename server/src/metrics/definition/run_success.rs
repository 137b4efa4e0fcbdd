//! The text of `run_success`.

use super::{
    Definition, LATEST_RECORD, NOT_SPLIT, NULL_WEEK, RANGE, RULES, SCOPE_OF_RUNS, SETTLES_A_DAY,
    TIES, USABLE_MEDIAN, Version, WEEK_OF_RUN, WILSON,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of the runs that ended did well?",
    formula: &[
        "Value of the week = runs with the outcome ok ÷ runs with an end and an outcome, of those that started in it. Numerator = the former; denominator and sample = the latter. A record's value is 1 for ok, 0 for error and handed_over.",
        SCOPE_OF_RUNS,
        NOT_SPLIT,
    ],
    leaves_out: &[
        "Runs that have not ended, or of which nobody says how: they are listed as left out.",
        LATEST_RECORD,
    ],
    records: "Runs that ended with an outcome.",
    week_of: WEEK_OF_RUN,
    settles: SETTLES_A_DAY,
    statistics: &[
        WILSON,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Higher is better: a signal above the centre reads better, one below it worse.",
    ],
    source: "Share of completed runs; interval after E. B. Wilson (1927); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};

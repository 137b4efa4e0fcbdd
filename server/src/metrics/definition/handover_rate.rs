//! The text of `handover_rate`.

use super::{
    Definition, LATEST_RECORD, NOT_SPLIT, NULL_WEEK, RANGE, RULES, SCOPE_OF_RUNS, SETTLES_A_DAY,
    TIES, USABLE_MEDIAN, Version, WEEK_OF_RUN, WILSON,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of the runs that ended was handed over to a person?",
    formula: &[
        "Value of the week = runs with the outcome handed_over ÷ runs with an end and an outcome, of those that started in it. Numerator = the former; denominator and sample = the latter. A record's value is 1 for handed_over, else 0.",
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
        "Neither side is better: a signal reads up (above) or down (below).",
    ],
    source: "Share of runs that hand over to people; interval after E. B. Wilson (1927); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};

//! The text of `cache_share`.

use super::{
    Definition, LATEST_RECORD, NOT_SPLIT, NULL_WEEK, RANGE, RULES, SCOPE_OF_RUNS, SETTLES_A_DAY,
    TIES, USABLE_MEDIAN, Version, WEEK_OF_RUN, WILSON_OF_SUMS,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of what models read came from a cache?",
    formula: &[
        "Value of the week = cached input tokens ÷ input tokens, each summed over the runs that started in it. Numerator = cached, denominator = input, which includes cached; sample = the number of runs with input tokens. A record's value is its own share; its parts give both.",
        SCOPE_OF_RUNS,
        NOT_SPLIT,
    ],
    leaves_out: &[
        "Runs of which no input tokens are known: they are listed as left out.",
        LATEST_RECORD,
    ],
    records: "Runs with input tokens.",
    week_of: WEEK_OF_RUN,
    settles: SETTLES_A_DAY,
    statistics: &[
        WILSON_OF_SUMS,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Higher is better: a signal above the centre reads better, one below it worse.",
    ],
    source: "Share of cached tokens, as model providers bill them; normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};

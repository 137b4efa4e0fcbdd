//! The text of `tool_error_rate`.

use super::{
    Definition, LATEST_RECORD, NOT_SPLIT, NULL_WEEK, RANGE, RULES, SCOPE_OF_RUNS, SETTLES_A_DAY,
    TIES, USABLE_MEDIAN, Version, WEEK_OF_RUN, WILSON_OF_SUMS,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of agents' tool calls failed?",
    formula: &[
        "Value of the week = failed calls ÷ calls, each summed over the runs that started in it. Numerator = failed calls, denominator = calls, sample = the number of runs with a call. A call failed when it has an error; where a run sends counts alone, its own failed stands. A record's value is its own failed ÷ calls; its parts give both.",
        SCOPE_OF_RUNS,
        NOT_SPLIT,
    ],
    leaves_out: &[
        "Runs without a tool call: they are listed as left out.",
        LATEST_RECORD,
    ],
    records: "Runs with tool calls.",
    week_of: WEEK_OF_RUN,
    settles: SETTLES_A_DAY,
    statistics: &[
        WILSON_OF_SUMS,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Lower is better: a signal below the centre reads better, one above it worse.",
    ],
    source: "Pooled share of failing tool calls; interval after E. B. Wilson (1927); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};

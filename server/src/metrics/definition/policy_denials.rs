//! The text of `policy_denials`.

use super::{
    Definition, LATEST_RECORD, NOT_SPLIT, RANGE, RULES, SCOPE_OF_RUNS, SETTLES_AT_ONCE, TIES,
    USABLE_COUNT, Version, WEEK_OF_RUN, ZERO_FROM_FIRST_RUN,
};

pub const DEFINITION: Definition = Definition {
    answers: "How many runs did a policy deny something?",
    formula: &[
        "Value of the week = the number of runs that started in it of which at least one policy decision says deny. Sample = the same number; a record's value is 1. A decision is of the run that it names. As long as no policy decision ever came, nothing is known and the value is null.",
        ZERO_FROM_FIRST_RUN,
        SCOPE_OF_RUNS,
        NOT_SPLIT,
    ],
    leaves_out: &[
        LATEST_RECORD,
        "Decisions on commits, such as those of a forge's rules: they are of no run.",
    ],
    records: "Runs that were denied something.",
    week_of: WEEK_OF_RUN,
    settles: SETTLES_AT_ONCE,
    statistics: &[
        USABLE_COUNT,
        RANGE,
        RULES,
        TIES,
        "Lower is better: a signal below the centre reads better, one above it worse.",
    ],
    source: "Count of denied runs, as policy engines log decisions; normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};

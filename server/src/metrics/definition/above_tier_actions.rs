//! The text of `above_tier_actions`.

use super::{
    Definition, EFFECT, LATEST_RECORD, NOT_SPLIT, RANGE, RULES, SCOPE_OF_RUNS, SETTLES_AT_ONCE,
    TIES, USABLE_COUNT, Version, WEEK_OF_RUN, ZERO_FROM_FIRST_RUN,
};

pub const DEFINITION: Definition = Definition {
    answers: "How many runs did more than their agent's tier allows?",
    formula: &[
        "Value of the week = the number of runs that started in it with at least one call whose effect is above the agent's tier. Sample = the same number; a record's value is 1.",
        EFFECT,
        ZERO_FROM_FIRST_RUN,
        SCOPE_OF_RUNS,
        NOT_SPLIT,
    ],
    leaves_out: &[LATEST_RECORD],
    records: "Runs that went above the tier.",
    week_of: WEEK_OF_RUN,
    settles: SETTLES_AT_ONCE,
    statistics: &[
        USABLE_COUNT,
        RANGE,
        RULES,
        TIES,
        "Lower is better: a signal below the centre reads better, one above it worse.",
        "Each one is told among what needs attention, whatever the normal range says.",
    ],
    source: "Permission tiers of agents, held against what they did; normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};

//! The text of `landed_after_failed_evaluation`.

use super::{
    AGENTS, ARTIFACT, COVERED, Definition, EVALUATED, FAILED_EVALUATION, LATEST_RECORD, MARKS,
    RANGE, RULES, SCOPE_OF_ARTIFACTS, SEGMENT, SEGMENT_OF_ARTIFACTS, SETTLES_AT_ONCE, TIES,
    USABLE_COUNT, Version, WEEK_OF_LANDING, ZERO_FROM_FIRST_ARTIFACT,
};

pub const DEFINITION: Definition = Definition {
    answers: "How much landed although an evaluation had failed?",
    formula: &[
        "Value of the week = the number of artifacts that landed in it although the last word of some evaluation in time was that it failed. Sample = the same number; a record's value is 1.",
        FAILED_EVALUATION,
        EVALUATED,
        ZERO_FROM_FIRST_ARTIFACT,
        ARTIFACT,
        SCOPE_OF_ARTIFACTS,
        COVERED,
        SEGMENT_OF_ARTIFACTS,
        SEGMENT,
        AGENTS,
        MARKS,
    ],
    leaves_out: &[
        LATEST_RECORD,
        "Evaluations that finished after the landing.",
    ],
    records: "Artifacts that landed although an evaluation had failed.",
    week_of: WEEK_OF_LANDING,
    settles: SETTLES_AT_ONCE,
    statistics: &[
        USABLE_COUNT,
        RANGE,
        RULES,
        TIES,
        "Lower is better: a signal below the centre reads better, one above it worse.",
        "Each one is told among what needs attention, whatever the normal range says.",
    ],
    source: "Gate of a release process: what failed its evaluation does not land; normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};

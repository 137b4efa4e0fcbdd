//! The text of `evaluation_coverage`.

use super::{
    AGENTS, ARTIFACT, COVERED, Definition, EVALUATED, LATEST_RECORD, MARKS, NULL_WEEK, RANGE,
    RULES, SCOPE_OF_ARTIFACTS, SEGMENT, SEGMENT_OF_ARTIFACTS, SETTLES_AT_ONCE, TIES, USABLE_MEDIAN,
    Version, WEEK_OF_LANDING, WILSON,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of what agents landed was checked automatically before it did?",
    formula: &[
        "Value of the week = artifacts that were evaluated in time ÷ artifacts that landed in it. Numerator = those evaluated in time; denominator and sample = all. A record's value is 1 when it was, else 0.",
        EVALUATED,
        "Evaluated only after the landing is not in time; the part too_late counts those.",
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
        "Evaluations with neither score nor verdict, such as those that ended in an error, and those by people.",
    ],
    records: "Artifacts.",
    week_of: WEEK_OF_LANDING,
    settles: SETTLES_AT_ONCE,
    statistics: &[
        WILSON,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Higher is better: a signal above the centre reads better, one below it worse.",
    ],
    source: "Share of agents' output that is checked automatically before it lands; interval after E. B. Wilson (1927); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};

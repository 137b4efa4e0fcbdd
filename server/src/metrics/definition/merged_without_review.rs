//! The text of `merged_without_review`.

use super::{
    AGENTS, Definition, LATEST_COPY, MARKS, NOT_MERGED, NULL_WEEK, RANGE, REVIEWED, RULES, SCOPE,
    SEGMENT, TIES, USABLE_MEDIAN, Version, WEEK_OF_MERGE, WILSON,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of changes was merged without another person having looked at them?",
    formula: &[
        "Value of the week = unreviewed ÷ merged changes. Numerator = the changes without a first review; denominator and sample = all merged changes of services with a review source.",
        REVIEWED,
        "A service has a review source when any review of any of its changes is known: by whomever, merged or not, of whatever week. The first review of a service to arrive lets all its weeks count.",
        "A record's value is 1 when it is unreviewed, else 0.",
        SCOPE,
        SEGMENT,
        AGENTS,
        MARKS,
    ],
    leaves_out: &[
        NOT_MERGED,
        LATEST_COPY,
        "Changes of services without a review source: nobody knows whether they were reviewed. They are listed as left out with that reason.",
    ],
    records: "Merged changes of services with a review source.",
    week_of: WEEK_OF_MERGE,
    settles: "At the end of its week. A record that arrives later still changes the figure.",
    statistics: &[
        WILSON,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Lower is better: a signal below the centre reads better, one above it worse.",
    ],
    source: "Share of merges without review, an early sign of haste; interval after E. B. Wilson (1927); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-23",
        change: "First version.",
    }],
};

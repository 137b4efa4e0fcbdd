//! The text of `approval_wait`.

use super::{
    Definition, LATEST_RECORD, MEDIAN_INTERVAL, NOT_SPLIT, NULL_WEEK, RANGE, RULES,
    SETTLES_AT_ONCE, TIES, USABLE_MEDIAN, Version, WEEK_OF_DECISION,
};

pub const DEFINITION: Definition = Definition {
    answers: "How long does an approval wait for a person?",
    formula: &[
        "A record's value = decision − request, in calendar seconds, nights and weekends included. Value of the week = the true median: the middle one, or the mean of the middle two. p90 = the value at rank ⌈0.9 n⌉ in ascending order. Sample = the number of approvals with a value.",
        "Decided = with a decision, approved or rejected, and its instant. The part queue is the number of approvals of the scope that were asked for before the end of the week and not decided by then.",
        "The company's figure is made of all approvals; a workflow's of those of its runs, of its artifacts and of the deployments that it covers; a service's of those of its deployments and its changes. No figure is made of other figures.",
        NOT_SPLIT,
    ],
    leaves_out: &[
        "Approvals that are not decided. Those decided before they were asked for: they are listed as left out.",
        LATEST_RECORD,
    ],
    records: "Decided approvals.",
    week_of: WEEK_OF_DECISION,
    settles: SETTLES_AT_ONCE,
    statistics: &[
        MEDIAN_INTERVAL,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Lower is better: a signal below the centre reads better, one above it worse.",
    ],
    source: "Waiting time at a gate; interval after W. R. Thompson (1936); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};

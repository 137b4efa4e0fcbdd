//! The text of `stage_deploy`.

use super::{
    AGENTS, CONTENTS, COVERED, DELIVERED, Definition, FIRST_KNOWN, LATEST_RECORD, MARKS, MEDIAN,
    MEDIAN_INTERVAL, MERGE_IS_DELIVERY, NOT_DELIVERED, NULL_WEEK, PRODUCTION, RANGE, REVIEWED,
    RULES, SCOPE, SEGMENT, STAGES, START, TIES, USABLE_MEDIAN, Version, WEEK_OF_DELIVERY,
};

pub const DEFINITION: Definition = Definition {
    answers: "How long does a merged change wait until it runs in production?",
    formula: &[
        "A change's value = deploy = delivery − merge, in calendar seconds, nights and weekends included. It is never negative, as a deployment holds no change merged after its finish, and 0 where a service delivers by merging.",
        MEDIAN,
        DELIVERED,
        START,
        REVIEWED,
        STAGES,
        PRODUCTION,
        MERGE_IS_DELIVERY,
        CONTENTS,
        SCOPE,
        COVERED,
        SEGMENT,
        AGENTS,
        MARKS,
    ],
    leaves_out: &[NOT_DELIVERED, FIRST_KNOWN, LATEST_RECORD],
    records: "Delivered changes.",
    week_of: WEEK_OF_DELIVERY,
    settles: "At the end of its week. A record that arrives later still changes the figure.",
    statistics: &[
        MEDIAN_INTERVAL,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Lower is better: a signal below the centre reads better, one above it worse.",
    ],
    source: "Last stage of DORA's change lead time. Interval after W. R. Thompson (1936); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

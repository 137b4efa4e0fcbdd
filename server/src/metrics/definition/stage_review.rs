//! The text of `stage_review`.

use super::{
    AGENTS, CONTENTS, COVERED, DELIVERED, Definition, FIRST_KNOWN, LATEST_RECORD, MARKS, MEDIAN,
    MEDIAN_INTERVAL, MERGE_IS_DELIVERY, NOT_DELIVERED, NULL_WEEK, PRODUCTION, RANGE, REVIEWED,
    RULES, SCOPE, SEGMENT, STAGES, STAGES_NOT_KNOWN, START, TIES, USABLE_MEDIAN, Version,
    WEEK_OF_DELIVERY,
};

pub const DEFINITION: Definition = Definition {
    answers: "How long does a change take from its first review to its merge?",
    formula: &[
        "A change's value = review = merge − first review, in calendar seconds, nights and weekends included.",
        MEDIAN,
        DELIVERED,
        REVIEWED,
        START,
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
    leaves_out: &[
        NOT_DELIVERED,
        FIRST_KNOWN,
        LATEST_RECORD,
        "Changes whose review is not known: they are listed as left out with the reason, which is \"merged without review\" for those that no other person reviewed in time.",
        STAGES_NOT_KNOWN,
    ],
    records: "Delivered changes whose review is known.",
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
    source: "Third stage of DORA's change lead time. Interval after W. R. Thompson (1936); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

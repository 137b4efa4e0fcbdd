//! The text of `review_wait`.

use super::{
    AGENTS, Definition, LATEST_COPY, MARKS, MEDIAN, MEDIAN_INTERVAL, NOT_MERGED, NULL_WEEK, RANGE,
    REVIEWED, RULES, SCOPE, SEGMENT, TIES, USABLE_MEDIAN, Version, WEEK_OF_MERGE,
};

pub const DEFINITION: Definition = Definition {
    answers: "How long does a change wait until a person first looks at it?",
    formula: &[
        REVIEWED,
        "A change's value = first review − opened for review, in calendar seconds, nights and weekends included.",
        MEDIAN,
        "Reviews by agents end no wait; the wait for the first of them is kept beside it, as agent_review.",
        SCOPE,
        SEGMENT,
        AGENTS,
        MARKS,
    ],
    leaves_out: &[
        NOT_MERGED,
        LATEST_COPY,
        "Changes that no other person reviewed in time: they are listed as left out, \"merged without review\", and counted by merged_without_review.",
        "Changes whose creation is not known, and those whose clocks disagree: each is listed as left out with its reason.",
    ],
    records: "Merged changes that were reviewed.",
    week_of: WEEK_OF_MERGE,
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
    source: "First review − opening of a pull request, the pickup time of delivery studies; interval after W. R. Thompson (1936); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-23",
        change: "First version.",
    }],
};

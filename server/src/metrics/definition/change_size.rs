//! The text of `change_size`.

use super::{
    AGENTS, Definition, LATEST_COPY, MARKS, MEDIAN, MEDIAN_INTERVAL, NOT_MERGED, NULL_WEEK, RANGE,
    RULES, SCOPE, SEGMENT, TIES, USABLE_MEDIAN, Version, WEEK_OF_MERGE,
};

pub const DEFINITION: Definition = Definition {
    answers: "How large are the changes that are merged?",
    formula: &[
        "A change's value = its additions + its deletions, in lines, as its source counts them.",
        MEDIAN,
        SCOPE,
        SEGMENT,
        AGENTS,
        MARKS,
    ],
    leaves_out: &[
        NOT_MERGED,
        LATEST_COPY,
        "Changes whose additions or deletions are not known: they are listed as left out, \"size not known\".",
    ],
    records: "Merged changes whose size is known.",
    week_of: WEEK_OF_MERGE,
    settles: "At the end of its week. A record that arrives later still changes the figure.",
    statistics: &[
        MEDIAN_INTERVAL,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Neither side is better: a signal reads up (above) or down (below).",
    ],
    source: "Lines of a pull request; small batches are one of DORA's capabilities. Interval after W. R. Thompson (1936); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-23",
        change: "First version.",
    }],
};

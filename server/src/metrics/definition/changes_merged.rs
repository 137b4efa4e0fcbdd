//! The text of `changes_merged`.

use super::{
    AGENTS, Definition, LATEST_COPY, MARKS, NOT_MERGED, RANGE, RULES, SCOPE, SEGMENT, TIES,
    USABLE_COUNT, Version, WEEK_OF_MERGE,
};

pub const DEFINITION: Definition = Definition {
    answers: "How many changes were merged in this week?",
    formula: &[
        "Value = the number of changes whose merge lies in the week. Sample = the same number.",
        "It is 0 in a week without merges from the week of the scope's first merged change on, and null in the weeks before: nothing was known then, which is not zero. The first change of any segment starts all segments.",
        SCOPE,
        SEGMENT,
        AGENTS,
        MARKS,
    ],
    leaves_out: &[
        NOT_MERGED,
        LATEST_COPY,
        "Nothing else: reverts, generated changes and changes without a number or a review count like others.",
    ],
    records: "Merged changes.",
    week_of: WEEK_OF_MERGE,
    settles: "At the end of its week. A record that arrives later still changes the figure.",
    statistics: &[
        "A count is complete, so it has no interval: what varies is the weeks, and the normal range says how much.",
        USABLE_COUNT,
        RANGE,
        RULES,
        TIES,
        "Neither side is better: a signal reads up (above) or down (below).",
    ],
    source: "Count of merges; normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-22",
        change: "First version.",
    }],
};

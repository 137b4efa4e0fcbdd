//! The text of `changes_delivered`.

use super::{
    AGENTS, CONTENTS, COVERED, DELIVERED, Definition, FIRST_KNOWN, LATEST_RECORD, MARKS,
    MERGE_IS_DELIVERY, NOT_DELIVERED, PRODUCTION, RANGE, RULES, SCOPE, SEGMENT, TIES, USABLE_COUNT,
    Version, WEEK_OF_DELIVERY,
};

pub const DEFINITION: Definition = Definition {
    answers: "How many changes reached production for the first time in this week?",
    formula: &[
        "Value = the number of changes whose delivery lies in the week. Sample = the same number; a record's value is 1.",
        "It is 0 in a week without deliveries from the week of the scope's first production deployment on, whether or not that deployment delivers anything, and null in the weeks before: nothing was known then, which is not zero. Segments begin with their scope.",
        DELIVERED,
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
        "Nothing else: reverts, generated changes and changes without a number or a review count like others.",
    ],
    records: "Delivered changes.",
    week_of: WEEK_OF_DELIVERY,
    settles: "At the end of its week. A record that arrives later still changes the figure.",
    statistics: &[
        "A count is complete, so it has no interval: what varies is the weeks, and the normal range says how much.",
        USABLE_COUNT,
        RANGE,
        RULES,
        TIES,
        "Neither side is better: a signal reads up (above) or down (below).",
    ],
    source: "Count of first deliveries to production; normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

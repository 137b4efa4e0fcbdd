//! The text of `agent_share`.

use super::{
    AGENTS, CONTENTS, COVERED, DELIVERED, Definition, FIRST_KNOWN, LATEST_RECORD, MARKS,
    MERGE_IS_DELIVERY, NOT_DELIVERED, NULL_WEEK, PRODUCTION, RANGE, RULES, SCOPE, SEGMENT, TIES,
    USABLE_MEDIAN, Version, WEEK_OF_DELIVERY, WILSON,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of the delivered changes did agents make or take part in?",
    formula: &[
        "Value of the week = changes of the segments agent and assisted ÷ delivered changes. Numerator = those of the two segments; denominator and sample = all delivered changes. A record's value is 1 when its change is agent or assisted, else 0.",
        "Taken over one segment alone it is 1 for agent and assisted and 0 for unmarked, wherever there is a change.",
        SCOPE,
        COVERED,
        SEGMENT,
        AGENTS,
        MARKS,
        DELIVERED,
        PRODUCTION,
        MERGE_IS_DELIVERY,
        CONTENTS,
    ],
    leaves_out: &[NOT_DELIVERED, FIRST_KNOWN, LATEST_RECORD],
    records: "Delivered changes.",
    week_of: WEEK_OF_DELIVERY,
    settles: "At the end of its week. A record that arrives later still changes the figure.",
    statistics: &[
        WILSON,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Neither side is better: a signal reads up (above) or down (below).",
        "Unmarked is not the same as made by a person alone, so the share is what is known of agents' part.",
    ],
    source: "Share of delivered work that bears a mark of agents; interval after E. B. Wilson (1927); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

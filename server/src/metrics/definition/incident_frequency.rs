//! The text of `incident_frequency`.

use super::{
    BLAME, CONTENTS, COVERED, DELIVERED, Definition, LATEST_RECORD, MERGE_IS_DELIVERY,
    NOT_INCIDENTS, NOT_SPLIT, POISSON, PRODUCTION, RANGE, RARE, RULES, SCOPE_OF_INCIDENTS, TIES,
    USABLE_COUNT, Version, WEEK_OF_START,
};

pub const DEFINITION: Definition = Definition {
    answers: "How many incidents started in this week?",
    formula: &[
        "Value = the number of incidents that started in the week, whatever they are laid to. Sample = the same number; a record's value is 1.",
        "Beside it, as the part per_100_deployments: the number ÷ production deployments that finished in the same week, of the same scope, × 100; null in a week without any.",
        "It is 0 in a week without one from the week of the company's first incident on, in every scope, and null in the weeks before: nothing was known then, which is not zero. Where it is null it has no part either.",
        BLAME,
        SCOPE_OF_INCIDENTS,
        COVERED,
        PRODUCTION,
        MERGE_IS_DELIVERY,
        CONTENTS,
        DELIVERED,
        NOT_SPLIT,
    ],
    leaves_out: &[
        NOT_INCIDENTS,
        LATEST_RECORD,
        "No other one: incidents that are laid to no deployment count, and their record says why they are not.",
    ],
    records: "Incidents.",
    week_of: WEEK_OF_START,
    settles: "At the end of its week. A record that arrives later still changes the figure.",
    statistics: &[
        POISSON,
        USABLE_COUNT,
        RANGE,
        RARE,
        RULES,
        TIES,
        "Lower is better: a signal below the centre reads better, one above it worse.",
    ],
    source: "Count of incidents, as incident systems report it; normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

//! The text of `deployment_frequency`.

use super::{
    CONTENTS, COVERED, DELIVERED, Definition, IGNORED, LATEST_RECORD, MERGE_IS_DELIVERY, NOT_SPLIT,
    PRODUCTION, RANGE, RULES, SCOPE_OF_DEPLOYMENTS, TIES, USABLE_COUNT, Version, WEEK_OF_FINISH,
};

pub const DEFINITION: Definition = Definition {
    answers: "How often was something deployed to production in this week?",
    formula: &[
        "Value = the number of production deployments that finished in the week. Sample = the same number; a record's value is 1. The first known deployment of a service counts, and so do rollbacks, fixes and deployments that deliver nothing.",
        "It is 0 in a week without one from the week of the scope's first production deployment on, and null in the weeks before: nothing was known then, which is not zero.",
        PRODUCTION,
        MERGE_IS_DELIVERY,
        SCOPE_OF_DEPLOYMENTS,
        COVERED,
        CONTENTS,
        DELIVERED,
        NOT_SPLIT,
    ],
    leaves_out: &[
        "Failed rollouts: nothing came into production by them. They are listed as left out.",
        IGNORED,
        "Deployments to environments that are not production.",
        LATEST_RECORD,
    ],
    records: "Production deployments.",
    week_of: WEEK_OF_FINISH,
    settles: "At the end of its week. A record that arrives later still changes the figure.",
    statistics: &[
        "A count is complete, so it has no interval: what varies is the weeks, and the normal range says how much.",
        USABLE_COUNT,
        RANGE,
        RULES,
        TIES,
        "Neither side is better: a signal reads up (above) or down (below).",
    ],
    source: "Deployment frequency as DORA defines it: the number of deployments to production in a span of time, here a week; normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

//! The text of `change_lead_time`.

use super::{
    AGENTS, CONTENTS, COVERED, DELIVERED, Definition, FIRST_KNOWN, LATEST_RECORD, MARKS, MEDIAN,
    MEDIAN_INTERVAL, MERGE_IS_DELIVERY, NOT_DELIVERED, NULL_WEEK, PRODUCTION, RANGE, REVIEWED,
    RULES, SCOPE, SEGMENT, STAGES, STAGES_NOT_KNOWN, START, TIES, USABLE_MEDIAN, Version,
    WEEK_OF_DELIVERY,
};

pub const DEFINITION: Definition = Definition {
    answers: "How long does a change take from its start until it runs in production?",
    formula: &[
        START,
        "A change's value = delivery − start, in calendar seconds, nights and weekends included.",
        MEDIAN,
        DELIVERED,
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
    leaves_out: &[
        NOT_DELIVERED,
        FIRST_KNOWN,
        LATEST_RECORD,
        "Changes without known commits: the value is null, \"first commit not known\"; their stages other than coding stay. They are listed as left out.",
        "Changes that were merged before their start, as clocks disagree: the value is null, also where delivery − start is not negative, and they are listed as left out with that reason.",
        STAGES_NOT_KNOWN,
    ],
    records: "Delivered changes whose start is known.",
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
    source: "Change lead time after DORA, which takes it from the commit of a change to version control until its deployment to production; here it begins with the first authored commit, or with the creation of the change if that came earlier. Interval after W. R. Thompson (1936); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

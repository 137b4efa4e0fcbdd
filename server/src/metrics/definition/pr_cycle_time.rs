//! The text of `pr_cycle_time`.

use super::{
    AGENTS, Definition, LATEST_COPY, MARKS, MEDIAN, MEDIAN_INTERVAL, NOT_MERGED, NULL_WEEK, RANGE,
    REVIEWED, RULES, SCOPE, SEGMENT, TIES, USABLE_MEDIAN, Version, WEEK_OF_MERGE,
};

pub const DEFINITION: Definition = Definition {
    answers: "How long does a change take from its start to its merge?",
    formula: &[
        "Start = the earlier of the first authored commit (the earliest authoring instant among the change's commits) and the creation of the change. Creation not known: start = the first authored commit. No commits known: there is no start.",
        "A change's value = merge − start, in calendar seconds, nights and weekends included.",
        MEDIAN,
        REVIEWED,
        "Stages: coding = opened − start; pickup = first review − opened; review = merge − first review. Without a first review pickup and review are null, \"merged without review\", and open = merge − opened stands for them. A change's known stages add up to its value exactly.",
        "Reviews by agents end no stage; agent_review = the first of them, from opening to merge, − opened, kept beside the stages.",
        SCOPE,
        SEGMENT,
        AGENTS,
        MARKS,
    ],
    leaves_out: &[
        NOT_MERGED,
        LATEST_COPY,
        "Changes without known commits: value and coding are null, \"first commit not known\"; their other stages stay. They are listed as left out.",
        "Stages of a change whose creation is not known: they are null with that reason, and the value counts.",
        "What clocks that disagree make negative: a negative value is null, and the change is listed as left out; a negative stage is null with all other stages of the change, and the value counts. Each says which instants disagree. A negative agent_review is null by itself.",
    ],
    records: "Merged changes whose start is known.",
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
    source: "Merge − start of a pull request, as its cycle time is commonly measured; interval after W. R. Thompson (1936); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-22",
        change: "First version.",
    }],
};

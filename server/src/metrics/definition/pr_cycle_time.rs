//! The text of `pr_cycle_time`.

use super::{
    AGENTS, Definition, LATEST_COPY, MARKS, NOT_MERGED, RANGE, RULES, SCOPE, SEGMENT, TIES,
    USABLE_MEDIAN, Version, WEEK_OF_MERGE,
};

pub const DEFINITION: Definition = Definition {
    answers: "How long does a change take from its start to its merge?",
    formula: &[
        "Start = the earlier of the first authored commit (the earliest authoring instant among the change's commits) and the creation of the change. Creation not known: start = the first authored commit. No commits known: there is no start.",
        "A change's value = merge − start, in calendar seconds, nights and weekends included.",
        "Value of the week = the true median of its changes' values: the middle one, or the mean of the middle two. p90 = the value at rank ⌈0.9 n⌉ in ascending order (nearest rank). Sample = the number of changes with a value.",
        "Opened for review = the ready_at for which creation ≤ ready_at ≤ merge (of several, the last before the first review), else the creation. First review = the earliest review by a person other than the author, at or after opening and at or before the merge, whatever its verdict. An author without a kind is a person unless the id is a known agent.",
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
        "Interval: 95 %, by order statistics. With B ~ Binomial(n, ½) it runs from the l-th to the (n + 1 − l)-th value in ascending order, for the largest l with P(B ≤ l − 1) ≤ 2.5 %. From 6 changes on: of 6 the 1st to 6th, of 10 the 2nd to 9th, of 20 the 6th to 15th, of 50 the 18th to 33rd, of 100 the 40th to 61st, of 200 the 86th to 115th.",
        "A week without a single known value is null; nothing is carried over from other weeks.",
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

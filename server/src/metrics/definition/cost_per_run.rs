//! The text of `cost_per_run`.

use super::{
    Definition, LATEST_RECORD, NOT_SPLIT, NULL_WEEK, RANGE, RULES, SCOPE_OF_RUNS, SETTLES_A_DAY,
    TIES, USABLE_MEDIAN, Version, WEEK_OF_RUN,
};

pub const DEFINITION: Definition = Definition {
    answers: "What does a run cost?",
    formula: &[
        "Value of the week = the exact sum of the costs of the runs that started in it and have a price ÷ their number, rounded half to even to 6 places, in the company's currency. Sample = the number of runs with a price. The part unpriced counts the others.",
        "Where the registry gives a price for at least one of a run's models on the day (UTC) on which it started, its cost is the sum over its models of (input − cached_input) × input price + cached_input × cached price (the input price where none is given) + output × output price, ÷ 1,000,000, by the newest price in force; a model without one leaves the run unpriced. Elsewhere the cost is taken as sent. Input tokens include cached ones. An amount in another currency needs a rate in force on that day; without one the run is unpriced. What has more than 12 places is rounded half to even to 12.",
        SCOPE_OF_RUNS,
        NOT_SPLIT,
    ],
    leaves_out: &[
        "Runs without a price: they are listed as left out, \"unpriced\".",
        LATEST_RECORD,
    ],
    records: "Runs with a price.",
    week_of: WEEK_OF_RUN,
    settles: SETTLES_A_DAY,
    statistics: &[
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "No interval is given.",
        "Lower is better: a signal below the centre reads better, one above it worse.",
    ],
    source: "Unit cost, as FinOps has it; normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};

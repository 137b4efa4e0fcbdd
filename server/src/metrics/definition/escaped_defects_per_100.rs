//! The text of `escaped_defects_per_100`.

use super::{
    CONTENTS, COVERED, DELIVERED, Definition, LATEST_RECORD, MERGE_IS_DELIVERY, NOT_DEFECTS,
    NOT_SPLIT, PRODUCTION, RANGE, RULES, SCOPE, SCOPE_OF_DEFECTS, TIES, USABLE_MEDIAN, Version,
    WEEK_OF_FIND,
};

pub const DEFINITION: Definition = Definition {
    answers: "How many defects are found in production for every 100 changes delivered?",
    formula: &[
        "Value of the week = production defects found in the week ÷ changes delivered in the week, of the same scope, × 100. Numerator and sample = the production defects (found_in = production); denominator = the changes delivered, which is the value of changes_delivered. A record's value is 1.",
        "It is 0 in a week with deliveries and without a production defect from the week of the company's first classified defect on, in every scope, and null in the weeks before. A classified defect is one of which it is known whether it was found in production or before the release, those resolved as duplicate or not_a_defect aside. In a week in which nothing was delivered the value is null; where defects were found then they are listed all the same, and the denominator is 0.",
        "A defect need not come from the changes it is divided by: those are of the same week, not the ones that introduced it.",
        DELIVERED,
        PRODUCTION,
        MERGE_IS_DELIVERY,
        CONTENTS,
        SCOPE_OF_DEFECTS,
        SCOPE,
        COVERED,
        NOT_SPLIT,
    ],
    leaves_out: &[
        "Defects that were found before the release, and those of which it is not known where they were found: they are listed as left out.",
        NOT_DEFECTS,
        LATEST_RECORD,
    ],
    records: "Production defects.",
    week_of: WEEK_OF_FIND,
    settles: "At the end of its week. A record that arrives later still changes the figure.",
    statistics: &[
        "No interval: it sets defects against changes, and is no share of one in the other.",
        USABLE_MEDIAN,
        "The records are the production defects, so a week with few of them is hollow, be it for lack of defects.",
        RANGE,
        RULES,
        TIES,
        "Lower is better: a signal below the centre reads better, one above it worse.",
    ],
    source: "Escaped defects against delivered changes, which more reports of trivial defects before the release do not make smaller; normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

//! The text of `defect_escape_rate`.

use super::{
    CONTENTS, COVERED, DELIVERED, Definition, LATEST_RECORD, MERGE_IS_DELIVERY, NOT_DEFECTS,
    NOT_SPLIT, NULL_WEEK, PRODUCTION, RANGE, RULES, SCOPE_OF_DEFECTS, TIES, USABLE_MEDIAN, Version,
    WEEK_OF_FIND, WILSON,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of the defects got into production before they were found?",
    formula: &[
        "Value of the week = production ÷ (production + pre-release), of the defects found in the week. Numerator = those found in production (found_in = production); denominator and sample = the classified ones, which are those found in production and those found before the release (found_in = pre_release). A record's value is 1 when it was found in production, else 0.",
        "Bounds, from the defects of which it is not known where they were found: low = production ÷ all, high = (production + not known) ÷ all, with all = production + pre-release + not known. Where all are classified both equal the value; where none is the value is null, low is 0 and high is 1; without any defect both are null.",
        SCOPE_OF_DEFECTS,
        COVERED,
        DELIVERED,
        PRODUCTION,
        MERGE_IS_DELIVERY,
        CONTENTS,
        NOT_SPLIT,
    ],
    leaves_out: &[
        "Defects without found_in: they are listed as left out, \"where it was found is not known\", and only widen the bounds. Not known never means found before the release.",
        NOT_DEFECTS,
        LATEST_RECORD,
    ],
    records: "Classified defects.",
    week_of: WEEK_OF_FIND,
    settles: "At the end of its week. A record that arrives later still changes the figure.",
    statistics: &[
        WILSON,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "The interval is of the classified defects alone; the bounds say what the others could do.",
        "Lower is better: a signal below the centre reads better, one above it worse.",
    ],
    source: "Defect escape rate, also known as escaped defects ÷ all defects; interval after E. B. Wilson (1927); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

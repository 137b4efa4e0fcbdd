//! The text of `change_fail_rate`.

use super::{
    BLAME, CONTENTS, COVERED, DELIVERED, Definition, FAILED, FAILED_ROLLOUT, FIX, IGNORED,
    LATEST_RECORD, MERGE_IS_DELIVERY, NOT_SPLIT, NULL_WEEK, PRODUCTION, RANGE, REMEDY, REVERT,
    ROLLBACK, RULES, SCOPE_OF_DEPLOYMENTS, SETTLES_AFTER_WINDOW, TIES, USABLE_MEDIAN, Version,
    WEEK_OF_FINISH, WILSON,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of deployments to production had to be put right?",
    formula: &[
        "Value of the week = failed ÷ (production deployments + failed rollouts that count), of those that finished in the week. Numerator = the failed ones; denominator and sample = both kinds together. A record's value is 1 when it failed, else 0. The first known deployment of a service counts like others.",
        FAILED,
        PRODUCTION,
        FAILED_ROLLOUT,
        REMEDY,
        ROLLBACK,
        FIX,
        REVERT,
        BLAME,
        MERGE_IS_DELIVERY,
        CONTENTS,
        DELIVERED,
        SCOPE_OF_DEPLOYMENTS,
        COVERED,
        NOT_SPLIT,
    ],
    leaves_out: &[
        "Failed rollouts that do not count: they are listed as left out.",
        IGNORED,
        "Deployments to environments that are not production.",
        LATEST_RECORD,
    ],
    records: "Production deployments, and failed rollouts that count.",
    week_of: WEEK_OF_FINISH,
    settles: SETTLES_AFTER_WINDOW,
    statistics: &[
        WILSON,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Lower is better: a signal below the centre reads better, one above it worse.",
    ],
    source: "Change fail rate after DORA: the share of deployments that need immediate intervention, which is mostly a rollback or a hotfix; interval after E. B. Wilson (1927); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

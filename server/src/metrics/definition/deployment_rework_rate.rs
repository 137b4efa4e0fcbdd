//! The text of `deployment_rework_rate`.

use super::{
    BLAME, CONTENTS, COVERED, DELIVERED, Definition, FAILED_ROLLOUT, FIX, IGNORED, LATEST_RECORD,
    MERGE_IS_DELIVERY, NOT_SPLIT, NULL_WEEK, PRODUCTION, RANGE, REMEDY, REVERT, ROLLBACK, RULES,
    SCOPE_OF_DEPLOYMENTS, SETTLES_AFTER_WINDOW, TIES, USABLE_MEDIAN, Version, WEEK_OF_FINISH,
    WILSON,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of deployments to production was made to put an earlier one right?",
    formula: &[
        "Value of the week = rework ÷ (production deployments + failed rollouts that count), of those that finished in the week. Numerator = the production deployments that remedied at least one earlier attempt, apart from those that are planned by their sender's word; denominator and sample = both kinds together. A record's value is 1 when it is rework, else 0. The first known deployment of a service counts like others.",
        "So a deployment that is planned by its sender's word and delivers a revert is no rework, though the deployment that it remedies failed. A rollback or fix that finds nothing to remedy is no rework either.",
        REMEDY,
        ROLLBACK,
        FIX,
        REVERT,
        PRODUCTION,
        FAILED_ROLLOUT,
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
    source: "Deployment rework rate after DORA: the share of deployments that were not planned and were made because of an incident in production; interval after E. B. Wilson (1927); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

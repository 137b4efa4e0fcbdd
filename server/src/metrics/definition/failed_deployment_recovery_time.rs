//! The text of `failed_deployment_recovery_time`.

use super::{
    BLAME, CONTENTS, COVERED, DELIVERED, Definition, FAILED, FAILED_ROLLOUT, FIX, LATEST_RECORD,
    MERGE_IS_DELIVERY, NOT_SPLIT, NULL_WEEK, PRODUCTION, RANGE, REMEDY, REVERT, ROLLBACK, RULES,
    SCOPE_OF_DEPLOYMENTS, TIES, USABLE_MEDIAN, Version, WEEK_OF_RECOVERY,
};

pub const DEFINITION: Definition = Definition {
    answers: "How long does it take until all is well again after a failed deployment?",
    formula: &[
        "A record's value = well again − finish of the failed deployment, in calendar seconds, nights and weekends included.",
        "Well again: where incidents are laid to the failed deployment, the latest of their resolutions, whatever remedied it and when; while any of them is unresolved it is open. Where none is, the finish of its latest remedy; a failed rollout that counts and that nothing remedied is open.",
        "Value of the week = the true median of the values of the failures that were well again in it: the middle one, or the mean of the middle two. p90 = the value at rank ⌈0.9 n⌉ in ascending order (nearest rank). Sample = the number of these failures.",
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
        "Failed deployments that are open: they are listed as left out in the week of their finish, \"incident not resolved yet\" or, without an incident, \"nothing remedied it yet\".",
        "Failed deployments that were well again before they finished: the value is null, and they are listed as left out in the week in which they were well again, \"clocks disagree: well again before it was deployed\". 0 is a value.",
        "Deployments that did not fail.",
        LATEST_RECORD,
    ],
    records: "Recovered failures: failed deployments that were well again.",
    week_of: WEEK_OF_RECOVERY,
    settles: "At the end of its week. A record that arrives later still changes the figure.",
    statistics: &[
        "Interval: 95 %, by order statistics, from 6 recovered failures on. With B ~ Binomial(n, ½) it runs from the l-th to the (n + 1 − l)-th value in ascending order, for the largest l with P(B ≤ l − 1) ≤ 2.5 %: of 6 the 1st to 6th, of 10 the 2nd to 9th, of 20 the 6th to 15th.",
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Lower is better: a signal below the centre reads better, one above it worse.",
    ],
    source: "Failed deployment recovery time after DORA: how long it takes to recover from a deployment that fails and needs immediate intervention. Interval after W. R. Thompson (1936); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-25",
        change: "First version.",
    }],
};

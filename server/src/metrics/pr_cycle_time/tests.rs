use proptest::prelude::*;

use super::*;

/// First commit 100, created 200, opened 300, reviewed 600, merged 1,000.
const USUAL: Milestones = Milestones {
    first_commit_at_ms: Some(100),
    created_at_ms: Some(200),
    opened_at_ms: Some(300),
    first_review_at_ms: Some(600),
    agent_review_at_ms: None,
    merged_at_ms: 1_000,
};

fn stages(change: CycleTime) -> [Option<i64>; 4] {
    [
        change.coding_ms,
        change.pickup_ms,
        change.review_ms,
        change.open_ms,
    ]
}

#[test]
fn a_change_with_every_instant_has_three_stages_and_no_reason() {
    let change = cycle_time(&USUAL);
    assert_eq!(change.total_ms, Some(900));
    assert_eq!(stages(change), [Some(200), Some(300), Some(400), None]);
    assert_eq!(change.reason, None);
}

#[test]
fn a_first_commit_after_creation_leaves_creation_as_the_start() {
    let change = cycle_time(&Milestones {
        first_commit_at_ms: Some(250),
        ..USUAL
    });
    assert_eq!((change.total_ms, change.coding_ms), (Some(800), Some(100)));
}

#[test]
fn without_creation_the_total_stays_and_the_stages_go() {
    let change = cycle_time(&Milestones {
        created_at_ms: None,
        ..USUAL
    });
    assert_eq!((change.total_ms, stages(change)), (Some(900), [None; 4]));
    assert_eq!(change.reason, Some(Reason::CreationNotKnown));
}

#[test]
fn without_a_first_commit_pickup_and_review_stay() {
    let change = cycle_time(&Milestones {
        first_commit_at_ms: None,
        ..USUAL
    });
    assert_eq!(change.total_ms, None);
    assert_eq!(stages(change), [None, Some(300), Some(400), None]);
    assert_eq!(change.reason, Some(Reason::FirstCommitNotKnown));
}

#[test]
fn an_unreviewed_change_was_open_until_its_merge() {
    let unreviewed = Milestones {
        first_review_at_ms: None,
        ..USUAL
    };
    let change = cycle_time(&unreviewed);
    assert_eq!(stages(change), [Some(200), None, None, Some(700)]);
    assert_eq!(change.reason, Some(Reason::MergedWithoutReview));

    let change = cycle_time(&Milestones {
        first_commit_at_ms: None,
        ..unreviewed
    });
    assert_eq!(
        (change.total_ms, stages(change)),
        (None, [None, None, None, Some(700)])
    );
    assert_eq!(
        change.reason,
        Some(Reason::FirstCommitNotKnownAndUnreviewed)
    );
}

#[test]
fn with_neither_start_nothing_is_known() {
    let change = cycle_time(&Milestones {
        merged_at_ms: 1_000,
        ..Milestones::default()
    });
    assert_eq!((change.total_ms, stages(change)), (None, [None; 4]));
    assert_eq!(change.reason, Some(Reason::NeitherStartKnown));
}

#[test]
fn an_agents_review_ends_no_stage_and_keeps_its_own_wait() {
    let change = cycle_time(&Milestones {
        agent_review_at_ms: Some(310),
        ..USUAL
    });
    assert_eq!(change.agent_review_ms, Some(10));
    assert_eq!(stages(change), stages(cycle_time(&USUAL)));
}

#[test]
fn a_review_at_the_merge_instant_leaves_no_time_to_review_and_still_counts() {
    let change = cycle_time(&Milestones {
        first_review_at_ms: Some(1_000),
        ..USUAL
    });
    assert_eq!(stages(change), [Some(200), Some(700), Some(0), None]);
}

#[test]
fn a_merge_before_the_start_has_no_total_and_says_that_clocks_disagree() {
    let change = cycle_time(&Milestones {
        merged_at_ms: 50,
        ..USUAL
    });
    assert_eq!((change.total_ms, stages(change)), (None, [None; 4]));
    assert_eq!(change.reason, Some(Reason::MergedBeforeStart));
    assert!(
        Reason::MergedBeforeStart
            .sentence()
            .starts_with("clocks disagree: ")
    );
}

#[test]
fn a_merge_before_creation_but_after_the_first_commit_keeps_the_total_alone() {
    let change = cycle_time(&Milestones {
        merged_at_ms: 150,
        first_review_at_ms: None,
        ..USUAL
    });
    assert_eq!((change.total_ms, stages(change)), (Some(50), [None; 4]));
    assert_eq!(change.reason, Some(Reason::MergedBeforeOpened));
}

fn milestones() -> impl Strategy<Value = Milestones> {
    let instant = || prop::option::of(0_i64..1_000);
    (
        instant(),
        instant(),
        instant(),
        instant(),
        instant(),
        0_i64..1_000,
    )
        .prop_map(
            |(first_commit, created, opened, first_review, agent_review, merged_at_ms)| {
                Milestones {
                    first_commit_at_ms: first_commit,
                    created_at_ms: created,
                    opened_at_ms: opened,
                    first_review_at_ms: first_review,
                    agent_review_at_ms: agent_review,
                    merged_at_ms,
                }
            },
        )
}

proptest! {
    #[test]
    fn stages_are_never_negative_and_add_up_or_carry_a_reason(at in milestones()) {
        let change = cycle_time(&at);
        let known: Vec<i64> = stages(change).into_iter().flatten().collect();
        let all = known.iter().chain(&change.total_ms).chain(&change.agent_review_ms);
        prop_assert!(all.into_iter().all(|ms| *ms >= 0));
        if let Some(total) = change.total_ms && !known.is_empty() {
            prop_assert_eq!(known.iter().sum::<i64>(), total);
        }
        let whole = change.total_ms.is_some() && change.review_ms.is_some();
        prop_assert!(whole || change.reason.is_some());
    }
}

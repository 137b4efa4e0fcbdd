use super::*;

const ALL: [Signal; 7] = [
    Signal::Better,
    Signal::Worse,
    Signal::Up,
    Signal::Down,
    Signal::Routine,
    Signal::TooFew,
    Signal::None,
];

/// The table of `word`, row by row: better, worse, routine, can't tell.
#[test]
fn every_cell_of_the_table_has_its_word() {
    let rows: [(&[Signal], [&str; 4]); 4] = [
        (
            &[Signal::Better, Signal::Up],
            [
                "both better",
                "activity up, result worse",
                "activity, no effect yet",
                "too early",
            ],
        ),
        (
            &[Signal::Worse, Signal::Down],
            [
                "result better all the same",
                "both worse",
                "slipping, no effect yet",
                "too early",
            ],
        ),
        (
            &[Signal::Routine],
            [
                "something else helped",
                "something else hurt",
                "steady",
                "too early",
            ],
        ),
        (
            &[Signal::TooFew, Signal::None],
            ["–", "–", "–", "too early"],
        ),
    ];
    let columns: [&[Signal]; 4] = [
        &[Signal::Better],
        &[Signal::Worse],
        &[Signal::Routine],
        &[Signal::TooFew, Signal::None],
    ];
    for (agents, said) in rows {
        for (businesses, said) in columns.iter().zip(said) {
            for (agent, business) in pairs(agents, businesses) {
                let word = word(agent, business, None).map_or("–", Word::said);
                assert_eq!(word, said, "{agent:?}, {business:?}");
            }
        }
    }
}

fn pairs(agents: &[Signal], businesses: &[Signal]) -> Vec<(Signal, Signal)> {
    let each = agents.iter();
    each.flat_map(|agent| businesses.iter().map(|business| (*agent, *business)))
        .collect()
}

#[test]
fn a_business_metric_without_a_better_side_does_well_when_it_moves_as_expected() {
    let (up, down) = (Some(Expected::Up), Some(Expected::Down));
    for (moved, expected, as_if) in [
        (Signal::Up, up, Signal::Better),
        (Signal::Up, down, Signal::Worse),
        (Signal::Down, down, Signal::Better),
        (Signal::Down, up, Signal::Worse),
    ] {
        for agent in ALL {
            assert_eq!(word(agent, moved, expected), word(agent, as_if, None));
        }
    }
}

#[test]
fn of_one_without_a_better_side_and_of_which_no_direction_is_expected_there_is_no_word() {
    for (agent, moved) in pairs(&ALL, &[Signal::Up, Signal::Down]) {
        for expected in [None, Some(Expected::Better), Some(Expected::Worse)] {
            assert_eq!(word(agent, moved, expected), None);
        }
    }
}

#[test]
fn an_expectation_changes_no_word_of_a_metric_that_has_a_better_side() {
    let sided = [Signal::Better, Signal::Worse, Signal::Routine, Signal::None];
    for (agent, business) in pairs(&ALL, &sided) {
        for expected in [
            Expected::Better,
            Expected::Worse,
            Expected::Up,
            Expected::Down,
        ] {
            assert_eq!(
                word(agent, business, Some(expected)),
                word(agent, business, None)
            );
        }
    }
}

#[test]
fn a_default_hop_leads_from_an_agent_metric_to_a_business_metric() {
    for default in DEFAULTS {
        assert_eq!(end(default.agent_metric), Some(End::Agent));
        assert_eq!(end(default.business_metric), Some(End::Business));
        let twice = DEFAULTS
            .iter()
            .filter(|other| {
                other.agent_metric == default.agent_metric && other.covers == default.covers
            })
            .count();
        assert_eq!(twice, 1, "{}", default.agent_metric);
    }
}

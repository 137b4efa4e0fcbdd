//! Agent metrics beside business metrics.

use super::{cycle_time, day, figure, points};
use crate::view::{
    figure::Unit,
    hop::{Hop, Hops},
    review::Row,
    signal::{Rule, Signal},
};

/// The share of agents in Checkout: 46 %, up.
fn agent_share() -> Row {
    let mut figure = figure("agent_share", 0.46, Unit::Ratio, 41);
    (figure.numerator, figure.denominator) = (Some(19), Some(41));
    figure.scope = "workflow:checkout".into();
    figure.records_url = "/records/agent_share?week=2026-W47&scope=workflow:checkout".into();
    figure.normal_range = Some([0.2, 0.4]);
    figure.signal = Signal::Up;
    figure.rule = Some(Rule::OutsideLimits);
    let shares = [
        0.24, 0.27, 0.25, 0.3, 0.28, 0.33, 0.29, 0.31, 0.36, 0.34, 0.39, 0.46,
    ];
    Row {
        name: "Agents’ share".into(),
        figure,
        records_noun: "changes".into(),
        points: points(&shares, 41),
        usable_weeks: 46,
        settles_on: day(2026, 11, 23),
        definition_url: "/definitions/agent_share".into(),
    }
}

/// Both ends of Checkout.
pub fn hop() -> Hop {
    Hop {
        workflow: "Checkout".into(),
        agent: agent_share(),
        business: cycle_time(),
        expected: Some("better".into()),
        word: Some("both better".into()),
    }
}

/// One hop, and one that is left out.
pub fn hops() -> Hops {
    Hops {
        rows: vec![hop()],
        more: 0,
        left_out: 1,
        unmeasured: vec!["evaluation_coverage".into()],
    }
}

//! What a policy said of a run's calls: that they may be made, that somebody has to approve, or no.

use super::chance::Chance;
use super::hours::rfc3339;
use super::object::{add_known, object};
use super::runs::{Calls, Run, call_id};
use super::sent::{Sent, Stream};
use super::tools::Effect;

/// What was decided of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Decisions {
    /// Every call that does something has one.
    pub are_complete: bool,
    /// Somebody has to approve.
    pub ask_approval: bool,
    /// One of them is no.
    pub deny: bool,
}

const ALLOW: &str = "allow";
const REQUIRE_APPROVAL: &str = "require_approval";
const DENY: &str = "deny";

/// Draws what was decided of a run, and tells of it.
pub(super) fn of_run(run: &mut Run, sent: &mut Sent, chance: &mut Chance) -> Decisions {
    let does_nothing = run.calls.most() == Effect::None;
    let mut decided = Decisions {
        are_complete: does_nothing,
        ..Decisions::default()
    };
    if !chance.happens(0.65) {
        return decided;
    }
    let mut teller = Teller {
        run: run.id.clone(),
        sent,
        number: 0,
    };
    let word = |chance: &mut Chance| match chance.weighted(&[0.82, 0.14, 0.04]) {
        0 => ALLOW,
        1 => REQUIRE_APPROVAL,
        _ => DENY,
    };
    let mut said = Vec::new();
    match &mut run.calls {
        // Which call was meant is not told where calls are only counted.
        Calls::Counted(_) => {
            let decision = word(chance);
            said.push(decision);
            teller.tell((run.started, decision), None, true);
        }
        Calls::Each(calls) => {
            let acting = calls.iter().filter(|call| call.has_effect()).count();
            let left_out = chance.happens(0.15).then(|| chance.below(acting));
            // One of them may be no plain yes.
            let (odd, decision) = (chance.below(acting), word(chance));
            let acting = calls
                .iter_mut()
                .zip(1..)
                .filter(|(call, _)| call.has_effect());
            for (place, (call, number)) in acting.enumerate() {
                if left_out == Some(place) {
                    continue;
                }
                let decision = if place == odd { decision } else { ALLOW };
                said.push(decision);
                let names_run = chance.happens(0.85);
                let id = teller.tell((call.started, decision), Some(number), names_run);
                call.policy = (!names_run || chance.happens(0.3)).then_some(id);
            }
            decided.are_complete = left_out.is_none() || does_nothing;
        }
    }
    decided.ask_approval = said.contains(&REQUIRE_APPROVAL);
    decided.deny = said.contains(&DENY);
    decided
}

/// Sends a run's decisions.
struct Teller<'a> {
    run: String,
    sent: &'a mut Sent,
    number: usize,
}

impl Teller<'_> {
    /// Answers its id.
    fn tell(
        &mut self,
        (at, decision): (i64, &str),
        call: Option<usize>,
        names_run: bool,
    ) -> String {
        self.number += 1;
        let id = format!("{}/policy/{}", self.run, self.number);
        let made_at = rfc3339(at);
        let mut record = object([
            ("id", id.as_str().into()),
            ("updated_at", made_at.as_str().into()),
            ("at", made_at.into()),
            ("policy", "agents/tools".into()),
            ("decision", decision.into()),
            ("revision", format!("r{}", at / (30 * 86_400)).into()),
        ]);
        add_known(
            &mut record,
            [
                ("run", names_run.then(|| self.run.as_str().into())),
                (
                    "tool_call",
                    call.map(|number| call_id(&self.run, number).into()),
                ),
            ],
        );
        self.sent.send(at, Stream::PolicyDecisions, record);
        id
    }
}

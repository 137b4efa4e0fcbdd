//! A run, put together from its spans and what coding agents log beside them.
//!
//! Logs tell what no span does: who let a call pass, and what a policy said. Of what both tell, such as a
//! call or what a model used, the spans count.

use std::collections::{BTreeSet, HashMap};

use crate::otlp::{
    Assembled, Decider, Effect, Evaluation, Event, JoinKey, Outcome, Recorded, Said, Span, Tokens,
    tokens_by_model,
};

/// What a call is told as whose tool nobody names.
const NAMELESS: &str = "a tool";

/// A run with all that is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Merged {
    pub run: Assembled,
    pub calls: Vec<Call>,
    /// What a policy of the agent's own said.
    pub decisions: Vec<Decision>,
    pub evaluations: Vec<Evaluation>,
}

/// A tool call, from a span or an event.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Call {
    pub id: String,
    pub name: String,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    pub input: Option<Recorded>,
    pub output: Option<Recorded>,
    pub error: Option<Recorded>,
    pub effect: Option<Effect>,
    pub resources: Vec<String>,
    pub policy_decision: Option<String>,
    pub approval: Option<String>,
}

/// What a policy said of a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decision {
    pub id: String,
    pub call_id: Option<String>,
    pub at: i64,
    pub policy: String,
    pub is_allowed: bool,
}

pub(super) fn merged(mut run: Assembled, events: &[Event]) -> Merged {
    let mut events: Vec<&Event> = events.iter().collect();
    events.sort_by_key(|event| (event.at, &event.id));
    events.dedup_by(|one, other| one.id == other.id);
    let mut calls = Calls::of_spans(&run);
    let has_usage = !run.tokens.is_empty() || run.cost.is_some();
    let mut usage: Vec<&Tokens> = Vec::new();
    let mut decisions = Vec::new();
    let mut evaluations = run.evaluations.clone();
    for event in &events {
        frame(&mut run, event);
        match &event.said {
            Said::Prompt { input } if run.input.is_none() => run.input.clone_from(input),
            Said::Start | Said::Prompt { .. } => {}
            Said::ToolResult { .. } => calls.result(event),
            Said::Decision {
                by: Decider::Person,
                is_allowed: true,
                ..
            } => calls.approved(event),
            Said::Decision {
                by: Decider::Person,
                ..
            } => {}
            Said::Decision {
                by: Decider::Policy,
                is_allowed,
                source,
            } => decisions.push(Decision {
                id: event.id.clone(),
                call_id: event.call_id.clone(),
                at: event.at,
                policy: source
                    .clone()
                    .unwrap_or_else(|| "the agent’s own".to_owned()),
                is_allowed: *is_allowed,
            }),
            Said::ModelCall { tokens, cost, .. } if !has_usage => {
                usage.extend(tokens);
                run.cost = cost.map_or(run.cost, |own| Some(run.cost.unwrap_or_default() + own));
            }
            Said::ModelCall { .. } => {}
            Said::Evaluation(own) => evaluations.push(own.clone()),
        }
    }
    run.tokens.extend(tokens_by_model(usage.into_iter()));
    Merged {
        run,
        calls: calls.all,
        decisions,
        evaluations,
    }
}

/// What an event tells of the run as a whole.
fn frame(run: &mut Assembled, event: &Event) {
    run.run_id.clone_from(&event.run_id);
    let agent = event.agent.as_ref().or(event.service.as_ref());
    run.agent = run.agent.take().or_else(|| agent.cloned());
    run.workflow = run.workflow.take().or_else(|| event.workflow.clone());
    run.started_at = Some(run.started_at.map_or(event.at, |at| at.min(event.at)));
    let joins = event.joins.iter().filter(|own| !run.joins.contains(own));
    let joins: Vec<(JoinKey, String)> = joins.cloned().collect();
    run.joins.extend(joins);
    let sessions = event
        .sessions
        .iter()
        .filter(|own| !run.sessions.contains(own));
    let sessions: Vec<String> = sessions.cloned().collect();
    run.sessions.extend(sessions);
}

/// The calls of a run, in the order that they became known in, and where each stands.
struct Calls {
    all: Vec<Call>,
    places: HashMap<String, usize>,
}

impl Calls {
    fn of_spans(run: &Assembled) -> Calls {
        let mut taken = BTreeSet::new();
        let mut calls = Calls {
            all: Vec::with_capacity(run.tool_calls.len()),
            places: HashMap::with_capacity(run.tool_calls.len()),
        };
        for span in &run.tool_calls {
            let own = span.call_id.clone().filter(|id| taken.insert(id.clone()));
            calls.add(Call {
                id: own.unwrap_or_else(|| span.id.clone()),
                name: name(span),
                started_at: span.started_at,
                ended_at: span.ended_at,
                input: span.input.clone(),
                output: span.output.clone(),
                error: span.error.clone(),
                effect: span.effect,
                resources: span.resources.clone(),
                policy_decision: span.policy_decision.clone(),
                approval: span.approval.clone(),
            });
        }
        calls
    }

    fn add(&mut self, call: Call) -> usize {
        let at = self.all.len();
        self.places.entry(call.id.clone()).or_insert(at);
        self.all.push(call);
        at
    }

    /// A call that ended; what a span says of it stays.
    fn result(&mut self, event: &Event) {
        let Said::ToolResult {
            has_failed,
            error,
            duration_ms,
            input,
            output,
        } = &event.said
        else {
            return;
        };
        let took = duration_ms
            .and_then(|ms| i64::try_from(ms).ok())
            .unwrap_or(0);
        let call = self.place(event, event.at.saturating_sub(took));
        call.ended_at = call.ended_at.or(Some(event.at));
        call.input = call.input.take().or_else(|| input.clone());
        call.output = call.output.take().or_else(|| output.clone());
        if *has_failed {
            let unknown = || Some(Recorded::default());
            call.error = call.error.take().or_else(|| error.clone()).or_else(unknown);
        }
    }

    /// A person let a call pass.
    fn approved(&mut self, event: &Event) {
        if event.call_id.is_some() {
            self.place(event, event.at).approval = Some(event.id.clone());
        }
    }

    /// The call that an event is of, made where no span and no earlier event tells it.
    fn place(&mut self, event: &Event, started_at: i64) -> &mut Call {
        let id = event.call_id.as_ref().unwrap_or(&event.id);
        let known = self.places.get(id).copied();
        let at = known.unwrap_or_else(|| {
            self.add(Call {
                id: id.clone(),
                name: event.tool.clone().unwrap_or_else(|| NAMELESS.to_owned()),
                started_at,
                ..Call::default()
            })
        });
        let call = &mut self.all[at];
        call.started_at = call.started_at.min(started_at);
        call
    }
}

fn name(span: &Span) -> String {
    let named = span.tool.as_ref().unwrap_or(&span.name);
    match named.trim().is_empty() {
        true => NAMELESS.to_owned(),
        false => named.clone(),
    }
}

/// How a run ended, in the word of its record.
pub(super) fn outcome(own: Outcome) -> &'static str {
    match own {
        Outcome::Ok => "ok",
        Outcome::Error => "error",
        Outcome::HandedOver => "handed_over",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, at: i64, call: Option<&str>, said: Said) -> Event {
        Event {
            id: id.to_owned(),
            run_id: "session".to_owned(),
            at,
            agent: None,
            service: Some("claude-code".to_owned()),
            workflow: None,
            sessions: vec!["session".to_owned()],
            joins: Vec::new(),
            tool: Some("Edit".to_owned()),
            call_id: call.map(str::to_owned),
            said,
        }
    }

    fn result(duration_ms: u64) -> Said {
        Said::ToolResult {
            has_failed: false,
            error: None,
            duration_ms: Some(duration_ms),
            input: None,
            output: None,
        }
    }

    fn decision(by: Decider) -> Said {
        Said::Decision {
            by,
            is_allowed: true,
            source: None,
        }
    }

    #[test]
    fn a_session_without_any_span_is_a_run_of_the_service_that_logs_it() {
        let events = [
            event("b", 50, Some("c1"), result(20)),
            event("a", 10, None, Said::Start),
            event("d", 25, Some("c1"), decision(Decider::Person)),
        ];
        let found = merged(Assembled::default(), &events);
        assert_eq!(found.run.agent.as_deref(), Some("claude-code"));
        assert_eq!((found.run.started_at, found.run.ended_at), (Some(10), None));
        let [call] = &found.calls[..] else {
            panic!("{:?}", found.calls);
        };
        assert_eq!((call.started_at, call.ended_at), (25, Some(50)));
        assert_eq!(call.approval.as_deref(), Some("d"));
    }

    #[test]
    fn an_event_that_came_twice_counts_once() {
        let told = event("d", 25, Some("c1"), decision(Decider::Policy));
        let found = merged(Assembled::default(), &[told.clone(), told]);
        assert_eq!(found.decisions.len(), 1);
    }

    #[test]
    fn what_the_agents_own_policy_said_is_a_decision_and_no_approval() {
        let events = [event("d", 25, Some("c1"), decision(Decider::Policy))];
        let found = merged(Assembled::default(), &events);
        assert_eq!(found.decisions.len(), 1);
        assert_eq!(found.calls, []);
    }

    #[test]
    fn what_spans_tell_of_usage_is_not_told_twice() {
        let usage = |model: &str| Tokens {
            model: model.to_owned(),
            input: 5,
            cached_input: 0,
            output: 1,
        };
        let told = |model| Said::ModelCall {
            tokens: Some(usage(model)),
            cost: None,
            error: None,
        };
        let events = [
            event("a", 1, None, told("m")),
            event("b", 2, None, told("m")),
        ];
        let alone = merged(Assembled::default(), &events).run.tokens;
        assert_eq!((alone.len(), alone[0].input), (1, 10));
        let run = Assembled {
            tokens: vec![usage("m")],
            ..Assembled::default()
        };
        assert_eq!(merged(run, &events).run.tokens, [usage("m")]);
    }
}

//! A run as its trace store sends it.

use serde_json::Value;

use super::super::chance::Chance;
use super::super::company::HANDLE;
use super::super::hours::{DAY, rfc3339};
use super::super::money;
use super::super::object::{add_known, object};
use super::super::sent::{Sent, Stream};
use super::super::tools::Effect;
use super::calls::{Call, Counts, Lack};
use super::{Calls, Left, Run, Tokens};

const PROVIDER: &str = "Heron Models";

impl Run {
    /// Sends it; now and then while it still goes on, and with its end a week later, where weeks
    /// are left.
    pub(in super::super) fn send(&self, sent: &mut Sent, known_until: i64, chance: &mut Chance) {
        let record = self.record(chance);
        let late = self.end() + 7 * DAY;
        if self.ended.is_none() || late >= known_until || !chance.happens(0.03) {
            return sent.send(self.end(), Stream::Runs, record);
        }
        sent.send(self.started, Stream::Runs, self.head(self.started));
        sent.send(late, Stream::Runs, record);
    }

    /// What is known as soon as it begins.
    fn head(&self, updated_at: i64) -> Value {
        let mut record = object([
            ("id", self.id.as_str().into()),
            ("agent", self.agent.as_str().into()),
            ("started_at", rfc3339(self.started).into()),
            ("updated_at", rfc3339(updated_at).into()),
            ("provider", PROVIDER.into()),
            ("account", format!("{HANDLE}-agents").into()),
            (
                "trace_url",
                format!("https://example.com/traces/{}", self.id).into(),
            ),
        ]);
        add_known(
            &mut record,
            [("workflow", self.workflow.as_deref().map(Value::from))],
        );
        record
    }

    fn record(&self, chance: &mut Chance) -> Value {
        // Newer than what may have been sent at its start.
        let mut record = self.head(self.end().max(self.started + 1));
        match &self.calls {
            Calls::Each(calls) => {
                let calls = calls.iter().zip(1..);
                let calls = calls.map(|(call, number)| call.record((&self.id, number), chance));
                record["tool_calls"] = calls.collect::<Vec<_>>().into();
            }
            Calls::Counted(counts) => record["tool_call_counts"] = counts.record(),
        }
        let (left, tokens) = (self.left.iter(), self.tokens.iter());
        record["artifacts"] = left.map(Left::record).collect::<Vec<_>>().into();
        record["tokens"] = tokens.map(Tokens::record).collect::<Vec<_>>().into();
        add_known(
            &mut record,
            [
                ("input", self.has_input.then(|| kept(chance))),
                ("output", self.has_output.then(|| kept(chance))),
                ("ended_at", self.ended.map(|at| rfc3339(at).into())),
                ("outcome", self.outcome.map(|own| own.as_str().into())),
                ("cost", self.cost.map(cost)),
            ],
        );
        record
    }
}

impl Call {
    /// Its id is that of its run with its number.
    fn record(&self, (run, number): (&str, usize), chance: &mut Chance) -> Value {
        let lacks = |lack| self.lacks == Some(lack);
        let mut record = object([
            ("id", call_id(run, number).into()),
            ("name", self.tool.into()),
            ("started_at", rfc3339(self.started).into()),
        ]);
        let is_out = !self.has_failed && !lacks(Lack::Output);
        add_known(
            &mut record,
            [
                ("input", (!lacks(Lack::Input)).then(|| kept(chance))),
                ("output", is_out.then(|| kept(chance))),
                ("error", self.has_failed.then(|| "timed out".into())),
                (
                    "ended_at",
                    (!lacks(Lack::End)).then(|| rfc3339(self.ended).into()),
                ),
                ("effect", self.said.map(|own| own.as_str().into())),
                ("policy_decision", self.policy.as_deref().map(Value::from)),
                (
                    "resources",
                    chance
                        .happens(0.3)
                        .then(|| vec![Value::from("orders")].into()),
                ),
            ],
        );
        record
    }
}

/// The id of a run's call with this number.
pub(in super::super) fn call_id(run: &str, number: usize) -> String {
    format!("{run}/call/{number}")
}

impl Counts {
    fn record(&self) -> Value {
        let by_effect = Effect::ALL
            .map(Effect::as_str)
            .into_iter()
            .zip(self.by_effect);
        let mut counted = object([]);
        for (effect, count) in by_effect.filter(|(_, count)| *count > 0) {
            counted[effect] = count.into();
        }
        object([
            ("calls", self.calls.into()),
            ("failed", self.failed.into()),
            ("with_input", self.with_input.into()),
            ("with_output", self.with_output.into()),
            ("by_effect", counted),
        ])
    }
}

impl Left {
    fn record(&self) -> Value {
        let mut record = object([
            ("kind", self.kind.into()),
            ("ref", self.reference.as_str().into()),
        ]);
        add_known(
            &mut record,
            [
                ("landed_at", self.landed.map(|at| rfc3339(at).into())),
                ("reversal", self.reversal.as_deref().map(reversal)),
            ],
        );
        record
    }
}

/// How something is taken back.
pub(in super::super) fn reversal(reference: &str) -> Value {
    object([("kind", "configuration".into()), ("ref", reference.into())])
}

impl Tokens {
    fn record(&self) -> Value {
        object([
            ("model", self.model.into()),
            ("input", self.input.into()),
            ("cached_input", self.cached.into()),
            ("output", self.output.into()),
        ])
    }
}

fn cost((micros, currency): (i64, &str)) -> Value {
    object([
        ("amount", money::text(micros).into()),
        ("currency", currency.into()),
    ])
}

/// What went in or came out: mostly its size and hash, now and then a text.
fn kept(chance: &mut Chance) -> Value {
    if chance.happens(0.04) {
        return "The order of a guest customer, looked up by its number.".into();
    }
    object([
        ("recorded", true.into()),
        ("size", chance.between(40, 9_000).into()),
        ("sha256", chance.digest().into()),
    ])
}

//! Which span it is, of which run, and when it was: what a row cannot do without.

use super::raw::RawSpan;
use super::{Reading, Rejected, instant};

/// Who a span is and when it was.
pub(super) struct Place {
    pub(super) run_id: String,
    pub(super) id: String,
    pub(super) parent_id: Option<String>,
    pub(super) started_at: i64,
    pub(super) ended_at: Option<i64>,
}

impl Place {
    /// Both, or why they are not believed.
    pub(super) fn of(raw: &RawSpan<'_>, reading: Reading) -> Result<Place, Rejected> {
        let trace_id = raw.trace_id.hex::<16>();
        let span_id = raw.span_id.hex::<8>();
        let rejected = |reason: String| Rejected {
            trace_id: trace_id.clone().ok().flatten(),
            span_id: span_id.clone().ok().flatten(),
            reason,
        };
        let given = |name: &str, id: &Result<Option<String>, &str>| match id {
            Ok(Some(id)) => Ok(id.clone()),
            Ok(None) => Err(rejected(format!("its {name} id is missing or zero"))),
            Err(fault) => Err(rejected(format!("its {name} id {fault}"))),
        };
        let run_id = given("trace", &trace_id)?;
        let id = given("span", &span_id)?;
        let parent = raw.parent_id.hex::<8>();
        let parent_id = parent.map_err(|fault| rejected(format!("its parent's id {fault}")))?;
        let at = |name: &str, nanos: u64| {
            let instant = instant::read(nanos, reading.received_at);
            instant.map_err(|fault| rejected(format!("its {name} {fault}")))
        };
        let started_at = at("start", raw.start)?;
        let ended_at = if raw.end == 0 {
            None
        } else {
            Some(at("end", raw.end)?)
        };
        if raw.end > 0 && raw.end < raw.start {
            return Err(rejected("its end lies before its start".to_owned()));
        }
        Ok(Place {
            run_id,
            id,
            parent_id,
            started_at,
            ended_at,
        })
    }
}

//! What is true of a generated company.

use crate::view::demo::{Alarm, Chapter, Demo, Finding, Seen, Truth};
use crate::view::signal::Signal;

/// A story of which one change was seen and one missed, with one false alarm.
pub fn demo() -> Demo {
    let finding = |name: &str, truth, seen: Option<Seen>| Finding {
        name: name.into(),
        truth,
        seen,
        weeks_since: 19,
        quiet_weeks: 20,
        false_alarms: Vec::new(),
    };
    let seen = Seen {
        week: "2026-W31".into(),
        after_weeks: 3,
        records_url: "/records/change_lead_time?week=2026-W31".into(),
    };
    let mut alarmed = finding("Change fail rate", Truth::Unchanged, None);
    alarmed.false_alarms.push(Alarm {
        week: "2026-W13".into(),
        signal: Signal::Worse,
        records_url: "/records/change_fail_rate?week=2026-W13".into(),
    });
    let chapter = |title: &str, findings| Chapter {
        title: title.into(),
        what: "Agents begin to work here.".into(),
        scope: "service:checkout".into(),
        service_name: "Checkout".into(),
        begins: "2026-W29".into(),
        findings,
    };
    Demo {
        seed: 7,
        chapters: vec![chapter(
            "Checkout: faster and sloppier",
            vec![
                finding("Change lead time", Truth::Better, Some(seen)),
                finding("Incidents", Truth::Worse, None),
            ],
        )],
        quiet: vec![chapter("Billing: nothing changed", vec![alarmed])],
    }
}

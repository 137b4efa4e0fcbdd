//! A receipt with something under each heading, and one of a thing of which next to nothing is known.

use serde_json::json;

use crate::view::receipt::{
    Accountable, Agent, Answer, Attribution, Computed, Cost, Counted, Event, Found, Item, Kind,
    Link, NotCounted, Quality, Question, Raw, Receipt, Source, State,
};
use crate::view::records::{Evidence, Level};

/// A change by an agent whose deployment failed.
pub fn receipt() -> Receipt {
    Receipt {
        kind: Kind::Change,
        id: "acme/shop#4821".into(),
        title: "Split payment intents by <b>currency</b>".into(),
        what: "change".into(),
        url: Some("https://forge.example.org/acme/shop/pull/4821".into()),
        company: "Acme".into(),
        time_zone: "Europe/Berlin".into(),
        week: Some("2026-W47".into()),
        service: Some("Shop".into()),
        workflows: vec![Accountable {
            slug: "checkout".into(),
            name: "Checkout".into(),
            dri: Some("Ana Ruiz".into()),
            tier: Some("1, propose only".into()),
        }],
        agent: Some(Agent {
            name: "checkout-agent".into(),
            tier: Some("1, propose only".into()),
            is_registered: true,
        }),
        state: State::Counted,
        answers: answers(),
        timeline: timeline(),
        sources: sources(),
        computed: computed(),
        items: items(),
        counted: vec![Counted {
            metric: "change_lead_time".into(),
            name: "Change lead time".into(),
            week: "2026-W47".into(),
            contribution: "73 h 22 m".into(),
            records_url: "/records/change_lead_time?week=2026-W47".into(),
        }],
        not_counted: vec![NotCounted {
            metric: "change_size".into(),
            name: "Change size, lines".into(),
            reason: "size not known".into(),
        }],
        attribution: attribution(),
        cost: vec![Cost {
            of: run(),
            amount: Some("0.61 USD".into()),
            how: "exact, as its run told it".into(),
        }],
        no_cost: None,
        quality: vec![Quality {
            what: "Evaluation".into(),
            said: "replay did not pass".into(),
            link: None,
            at: Some("2026-11-16T08:00:00Z".into()),
            is_bad: true,
        }],
        raw: vec![raw()],
        more_raw: 2,
        correction_url: Some("/corrections/change/acme%2Fshop%234821".into()),
        bodies_url: None,
    }
}

fn sources() -> Vec<Source> {
    vec![
        Source {
            name: "forge".into(),
            records: 3,
            newest_at: Some("2026-11-16T14:30:00Z".into()),
        },
        Source {
            name: "pager".into(),
            records: 0,
            newest_at: None,
        },
    ]
}

fn run() -> Link {
    Link {
        text: "run 7c1f".into(),
        url: "/receipts/run/7c1f".into(),
    }
}

fn found(what: &str, level: Level) -> Found {
    Found {
        what: what.into(),
        link: None,
        level,
        by: Some("forge".into()),
        is_exception: false,
    }
}

fn answers() -> Vec<Answer> {
    let answer = |question: Question| {
        let (found, missing) = match question {
            Question::Did => {
                let did = Found {
                    link: Some(run()),
                    by: None,
                    ..found("14 tool calls; ended well; in", Level::Declared)
                };
                (vec![did], None)
            }
            Question::Checked => {
                let failed = Found {
                    is_exception: true,
                    ..found("replay did not pass", Level::Recorded)
                };
                let late = "Only after it had landed: refund judge.";
                (vec![failed], Some(late.to_owned()))
            }
            Question::Approved => (
                vec![found("Ben Osei, at the merged commit", Level::Recorded)],
                None,
            ),
            _ => (
                Vec::new(),
                Some("Not recorded: nothing says so.".to_owned()),
            ),
        };
        Answer {
            question,
            found,
            missing,
        }
    };
    Question::ALL.map(answer).into()
}

fn timeline() -> Vec<Event> {
    let event = |at: &str, local: &str, what: &str| Event {
        at: at.into(),
        local: local.into(),
        what: what.into(),
        link: None,
        source: Some("forge".into()),
        record: Some("changes acme/shop#4821".into()),
        gap: None,
    };
    let opened = event("2026-11-13T08:40:00Z", "Fri 13 Nov 2026, 09:40", "opened");
    let approved = event(
        "2026-11-16T07:55:00Z",
        "Mon 16 Nov 2026, 08:55",
        "approved by Ben Osei",
    );
    let well = event(
        "2026-11-16T13:22:00Z",
        "Mon 16 Nov 2026, 14:22",
        "all was well again",
    );
    vec![
        opened,
        Event {
            gap: Some("waited 2 d 23 h for review".into()),
            ..approved
        },
        Event {
            source: None,
            record: None,
            ..well
        },
    ]
}

fn computed() -> Vec<Computed> {
    let line = |metric: &str, name: &str, said: &str, note: Option<&str>| Computed {
        metric: metric.into(),
        name: name.into(),
        said: said.into(),
        note: note.map(Into::into),
    };
    vec![
        line(
            "change_lead_time",
            "Change lead time",
            "in production Mon 16 Nov 2026, 11:02 − first commit Fri 13 Nov 2026, 09:40 = 73 h 22 m",
            Some("coding 12 m · waiting for review 71 h 3 m"),
        ),
        line(
            "change_size",
            "Change size, lines",
            "not known",
            Some("size not known"),
        ),
    ]
}

fn items() -> Vec<Item> {
    vec![
        Item {
            item: "Run linked".into(),
            is_met: true,
            level: Some(Level::Declared),
            what: "run 7c1f".into(),
        },
        Item {
            item: "Approval on record".into(),
            is_met: false,
            level: None,
            what: "no person other than its author approved it in time, on record".into(),
        },
    ]
}

fn attribution() -> Attribution {
    Attribution {
        stands: "agent".into(),
        evidence: vec![Evidence {
            level: Level::Recorded,
            what: "author account checkout-agent is registered".into(),
        }],
        reason: None,
        made: vec![super::corrections::made()],
    }
}

fn raw() -> Raw {
    Raw {
        stream: "changes".into(),
        id: "acme/shop#4821".into(),
        source: Some("forge".into()),
        received_at: Some("2026-11-16T14:30:00Z".into()),
        hash: "9b1e04".into(),
        record: Some(
            json!({"id": "acme/shop#4821", "author": "withheld", "title": "</pre><script>x"}),
        ),
    }
}

/// An incident laid to nothing, of which no delivery is kept.
pub fn bare_receipt() -> Receipt {
    let missing = |question| Answer {
        question,
        found: Vec::new(),
        missing: Some("Not recorded: it is laid to no deployment.".into()),
    };
    Receipt {
        kind: Kind::Incident,
        id: "INC/7".into(),
        title: "INC/7".into(),
        what: "incident".into(),
        url: Some("javascript:alert(1)".into()),
        week: None,
        service: None,
        workflows: Vec::new(),
        agent: None,
        state: State::NotCounted,
        answers: Question::ALL.map(missing).into(),
        timeline: Vec::new(),
        sources: Vec::new(),
        computed: Vec::new(),
        items: Vec::new(),
        counted: Vec::new(),
        not_counted: Vec::new(),
        attribution: Attribution::default(),
        cost: Vec::new(),
        no_cost: Some("the cost of an incident is not collected.".into()),
        quality: Vec::new(),
        raw: Vec::new(),
        more_raw: 0,
        correction_url: None,
        ..receipt()
    }
}

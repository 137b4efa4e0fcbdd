//! Where records come from, as the page shows it.

use super::{frozen_at, instant};
use crate::view::freshness::Freshness;
use crate::view::signal::Signal;
use crate::view::sources::{
    Addable, Aside, Coverage, Cursor, Database, Delivery, Frozen, Hooks, LimitLeft, Metric, Pulled,
    Reading, SetAside, Source, Sources, Traffic, Trouble, Walk, Whose, Work,
};

fn metric(id: &str, name: &str) -> Metric {
    Metric {
        id: id.into(),
        name: name.into(),
    }
}

/// A pager that went stale, a forge that is fresh but quieter than usual, and a push that nobody
/// declared.
pub fn sources() -> Sources {
    let fails = vec![metric("change_fail_rate", "Change fail rate")];
    Sources {
        time_zone: "Europe/Berlin".into(),
        sources: vec![
            Source {
                freshness: Some(Freshness::Stale),
                reason: Some(
                    "no incidents came since Fri 20 Nov 2026, 20:10 Berlin; it is to deliver every weekday".into(),
                ),
                since: Some(instant("2026-11-20T20:10:00+01:00")),
                rhythm: Some("every weekday".into()),
                affects: fails.clone(),
                set_aside: SetAside {
                    count: 1,
                    latest: vec![Aside {
                        at: instant("2026-11-19T09:00:00+01:00"),
                        stream: "incidents".into(),
                        id: Some("INC-<7>".into()),
                        field: Some("started_at".into()),
                        reason: "is missing".into(),
                    }],
                },
                ..source("pager", "incidents", fails)
            },
            Source {
                freshness: Some(Freshness::Fresh),
                rhythm: Some("every day".into()),
                traffic: Traffic {
                    records: 12,
                    normal_range: Some([88.2, 131.7]),
                    signal: Signal::Down,
                    spans: 20,
                },
                reading: Some(reading()),
                ..source("forge", "changes", vec![metric("changes_merged", "Changes merged")])
            },
            Source {
                is_declared: false,
                ..source("push", "defects", vec![metric("defect_escape_rate", "Defect escape rate")])
            },
        ],
        more: 0,
        never_came: vec![Addable {
            stream: "reviews".into(),
            adds: vec![metric("review_wait", "Review wait")],
            commands: vec!["onehop import records reviews reviews.ndjson".into()],
        }],
        work: Work {
            last_freeze: Some(Frozen {
                week: "2026-W47".into(),
                at: frozen_at(),
            }),
            next_freeze: Some(Frozen {
                week: "2026-W48".into(),
                at: instant("2026-11-30T07:00:00+01:00"),
            }),
            no_freeze: None,
            freeze_failed: None,
            weeks_waiting: 2,
            walk: Some(Walk {
                is_of_registry: true,
                changes: 1_200,
            }),
        },
        database: Database {
            engine: "SQLite 3.50.2".into(),
            bytes: 12_345_678,
            schema: "25, arrivals".into(),
            version: "0.1.0".into(),
        },
        checked: None,
        awaited: None,
    }
}

fn source(name: &str, stream: &str, feeds: Vec<Metric>) -> Source {
    let at = instant("2026-11-22T22:14:00+01:00");
    Source {
        name: name.into(),
        freshness: None,
        reason: None,
        since: None,
        rhythm: None,
        is_declared: true,
        streams: vec![stream.into()],
        last_delivery: Some(at),
        newest: Some(at),
        traffic: Traffic {
            records: 4,
            normal_range: None,
            signal: Signal::TooFew,
            spans: 3,
        },
        feeds,
        affects: Vec::new(),
        deliveries: vec![Delivery {
            at,
            stream: stream.into(),
            deliveries: 2,
            accepted: 40,
            repeated: 3,
            refused: 1,
        }],
        set_aside: SetAside::default(),
        reading: None,
    }
}

/// A forge of which a repository is missing, in the middle of its hour.
fn reading() -> Reading {
    let started = instant("2026-11-23T08:45:00+01:00");
    Reading {
        system: "GitHub".into(),
        trouble: Some(Trouble {
            whose: Whose::Ours,
            said: "acme/<gone>: it finds nothing there (404)".into(),
        }),
        next: Some(instant("2026-11-23T09:00:00+01:00")),
        coverage: Some(Coverage {
            parts: 4,
            read: 3,
            in_words: "Repositories".into(),
        }),
        limits: vec![LimitLeft {
            name: "REST".into(),
            most: 5_000,
            remaining: 4_812,
            resets: instant("2026-11-23T09:20:00+01:00"),
        }],
        cursors: vec![Cursor {
            of: "pull_requests acme/shop".into(),
            position: "{\"read_to\":\"2026-11-22T21:14:00Z\"}".into(),
            moved: started,
        }],
        pulls: vec![Pulled {
            started,
            ended: Some(instant("2026-11-23T08:46:00+01:00")),
            is_broken_off: false,
            pages: 7,
            accepted: 40,
            repeated: 3,
            refused: 1,
            said: Some("acme/<gone>: it finds nothing there (404)".into()),
        }],
        hooks: Some(Hooks {
            deliveries: 31,
            forgeries: 2,
        }),
    }
}

/// A company to which nothing is connected.
pub fn no_sources() -> Sources {
    let mut none = sources();
    none.sources.clear();
    none.work.last_freeze = None;
    none.work.next_freeze = None;
    none.work.no_freeze = Some("the first comes after the first records".into());
    none.work.weeks_waiting = 0;
    none.work.walk = None;
    none
}

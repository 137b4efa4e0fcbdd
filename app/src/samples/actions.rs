//! Actions: one overdue, one done by another than its owner.

use super::{day, instant};
use crate::view::actions::{Action, Actions, Done, Form, Listed, Owner};
use crate::view::review::Place;

/// Overdue since Friday.
pub fn action() -> Action {
    Action {
        number: 3,
        said: "Split the <b>importer</b>".into(),
        owner: "Ana Ruiz".into(),
        due: day(2026, 11, 20),
        overdue: true,
        scope: "workflow:checkout".into(),
        scope_name: "Checkout".into(),
        week: "2026-W46".into(),
        done: None,
    }
}

pub fn actions() -> Actions {
    let done = Action {
        number: 2,
        overdue: false,
        done: Some(Done {
            by: "Ben Okoro".into(),
            at: instant("2026-11-24T09:12:00+01:00"),
        }),
        ..action()
    };
    let listed = |action| Listed {
        action,
        may_mark: true,
    };
    Actions {
        open: vec![listed(action())],
        done: vec![listed(done)],
        form: Some(Form {
            owners: vec![Owner {
                email: "ana.ruiz@example.org".into(),
                name: "Ana Ruiz".into(),
            }],
            places: vec![Place {
                scope: "company".into(),
                name: "Example".into(),
            }],
            today: day(2026, 11, 24),
        }),
        asked: None,
    }
}

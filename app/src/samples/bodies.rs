//! What went into a run and came out.

use crate::view::bodies::{Bodies, Body, Step};

pub fn bodies() -> Bodies {
    let body = |name: &str, size, text: Option<&str>| Body {
        name: name.into(),
        size,
        text: text.map(Into::into),
    };
    Bodies {
        run: "4bf92f3577b34da6".into(),
        title: "Run of Refund agent".into(),
        steps: vec![
            Step {
                name: "The run".into(),
                started_at: "2026-11-17T12:00:00Z".into(),
                bodies: vec![
                    body("input", 24, Some("Where is <b>my</b> refund?")),
                    body("output", 1_400, None),
                ],
            },
            Step {
                name: "pay".into(),
                started_at: "2026-11-17T12:00:03Z".into(),
                bodies: vec![body("error", 7, Some("timeout"))],
            },
        ],
        more: 3,
        closed_to_reader: None,
    }
}

//! A week of a series that was explained twice.

use super::{cycle_time, instant};
use crate::view::explanation::{Cause, Explanation, Written};

pub fn written() -> Written {
    Written {
        week: "2026-W46".into(),
        cause: Cause::KnownCause,
        said: "The <b>importer</b> was split.".into(),
        by: "Ana Ruiz".into(),
        at: instant("2026-11-24T09:12:00+01:00"),
    }
}

pub fn explanation() -> Explanation {
    Explanation {
        row: cycle_time(),
        scope_name: "Checkout".into(),
        time_zone: "Europe/Berlin".into(),
        written: vec![
            written(),
            Written {
                cause: Cause::StillLooking,
                said: "We look at the importer.".into(),
                at: instant("2026-11-23T09:00:00+01:00"),
                ..written()
            },
        ],
        closed_to_reader: None,
        asked: None,
    }
}

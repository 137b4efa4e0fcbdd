//! What this server did since it started, counted: requests by route, records by outcome.
//!
//! A series is named by a route's template and a class of answers, never by what was asked for: no
//! id, no name and no secret can get into it, and there are only so many.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{Method, StatusCode};

use crate::ingest::Outcome;

/// Upper ends of the durations that are counted together, in seconds.
pub(super) const BUCKETS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Requests of one route that were answered alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Answered {
    pub method: &'static str,
    pub route: String,
    /// Such as `2xx`.
    pub class: &'static str,
}

/// How long requests took.
#[derive(Clone, Debug, Default)]
pub(super) struct Durations {
    /// How many took at most as long as each bucket's end.
    pub up_to: [u64; BUCKETS.len()],
    pub count: u64,
    pub sum_seconds: f64,
}

/// What became of pushed records.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pushed {
    pub accepted: u64,
    pub repeated: u64,
    pub refused: u64,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pub requests: BTreeMap<Answered, Durations>,
    /// By stream.
    pub records: BTreeMap<&'static str, Pushed>,
}

/// The counts of a server. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Counts>>);

impl Meter {
    /// Counts an answer.
    pub(super) fn answered(
        &self,
        (method, route): (&Method, &str),
        status: StatusCode,
        took: Duration,
    ) {
        let answered = Answered {
            method: known(method),
            route: route.to_owned(),
            class: class(status),
        };
        let mut counts = self.lock();
        let durations = counts.requests.entry(answered).or_default();
        let seconds = took.as_secs_f64();
        for (end, count) in BUCKETS.iter().zip(&mut durations.up_to) {
            *count += u64::from(seconds <= *end);
        }
        durations.count += 1;
        durations.sum_seconds += seconds;
    }

    /// Counts what became of a delivery.
    pub(super) fn pushed(&self, stream: &'static str, outcome: &Outcome) {
        let mut counts = self.lock();
        let pushed = counts.records.entry(stream).or_default();
        pushed.accepted += outcome.accepted;
        pushed.repeated += outcome.repeated;
        pushed.refused += outcome.refused.len() as u64;
    }

    /// Counts the rows of an export.
    pub(super) fn exported(&self, signal: &'static str, accepted: u64, refused: u64) {
        let mut counts = self.lock();
        let exported = counts.records.entry(signal).or_default();
        exported.accepted += accepted;
        exported.refused += refused;
    }

    /// All counts as they stand.
    pub(super) fn counts(&self) -> Counts {
        self.lock().clone()
    }

    /// Who panicked in between has left whole numbers all the same.
    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever asks may make methods up; the series must stay few.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    }
}

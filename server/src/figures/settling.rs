//! When a figure stops moving by design.

use crate::links::incident_window_hours;
use crate::metrics::catalogue::{CATALOGUE, Metric, Settles};
use crate::metrics::week::{Calendar, Week};
use crate::store::registry::{Registry, Service};

const HOUR_MS: i64 = 3_600_000;

/// How long after its week's end a figure of this scope settles: the longest incident window of its
/// services, where incidents decide; some days, where evidence may come late.
pub fn settling_ms(metric: &Metric, scope: &str, registry: &Registry) -> i64 {
    match metric.settles {
        Settles::WithItsWeek => return 0,
        Settles::AfterDays(days) => return i64::from(days) * 24 * HOUR_MS,
        Settles::AfterIncidentWindow => {}
    }
    let within = |slug: &str| match scope.split_once(':') {
        Some(("service", own)) => own == slug,
        Some((_, workflow)) => registry
            .workflows
            .iter()
            .filter(|own| own.slug == workflow)
            .any(|own| own.services.iter().any(|service| service == slug)),
        None => true,
    };
    longest_ms(registry.services.iter().filter(|own| within(&own.slug)))
}

/// The newest week up to the shown one whose figures have settled by now, so long after its end.
pub fn settled_to(calendar: &Calendar, shown: Week, (settling_ms, now_ms): (i64, i64)) -> Week {
    let mut week = shown;
    while calendar.end_ms(week) + settling_ms > now_ms && week > Week::FIRST {
        week = week.previous();
    }
    week
}

/// How long after its week's end every figure has settled, of whatever scope.
pub fn longest_settling_ms(registry: &Registry) -> i64 {
    let by_days = CATALOGUE.iter().map(|metric| match metric.settles {
        Settles::AfterDays(days) => i64::from(days) * 24 * HOUR_MS,
        Settles::WithItsWeek | Settles::AfterIncidentWindow => 0,
    });
    let by_incidents = longest_ms(registry.services.iter()).max(longest_ms(std::iter::empty()));
    by_days.max().unwrap_or(0).max(by_incidents)
}

fn longest_ms<'a>(services: impl Iterator<Item = &'a Service>) -> i64 {
    let longest = services
        .map(|service| incident_window_hours(Some(service)))
        .max();
    i64::from(longest.unwrap_or_else(|| incident_window_hours(None))) * HOUR_MS
}

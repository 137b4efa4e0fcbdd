//! The process chart of a series: its weeks, the limits that they are judged by, which of them stood
//! out, where people had it judged anew, and what they said about its weeks.

use std::str::FromStr;

use app::view::chart::{Chart, Divider, Limits, Marked};
use app::view::explanation::Written;

use super::explanation::Said;
use super::figure::Series;
use super::review::local;
use crate::figures;
use crate::metrics::week::Week;
use crate::store::registry::{self, Registry};

/// The weeks up to the shown one, which the series and what was said were loaded for.
pub(super) fn chart(
    series: &Series,
    (registry, said): (&Registry, &Said),
    (shown, weeks): (Week, i32),
) -> Chart {
    let first = shown.plus(1 - weeks);
    let own = registry.dividers_of(series.metric().id, series.scope());
    let dividers: Vec<(Week, Divider)> = own
        .filter_map(|own| Some((Week::from_str(&own.week).ok()?, divider(registry, own))))
        .filter(|(week, _)| first < *week && *week <= shown)
        .collect();
    let mut limits = Vec::new();
    let mut from = first;
    for begins in dividers.iter().map(|(week, _)| *week).chain([shown.next()]) {
        limits.extend(stretch(series, (from, begins.previous())));
        from = begins;
    }
    let shown_weeks = std::iter::successors(Some(first), |week| Some(week.next()))
        .take_while(|week| *week <= shown);
    Chart {
        points: series.points(shown, weeks),
        limits,
        signals: shown_weeks
            .filter_map(|week| {
                let (signal, rule) = series.signal(week);
                Some(Marked {
                    week: week.to_string(),
                    signal,
                    rule: rule?,
                })
            })
            .collect(),
        dividers: dividers.into_iter().map(|(_, divider)| divider).collect(),
        notes: notes(series, said, (first, shown)),
        usable_weeks: u32::try_from(series.usable_weeks(shown)).unwrap_or(u32::MAX),
    }
}

/// What was said about the weeks, which is said of all segments together.
fn notes(series: &Series, said: &Said, (first, shown): (Week, Week)) -> Vec<Written> {
    if series.segment() != "all" {
        return Vec::new();
    }
    let (first, shown) = (first.to_string(), shown.to_string());
    let mut notes = said.by_week(series.metric().id, series.scope());
    notes.retain(|own| first <= own.week && own.week <= shown);
    notes
}

/// What the last week of a stretch is judged by.
fn stretch(series: &Series, (from, to): (Week, Week)) -> Option<Limits> {
    let (limits, locked_with) = series.limits(to)?;
    Some(Limits {
        from: from.to_string(),
        to: to.to_string(),
        centre: limits.centre,
        normal_range: limits.drawn(series.metric().unit.ceiling()),
        sigma: limits.sigma(),
        weeks: u32::try_from(limits.points).unwrap_or(u32::MAX),
        locked_with: locked_with.map(|week| week.to_string()),
    })
}

fn divider(registry: &Registry, own: &registry::Divider) -> Divider {
    let calendar = figures::calendar(&registry.company);
    let set_at = local(&calendar, calendar.week_of(own.set_at), own.set_at);
    Divider {
        week: own.week.clone(),
        what_changed: own.what_changed.clone(),
        cause: own.cause.clone(),
        why_wanted: own.why_wanted.clone(),
        why_lasting: own.why_lasting.clone(),
        set_by: own.set_by.clone(),
        set_on: set_at.date_naive(),
    }
}

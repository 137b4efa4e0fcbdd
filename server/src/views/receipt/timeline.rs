//! What happened, in its order, with the gaps of over a day written out.

use app::view::receipt::Event;

use super::draft::Happened;
use super::draws::Draws;
use super::words;
use crate::metrics::week::Calendar;
use crate::views::rfc3339;

const DAY_MS: i64 = 24 * 3_600_000;

pub(super) fn timeline(
    calendar: &Calendar,
    mut events: Vec<Happened>,
    draws: &Draws,
) -> Vec<Event> {
    events.sort_by_key(|own| own.at_ms);
    events.dedup();
    let mut before = None;
    let event = |own: Happened| {
        let gap = before.map(|before: i64| own.at_ms.saturating_sub(before));
        before = Some(own.at_ms);
        Event {
            at: rfc3339(own.at_ms),
            local: words::local(calendar, own.at_ms),
            gap: gap
                .filter(|gap| *gap > DAY_MS)
                .map(|gap| waited(gap, own.awaited)),
            source: own.told.as_ref().and_then(|told| draws.source(told)),
            record: own.told.map(|told| format!("{} {}", told.stream, told.id)),
            what: own.what,
            link: own.link,
        }
    };
    events.into_iter().map(event).collect()
}

fn waited(gap_ms: i64, awaited: Option<&str>) -> String {
    match awaited {
        Some(what) => format!("waited {} for {what}", words::long(gap_ms)),
        None => format!("{} later", words::long(gap_ms)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_stand_in_their_order_and_a_gap_of_over_a_day_is_written_out() {
        let events = vec![
            Happened::new(3 * DAY_MS, "reviewed", None).awaited("review"),
            Happened::new(0, "opened", None),
            Happened::new(4 * DAY_MS, "merged", None),
        ];
        let told = timeline(&Calendar::utc(), events, &Draws::default());
        let said: Vec<_> = told
            .iter()
            .map(|own| (own.what.as_str(), own.gap.as_deref()))
            .collect();
        let waited = Some("waited 3\u{a0}d for review");
        assert_eq!(
            said,
            [("opened", None), ("reviewed", waited), ("merged", None)]
        );
    }
}

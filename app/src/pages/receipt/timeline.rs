//! What happened, in the company's time and in UTC, with gaps of over a day written between.

use leptos::prelude::*;

use super::answers::link;
use crate::format;
use crate::view::receipt::{Event, Receipt};

pub fn timeline(receipt: &Receipt) -> AnyView {
    let zone = format::place(&receipt.time_zone);
    if receipt.timeline.is_empty() {
        return view! {
            <section>
                <h2>"Timeline"</h2>
                <p class="told absent">"Not recorded: no instant is known of it."</p>
            </section>
        }
        .into_any();
    }
    let after = receipt.timeline.iter().skip(1).map(|own| own.gap.clone());
    let rows = receipt.timeline.iter().zip(after.chain([None]));
    view! {
        <section aria-labelledby="timeline">
            <h2 id="timeline">"Timeline"</h2>
            <table class="list timeline">
                <thead>
                    <tr>
                        <th scope="col">"In "{zone}</th>
                        <th scope="col">"UTC"</th>
                        <th scope="col">"What happened"</th>
                        <th scope="col">"Source"</th>
                        <th scope="col">"Record"</th>
                    </tr>
                </thead>
                <tbody>{rows.map(|(own, gap)| event(own, gap)).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn event(event: &Event, gap: Option<String>) -> AnyView {
    let utc = format::instant_text(&event.at);
    let source = event.source.clone().unwrap_or_else(|| "derived".to_owned());
    let record = event
        .record
        .clone()
        .unwrap_or_else(|| format::ABSENT.to_owned());
    view! {
        <tr>
            <th scope="row" class="when">{event.local.clone()}</th>
            <td class="when utc"><time datetime=event.at.clone()>{beside(&event.local, &utc)}</time></td>
            <td>
                {event.what.clone()}
                {event.link.as_ref().map(link)}
                {gap.map(|gap| view! { " " <small class="gap">{gap}</small> })}
            </td>
            <td class="from">{source}</td>
            <td class="from"><code>{record}</code></td>
        </tr>
    }
    .into_any()
}

/// "10:02 UTC" of "Mon 16 Nov 2026, 10:02 UTC" where the same day stands beside it, else the whole.
fn beside(local: &str, utc: &str) -> String {
    match (local.rsplit_once(", "), utc.rsplit_once(", ")) {
        (Some((here, _)), Some((day, time))) if here == day => time.to_owned(),
        _ => utc.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_is_told_again_where_it_is_another_one_in_utc() {
        let utc = "Mon 16 Nov 2026, 23:30 UTC";
        assert_eq!(beside("Mon 16 Nov 2026, 22:30", utc), "23:30 UTC");
        assert_eq!(beside("Tue 17 Nov 2026, 00:30", utc), utc);
    }
}

//! Where records come from: whether this week's numbers can be trusted, and which not.

mod detail;
mod reading;
mod work;

use chrono::{DateTime, FixedOffset};
use leptos::prelude::*;

use crate::components::freshness_strip;
use crate::components::notice;
use crate::components::signal_mark::shape;
use crate::format;
use crate::routes;
use crate::view::frame::Frame;
use crate::view::freshness::Freshness;
use crate::view::signal::Signal;
use crate::view::sources::{Addable, Checked, Metric, Source, Sources, Traffic, Trouble, Whose};

/// Spans of seven days behind the first verdict.
const VERDICT_SPANS: u32 = 12;

/// `/sources`.
pub fn page(sources: &Sources, frame: &Frame) -> AnyView {
    view! {
        {sources.checked.as_ref().map(checked)}
        {sources.awaited.as_deref().map(awaited)}
        <h1>{answer(sources)}</h1>
        {begin(sources)}
        {reasons(sources).into_iter().map(|said| view! { <p class="reason">{said}</p> }).collect_view()}
        {table(sources)}
        {connect(frame)}
        {detail::all(&sources.sources, frame)}
        {never_came(sources)}
        {work::work(sources)}
    }
    .into_any()
}

/// Whether all that is awaited came, in one sentence.
pub fn answer(sources: &Sources) -> String {
    let judged = || {
        sources
            .sources
            .iter()
            .filter_map(|own| Some((own, own.freshness?)))
    };
    let not_fresh: Vec<_> = judged()
        .filter(|(_, state)| *state != Freshness::Fresh)
        .collect();
    let troubled: Vec<_> = sources
        .sources
        .iter()
        .filter(|own| is_in_the_way(own))
        .collect();
    match troubled.as_slice() {
        [own] if not_fresh.is_empty() => return format!("{} was not read whole.", own.name),
        [_, _, ..] if not_fresh.is_empty() => {
            return format!("{} sources were not read whole.", troubled.len());
        }
        _ => {}
    }
    match (
        sources.sources.len(),
        judged().count(),
        not_fresh.as_slice(),
    ) {
        (0, _, _) => "Nothing is connected yet.".to_owned(),
        (_, 0, _) => "No source has a rhythm, so none is awaited.".to_owned(),
        (_, 1, []) => "The one source that is awaited is fresh.".to_owned(),
        (_, _, []) => "Every source is fresh.".to_owned(),
        (_, _, [(own, state)]) => format!(
            "One source {}: {}{}.",
            freshness_strip::said(*state),
            own.name,
            own.since
                .map(|at| format!(", since {}", format::local(at)))
                .unwrap_or_default()
        ),
        (_, all, some) if some.len() == all => format!("None of {all} sources is fresh."),
        (_, all, some) => format!("{} of {all} sources are not fresh.", some.len()),
    }
}

/// What follows of what was just done.
fn awaited(source: &str) -> AnyView {
    let text = "is read within a minute; what came of it stands under its name below.";
    notice::status(source, text.to_owned())
}

/// What came of trying a sign-in.
fn checked(checked: &Checked) -> AnyView {
    let Checked { source, said, .. } = checked;
    match checked.holds {
        true => notice::status(&format!("{source}:"), said.clone()),
        false => notice::alert(&format!("{source} is not let in:"), format!("{said}.")),
    }
}

/// For operators: the way to a new one.
fn connect(frame: &Frame) -> Option<AnyView> {
    frame.person.as_ref().filter(|person| person.operates)?;
    Some(view! { <p class="links"><a href=routes::CONNECT>"Connect a system"</a></p> }.into_any())
}

/// Whether something is in the way that does not pass by itself.
fn is_in_the_way(source: &Source) -> bool {
    let trouble = source.reading.as_ref().and_then(|own| own.trouble.as_ref());
    trouble.is_some_and(|Trouble { whose, .. }| *whose != Whose::WillPass)
}

/// Where the first steps stand, while there is nothing.
fn begin(sources: &Sources) -> Option<AnyView> {
    let view = view! {
        <p class="reason">
            "The "<a href=routes::review(None, None)>"review"</a>" leads to the first figure, step by step."
        </p>
    };
    sources.sources.is_empty().then(|| view.into_any())
}

/// What is affected, source by source.
fn reasons(sources: &Sources) -> Vec<String> {
    let affected = sources.sources.iter().filter(|own| !own.affects.is_empty());
    let said = affected.map(|own| {
        let affects = names(&own.affects);
        match own.reason.as_deref() {
            Some(reason) => format!("{}: {reason}. It affects: {affects}.", own.name),
            None => format!("It affects: {affects}."),
        }
    });
    let in_the_way = sources.sources.iter().filter_map(|own| {
        let trouble = own.reading.as_ref()?.trouble.as_ref()?;
        Some(format!("{}: {}.", own.name, trouble.said))
    });
    let mut said: Vec<String> = said.chain(in_the_way).collect();
    if sources.sources.iter().all(|own| own.rhythm.is_none()) && !sources.sources.is_empty() {
        said.push("A source is judged once it is declared with a rhythm: [[source]] in the registry, then onehop apply.".to_owned());
    }
    said
}

/// So many are named in a sentence; a source's own part names all.
const NAMED: usize = 6;

/// "Change lead time, Change fail rate and 13 more".
fn names(metrics: &[Metric]) -> String {
    let named = metrics
        .iter()
        .take(NAMED)
        .map(|metric| metric.name.as_str());
    let named: Vec<&str> = named.collect();
    match metrics.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

fn table(sources: &Sources) -> Option<AnyView> {
    if sources.sources.is_empty() {
        return None;
    }
    let place = format::place(&sources.time_zone);
    let more = (sources.more > 0).then(|| {
        let said = format!("And {} more.", format::counted(sources.more, "sources"));
        view! { <p class="legend">{said}</p> }
    });
    let rows = sources
        .sources
        .iter()
        .enumerate()
        .map(|(at, own)| row(at, own));
    let table = view! {
        <section aria-labelledby="sources">
            <h2 id="sources">"Sources" <small>{format!("times in {place}")}</small></h2>
            <table class="list sources">
                <thead>
                    <tr>
                        <th scope="col">"Source"</th>
                        <th scope="col">"State"</th>
                        <th scope="col">"Last delivery"</th>
                        <th scope="col">"Newest record"</th>
                        <th scope="col">"Rhythm"</th>
                        <th scope="col">"Last 7 days"</th>
                        <th scope="col">"Feeds"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            {more}
            <p class="legend">
                "The newest record is the last delivery that brought something new: sending the same again makes no source fresh. The last 7 days stand beside what came in the spans of 7 days before, so that a source that slowly falls silent shows as well."
            </p>
        </section>
    };
    Some(table.into_any())
}

fn row(at: usize, source: &Source) -> AnyView {
    let undeclared = (!source.is_declared).then(|| view! { <small>"not declared"</small> });
    let rhythm = source
        .rhythm
        .clone()
        .unwrap_or_else(|| "no rhythm set".to_owned());
    view! {
        <tr>
            <th scope="row"><a href=format!("#{}", detail::anchor(at))>{source.name.clone()}</a>{undeclared}</th>
            <td>{state(source.freshness)}</td>
            <td class="when"><span class="narrow">"last delivery "</span>{when(source.last_delivery)}</td>
            <td class="when"><span class="narrow">"newest record "</span>{when(source.newest)}</td>
            <td><span class="narrow">"rhythm: "</span>{rhythm}</td>
            <td>{traffic(&source.traffic)}</td>
            <td>{feeds(source)}</td>
        </tr>
    }
    .into_any()
}

/// Shape and word.
fn state(freshness: Option<Freshness>) -> AnyView {
    let Some(state) = freshness else {
        return view! { <span class="signal">{format::ABSENT}" not judged"</span> }.into_any();
    };
    let (class, sign, word) = match state {
        Freshness::Fresh => ("signal", Signal::Routine, "fresh"),
        Freshness::Late => ("signal moved", Signal::TooFew, "late"),
        Freshness::Stale => ("signal worse", Signal::Worse, "stale"),
        Freshness::Partial => ("signal worse", Signal::Down, "partial"),
        Freshness::NeverLoaded => ("signal worse", Signal::None, "never came"),
    };
    view! { <span class=class>{shape(sign)}{word}</span> }.into_any()
}

fn when(at: Option<DateTime<FixedOffset>>) -> AnyView {
    match at {
        Some(at) => view! { <time datetime=at.to_rfc3339()>{format::local(at)}</time> }.into_any(),
        None => view! { <span class="absent">"never"</span> }.into_any(),
    }
}

fn traffic(traffic: &Traffic) -> AnyView {
    let usual = traffic.normal_range.map(|[low, high]| {
        let range = format::range(
            [low, high],
            crate::view::figure::Unit::Count,
            format::Sample(traffic.records),
        );
        view! { <small>{format!("usual {range}")}</small> }
    });
    let word = match traffic.signal {
        Signal::Up => Some(("signal moved", "more than usual")),
        Signal::Down => Some(("signal moved", "fewer than usual")),
        _ => None,
    };
    let word = word
        .map(|(class, word)| view! { " " <span class=class>{shape(traffic.signal)}{word}</span> });
    let collecting = (traffic.spans < VERDICT_SPANS).then(|| {
        view! { <small>{format!("collecting {} of {VERDICT_SPANS}", traffic.spans)}</small> }
    });
    view! { {format::counted(traffic.records, "records")}{word}{usual}{collecting} }.into_any()
}

fn feeds(source: &Source) -> AnyView {
    match source.feeds.len() as u64 {
        0 => view! { <span class="absent">"nothing yet"</span> }.into_any(),
        count => {
            view! { {format::counted(count, "figures")} <small>{source.streams.join(", ")}</small> }
                .into_any()
        }
    }
}

/// What could come, with what to type for it.
fn never_came(sources: &Sources) -> Option<AnyView> {
    if sources.never_came.is_empty() {
        return None;
    }
    let all = view! {
        <section aria-labelledby="add">
            <h2 id="add">"What has not come yet"</h2>
            <ul class="tally">{sources.never_came.iter().map(addable).collect_view()}</ul>
            <p class="legend">
                "Scripts push the same records to "<code>"/api/v1/records/STREAM"</code>" with a token of the scope ingest. Onehop needs no access to the systems they come from."
            </p>
        </section>
    };
    Some(all.into_any())
}

fn addable(stream: &Addable) -> AnyView {
    let commands = stream
        .commands
        .iter()
        .map(|command| view! { <small><code>{command.clone()}</code></small> });
    view! {
        <li>
            <strong>{stream.stream.clone()}</strong>
            " would add: "
            {linked(&stream.adds)}
            "."
            <span class="commands">{commands.collect_view()}</span>
        </li>
    }
    .into_any()
}

/// Metrics by name, each leading to its definition.
fn linked(metrics: &[Metric]) -> AnyView {
    let one = |(at, metric): (usize, &Metric)| {
        view! {
            {(at > 0).then_some(", ")}
            <a href=routes::definition(&metric.id)>{metric.name.clone()}</a>
        }
    };
    metrics
        .iter()
        .enumerate()
        .map(one)
        .collect_view()
        .into_any()
}

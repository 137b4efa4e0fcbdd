//! The list of records: what each contributes, by which stages, and on which evidence its segment
//! rests.

use leptos::prelude::*;
use serde_json::{Map, Value};

use crate::components::evidence;
use crate::format::{self, Sample};
use crate::routes;
use crate::view::{
    figure::Unit,
    records::{Evidence, Record, Records},
};

/// The records the figure counts, a page of them; with the way to put each right, for those who may.
pub fn counted(records: &Records, corrects: bool) -> AnyView {
    let figure = &records.figure;
    let total = format::counted(figure.sample, &records.records_noun);
    if records.records.is_empty() {
        return view! {
            <section id="records">
                <h2>{total}</h2>
                <p>"No records stand behind this figure."</p>
            </section>
        }
        .into_any();
    }
    let first = records.offset + 1;
    let last = records.offset + records.records.len() as u64;
    let part = (figure.sample > records.records.len() as u64)
        .then(|| format!("{} to {}", format::count(first), format::count(last)));
    // In a count each record is one.
    let valued = figure.unit != Unit::Count
        || records
            .records
            .iter()
            .any(|record| record.value != Some(1.0));
    let staged = records
        .records
        .iter()
        .any(|record| !record.parts.is_empty());
    // What has no segment stands under all of them.
    let split = records.records.iter().any(|record| record.segment != "all");
    let rows: Vec<_> = records
        .records
        .iter()
        .map(|record| row(record, (valued, staged), corrects))
        .collect();
    view! {
        <section id="records" aria-labelledby="counted">
            <h2 id="counted">{total}{part.map(|part| view! { " " <small>{part}</small> })}</h2>
            <table class="list records">
                <thead>
                    <tr>
                        <th scope="col">"Record"</th>
                        <th scope="col">"When, UTC"</th>
                        {valued.then(|| view! { <th scope="col" class="number">{value_heading(figure.unit)}</th> })}
                        {staged.then(|| view! { <th scope="col">"Stages"</th> })}
                        <th scope="col">{if split { "Segment and why" } else { "Why" }}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {pages(records)}
        </section>
    }
    .into_any()
}

fn value_heading(unit: Unit) -> &'static str {
    match unit {
        Unit::Ratio => "Part of the share",
        Unit::Count | Unit::Seconds => "Value",
    }
}

fn row(record: &Record, (valued, staged): (bool, bool), corrects: bool) -> AnyView {
    let value = valued.then(|| {
        let said = match (record.value, record.unit) {
            (Some(part), Unit::Ratio) => (if part > 0.0 { "yes" } else { "no" }).to_owned(),
            (Some(value), unit) => format::value(value, unit, Sample(1)),
            (None, _) => format!("{} not known", format::ABSENT),
        };
        view! { <td class="number">{said}</td> }
    });
    let stages = staged.then(|| view! { <td class="stages">{stages(&record.parts)}</td> });
    let reason = record.reason.clone();
    view! {
        <tr>
            <th scope="row">
                {title(record)}
                {reason.map(|reason| view! { " " <small>{reason}</small> })}
            </th>
            <td class="when">{when(record)}</td>
            {value}
            {stages}
            <td class="why">
                {(record.segment != "all").then(|| record.segment.clone())}
                {record.evidence.iter().map(evidence).collect_view()}
                {corrects.then(|| correction(record))}
            </td>
        </tr>
    }
    .into_any()
}

/// The title, linked only to a web address.
fn title(record: &Record) -> AnyView {
    let title = record.title.clone().unwrap_or_else(|| record.id.clone());
    match record.url.as_deref().and_then(routes::external) {
        Some(url) => {
            view! { <a href=url.to_owned() rel="noopener noreferrer">{title}</a> }.into_any()
        }
        None => view! { {title} }.into_any(),
    }
}

fn when(record: &Record) -> AnyView {
    let at = record.at.clone();
    let said = format::instant_text(&at).replace(" UTC", "");
    view! { <time datetime=at>{said}</time> }.into_any()
}

fn evidence(evidence: &Evidence) -> AnyView {
    view! { " " <small>{evidence::said(evidence)}</small> }.into_any()
}

/// The way to put a record right.
fn correction(record: &Record) -> AnyView {
    let title = record.title.clone().unwrap_or_else(|| record.id.clone());
    view! {
        " "
        <a
            class="right"
            href=routes::correction(&record.kind, &record.id)
            aria-label=format!("Put right: {title}")
        >
            "Put right"
        </a>
    }
    .into_any()
}

/// The stages in the order of the work, then whatever else is known.
fn stages(parts: &Map<String, Value>) -> AnyView {
    const ORDER: [&str; 4] = ["coding", "pickup", "review", "deploy"];
    let ordered = ORDER.iter().filter_map(|name| parts.get_key_value(*name));
    let others = parts
        .iter()
        .filter(|(name, _)| !ORDER.contains(&name.as_str()));
    ordered
        .chain(others)
        .filter_map(|(name, value)| stage(name, value))
        .map(|said| view! { <span>{said}</span> " " })
        .collect_view()
        .into_any()
}

/// A stage in words; one that is not known is left out, since the record says why.
fn stage(name: &str, value: &Value) -> Option<String> {
    let name = match name {
        "pickup" => "waiting for review".to_owned(),
        "deploy" => "to production".to_owned(),
        "open" => "open without review".to_owned(),
        "agent_review" => "to an agent's review".to_owned(),
        other => other.replace('_', " "),
    };
    let said = format::value(value.as_f64()?, Unit::Seconds, Sample(1));
    Some(format!("{name} {said}"))
}

fn pages(records: &Records) -> Option<AnyView> {
    if records.previous_url.is_none() && records.next_url.is_none() {
        return None;
    }
    let previous = records.previous_url.clone();
    let next = records.next_url.clone();
    Some(
        view! {
            <nav class="pages" aria-label="Pages of the list">
                {previous.map(|url| view! { <a href=url rel="prev">"Earlier records"</a> })}
                {next.map(|url| view! { <a href=url rel="next">"Later records"</a> })}
            </nav>
        }
        .into_any(),
    )
}

/// Records of the week that the figure does not count, each with its reason.
pub fn left_out(records: &Records, corrects: bool) -> Option<AnyView> {
    if records.left_out_count == 0 {
        return None;
    }
    let row = |record: &Record| {
        let reason = record
            .reason
            .clone()
            .unwrap_or_else(|| "no reason recorded".to_owned());
        view! {
            <tr>
                <th scope="row">{title(record)}</th>
                <td class="when">{when(record)}</td>
                <td>{reason}{corrects.then(|| correction(record))}</td>
            </tr>
        }
    };
    let shown = records.left_out.len() as u64;
    let part =
        (shown < records.left_out_count).then(|| format!("the first {}", format::count(shown)));
    let heading = format!("Left out: {}", format::count(records.left_out_count));
    Some(
        view! {
            <section aria-labelledby="left-out">
                <h2 id="left-out">{heading}{part.map(|part| view! { " " <small>{part}</small> })}</h2>
                <table class="list">
                    <thead>
                        <tr>
                            <th scope="col">"Record"</th>
                            <th scope="col">"When, UTC"</th>
                            <th scope="col">"Why"</th>
                        </tr>
                    </thead>
                    <tbody>{records.left_out.iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}

//! A table of records: what each contributes, by which stages, and on which evidence its segment
//! rests. Its heads are links that sort it.

use leptos::prelude::*;
use serde_json::{Map, Value};

use super::evidence;
use crate::format::{self, Sample};
use crate::routes;
use crate::view::{
    figure::Unit,
    records::{Column, Evidence, Record, Sort},
};

/// Records in an order, and where the others lead.
pub struct Table<'a> {
    pub records: &'a [Record],
    pub unit: Unit,
    pub sort: Sort,
    /// The address of the same list in another order.
    pub sorted: &'a dyn Fn(Sort) -> String,
    pub columns: Columns,
    /// Whether the reader may put one right.
    pub corrects: bool,
}

/// How much is told of each record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    All,
    /// Without its stages, and without what its segment rests on.
    Brief,
}

/// The records with their heads.
pub fn table(of: &Table<'_>) -> AnyView {
    // In a count each record is one.
    let valued =
        of.unit != Unit::Count || of.records.iter().any(|record| record.value != Some(1.0));
    // What has no segment stands under all of them.
    let split = of.records.iter().any(|record| record.segment != "all");
    let is_brief = of.columns == Columns::Brief;
    let cells = Cells {
        valued,
        staged: !is_brief
            && of
                .records
                .iter()
                .any(|own| !own.parts.is_empty() && own.sums().is_none()),
        evidenced: !is_brief || !split,
        corrects: of.corrects,
    };
    let why = match (split, cells.evidenced) {
        (true, true) => head(of, Column::Segment, ("Segment and why", "")),
        (true, false) => head(of, Column::Segment, ("Segment", "")),
        (false, _) => view! { <th scope="col">"Why"</th> }.into_any(),
    };
    let rows = of.records.iter().map(|record| row(record, cells));
    view! {
        <table class="list records" class:brief=is_brief>
            <thead>
                <tr>
                    {head(of, Column::Title, ("Record", ""))}
                    {head(of, Column::At, ("When, UTC", ""))}
                    {valued.then(|| head(of, Column::Value, (value_heading(of.unit), "number")))}
                    {cells.staged.then(|| view! { <th scope="col">"Stages"</th> })}
                    {why}
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// What a row tells beside its record and its instant.
#[derive(Clone, Copy)]
struct Cells {
    valued: bool,
    staged: bool,
    evidenced: bool,
    corrects: bool,
}

/// A head that sorts by its column; chosen again, the other way round.
fn head(of: &Table<'_>, by: Column, (said, class): (&'static str, &'static str)) -> AnyView {
    let sorted = (of.sort.by == by).then_some(match of.sort.descending {
        true => "descending",
        false => "ascending",
    });
    let class = Some(class).filter(|class| !class.is_empty());
    let url = (of.sorted)(of.sort.choosing(by));
    view! { <th scope="col" class=class aria-sort=sorted><a href=url>{said}</a></th> }.into_any()
}

fn value_heading(unit: Unit) -> &'static str {
    match unit {
        Unit::Ratio => "Part of the share",
        Unit::Count | Unit::Seconds | Unit::Money(_) => "Value",
    }
}

fn row(record: &Record, cells: Cells) -> AnyView {
    let value = cells.valued.then(|| {
        let said = match (record.value, record.unit) {
            _ if record.sums().is_some() => {
                let [part, whole] = record.sums().unwrap_or_default();
                format::fraction(part, whole)
            }
            (Some(part), Unit::Ratio) if part == 0.0 || part == 1.0 => {
                (if part > 0.0 { "yes" } else { "no" }).to_owned()
            }
            (Some(value), unit) => format::value(value, unit, Sample(1)),
            (None, _) => format!("{} not known", format::ABSENT),
        };
        view! { <td class="number">{said}</td> }
    });
    let stages = cells
        .staged
        .then(|| view! { <td class="stages">{stages(&record.parts)}</td> });
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
                {cells.evidenced.then(|| record.evidence.iter().map(evidence).collect_view())}
                {cells.corrects.then(|| correction(record))}
            </td>
        </tr>
    }
    .into_any()
}

/// The title, leading to the receipt; of what has none, to a web address.
pub fn title(record: &Record) -> AnyView {
    let title = record.title.clone().unwrap_or_else(|| record.id.clone());
    if let Some(url) = record.receipt_url.clone() {
        return view! { <a href=url>{title}</a> }.into_any();
    }
    match record.url.as_deref().and_then(routes::external) {
        Some(url) => {
            view! { <a href=url.to_owned() rel="noopener noreferrer">{title}</a> }.into_any()
        }
        None => view! { {title} }.into_any(),
    }
}

pub fn when(record: &Record) -> AnyView {
    let at = record.at.clone();
    let said = format::instant_text(&at).replace(" UTC", "");
    view! { <time datetime=at>{said}</time> }.into_any()
}

fn evidence(evidence: &Evidence) -> AnyView {
    view! { " " <small>{evidence::said(evidence)}</small> }.into_any()
}

/// The way to put a record right, of the kinds that can be.
pub fn correction(record: &Record) -> Option<AnyView> {
    if !matches!(
        record.kind.as_str(),
        "change" | "deployment" | "incident" | "defect"
    ) {
        return None;
    }
    let title = record.title.clone().unwrap_or_else(|| record.id.clone());
    let link = view! {
        " "
        <a
            class="right"
            href=routes::correction(&record.kind, &record.id)
            aria-label=format!("Put right: {title}")
        >
            "Put right"
        </a>
    };
    Some(link.into_any())
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

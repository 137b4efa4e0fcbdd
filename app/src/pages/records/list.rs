//! The list of records, a page of it, and what it leaves out.

use leptos::prelude::*;

use crate::backend::RecordsQuery;
use crate::components::records::{Columns, Table, correction, table, title, when};
use crate::format;
use crate::routes;
use crate::view::records::{Record, Records, Sort};

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
    let sorted = |sort: Sort| {
        let query = RecordsQuery {
            week: Some(figure.week.clone()),
            scope: Some(figure.scope.clone()),
            segment: Some(figure.segment.clone()),
            sort: sort.carried(),
            offset: 0,
        };
        format!("{}#records", routes::records(&figure.metric, &query))
    };
    let table = table(&Table {
        records: &records.records,
        unit: figure.unit,
        sort: records.sort,
        sorted: &sorted,
        columns: Columns::All,
        corrects,
    });
    view! {
        <section id="records" aria-labelledby="counted">
            <h2 id="counted">{total}{part.map(|part| view! { " " <small>{part}</small> })}</h2>
            {table}
            {pages(records)}
        </section>
    }
    .into_any()
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
                {previous.map(|url| view! { <a href=url rel="prev">"Previous records"</a> })}
                {next.map(|url| view! { <a href=url rel="next">"Next records"</a> })}
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

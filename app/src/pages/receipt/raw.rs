//! The records that the receipt rests on, folded, and the sources that told of it or did not.

use leptos::prelude::*;

use crate::format;
use crate::view::receipt::{Raw, Receipt, Source};

pub fn raw(receipt: &Receipt) -> AnyView {
    let records = receipt.raw.len() as u64 + receipt.more_raw;
    let summary = match records {
        0 => "No record is kept".to_owned(),
        _ => format!("{}, as kept", format::counted(records, "records")),
    };
    let more = (receipt.more_raw > 0).then(|| {
        let said = format!(
            "And {} more, which are not listed.",
            format::count(receipt.more_raw)
        );
        view! { <p class="legend">{said}</p> }
    });
    view! {
        <section aria-labelledby="raw">
            <h2 id="raw">"Records"</h2>
            <ul class="tally">{receipt.sources.iter().map(source).collect_view()}</ul>
            <details class="numbers raw">
                <summary>{summary}</summary>
                {receipt.raw.iter().map(record).collect_view()}
                {more}
            </details>
            <p class="legend">
                "Names of people, but for who approved, texts and tokens are withheld here. The hash is SHA-256 of the record as it is kept, in canonical JSON. The signed export is proven anywhere by "
                <code>"onehop receipt verify"</code>
                "."
            </p>
        </section>
    }
    .into_any()
}

fn source(source: &Source) -> AnyView {
    let newest = source.newest_at.as_deref().map(format::instant_text);
    let newest = newest.map(|at| format!(", which last brought something {at}"));
    let said = match source.records {
        0 => format!(
            "nothing found{}",
            newest.unwrap_or_else(|| ", as it never brought anything".to_owned())
        ),
        records => format::counted(records, "records"),
    };
    view! { <li>{source.name.clone()}": "{said}</li> }.into_any()
}

fn record(raw: &Raw) -> AnyView {
    let from = match (&raw.source, &raw.received_at) {
        (Some(source), Some(at)) => format!("from {source}, received {}", format::instant_text(at)),
        (None, Some(at)) => format!("received {}", format::instant_text(at)),
        _ => "its delivery is no longer kept".to_owned(),
    };
    let kept = raw.record.as_ref();
    let kept = kept.and_then(|record| serde_json::to_string_pretty(record).ok());
    view! {
        <div class="kept">
            <h3>{raw.stream.replace('_', " ")}" "<code>{raw.id.clone()}</code></h3>
            <p>{from}</p>
            <p>"hash "<code>{raw.hash.clone()}</code></p>
            {kept.map(|text| view! { <pre tabindex="0">{text}</pre> })}
        </div>
    }
    .into_any()
}

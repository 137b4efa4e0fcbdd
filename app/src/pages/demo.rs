//! What is really true of the generated company, and what its figures made of it: which changes were
//! seen and how soon, which were missed, and how often something was seen that was not there.

use leptos::prelude::*;

use crate::format;
use crate::routes;
use crate::view::{
    demo::{Alarm, Chapter, Demo, Finding, Truth},
    figure::Unit,
    signal::Signal,
};

/// `/demo`.
pub fn page(demo: &Demo) -> AnyView {
    view! {
        <h1 class="name">"What is really true here"</h1>
        <p class="reason">
            {format!(
                "This company is generated from the seed {}, so what happens in it is known. Here is what its figures saw of that, week by week, each with what was known then.",
                demo.seed,
            )}
        </p>
        <ul class="tally">
            {tally(demo).into_iter().map(|said| view! { <li>{said}</li> }).collect_view()}
        </ul>
        {demo.chapters.iter().map(chapter).collect_view()}
        {quiet(&demo.quiet)}
        <p class="legend">
            "Seen means that a process chart raised the signal that is true. In weeks in which nothing changed any signal is a false alarm; a chart raises one in some three of a hundred weeks by chance, more often where a week brings few records. The sentence of a review is not made of these signals: it compares whole spans of weeks, and says more rarely what is not there."
        </p>
    }
    .into_any()
}

/// The whole in sentences: what was seen, what was missed, what was not there.
fn tally(demo: &Demo) -> Vec<String> {
    let findings = || {
        let chapters = demo.chapters.iter().chain(&demo.quiet);
        chapters.flat_map(|chapter| &chapter.findings)
    };
    let changed: Vec<&Finding> = findings()
        .filter(|finding| finding.truth != Truth::Unchanged)
        .filter(|finding| finding.seen.is_some() || finding.weeks_since > 0)
        .collect();
    let mut seen: Vec<u64> = changed
        .iter()
        .filter_map(|finding| finding.seen.as_ref())
        .map(|seen| seen.after_weeks)
        .collect();
    seen.sort_unstable();
    let quiet: u64 = findings().map(|finding| finding.quiet_weeks).sum();
    let alarms: usize = findings().map(|finding| finding.false_alarms.len()).sum();
    let mut said = vec![match (seen.len(), changed.len()) {
        (_, 0) => "Nothing that has had a verdict really changed.".to_owned(),
        (all, of) if all == of => format!(
            "Of {of} figures that really changed and have had a verdict since, all were seen."
        ),
        (some, of) => format!(
            "Of {of} figures that really changed and have had a verdict since, {} seen and {} missed so far.",
            were(some),
            were(of - some)
        ),
    }];
    if let (Some(first), Some(last)) = (seen.first(), seen.last()) {
        said.push(format!(
            "The first was seen in its week {first}, the last in its week {last}."
        ));
    }
    if quiet > 0 {
        let share = format::value(
            alarms as f64 / quiet as f64,
            Unit::Ratio,
            format::Sample(quiet),
        );
        said.push(format!(
            "In {} in which nothing had changed, {} raised: {share}.",
            format::counted(quiet, "verdicts"),
            match alarms {
                0 => "no false alarm was".to_owned(),
                1 => "one false alarm was".to_owned(),
                more => format!("{} false alarms were", format::count(more as u64)),
            }
        ));
    }
    said
}

fn were(count: usize) -> String {
    match count {
        0 => "none was".to_owned(),
        1 => "one was".to_owned(),
        more => format!("{} were", format::count(more as u64)),
    }
}

fn chapter(chapter: &Chapter) -> AnyView {
    view! {
        <section>
            <h2>
                <a href=routes::review(None, Some(&chapter.scope))>{chapter.title.clone()}</a>
                <small>{format!("from {} on", format::dated_week(&chapter.begins))}</small>
            </h2>
            <p class="told">{chapter.what.clone()}</p>
            <table class="list truths">
                <thead>
                    <tr>
                        <th scope="col">"Figure"</th>
                        <th scope="col">"What really happened"</th>
                        <th scope="col">"What was seen"</th>
                        <th scope="col">"False alarms"</th>
                    </tr>
                </thead>
                <tbody>{chapter.findings.iter().map(finding).collect_view()}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn finding(finding: &Finding) -> AnyView {
    let truth = match finding.truth {
        Truth::Better => "got better",
        Truth::Worse => "got worse",
        Truth::Unchanged => "nothing",
    };
    view! {
        <tr>
            <th scope="row">{finding.name.clone()}</th>
            <td>{truth}</td>
            <td>{seen(finding)}</td>
            <td>{alarms(finding)}</td>
        </tr>
    }
    .into_any()
}

fn seen(finding: &Finding) -> AnyView {
    if let Some(seen) = &finding.seen {
        return view! {
            <a href=seen.records_url.clone()>{format::week_name(&seen.week)}</a>
            " "
            <small>{format!("its week {}", seen.after_weeks)}</small>
        }
        .into_any();
    }
    let weeks = format::counted(finding.weeks_since, "weeks");
    match (finding.truth, finding.weeks_since, finding.quiet_weeks) {
        (Truth::Unchanged, _, 0) | (Truth::Better | Truth::Worse, 0, _) => {
            view! { <span class="absent">"no week with a verdict yet"</span> }.into_any()
        }
        (Truth::Unchanged, _, _) if finding.false_alarms.is_empty() => {
            view! { "nothing, rightly" }.into_any()
        }
        (Truth::Unchanged, _, _) => view! { "a change that was none" }.into_any(),
        _ => view! { <strong>"missed"</strong>", in "{weeks}" so far" }.into_any(),
    }
}

fn alarms(finding: &Finding) -> AnyView {
    let of = format::counted(finding.quiet_weeks, "quiet weeks");
    match (finding.quiet_weeks, finding.false_alarms.as_slice()) {
        (0, _) => view! { <span class="absent">{format::ABSENT}</span> }.into_any(),
        (_, []) => view! { <span class="absent">{format!("none in {of}")}</span> }.into_any(),
        (_, raised) => view! { {listed(raised)}" "<small>{format!("of {of}")}</small> }.into_any(),
    }
}

/// "Week 22 better, Week 26 worse".
fn listed(alarms: &[Alarm]) -> AnyView {
    let one = |(place, alarm): (usize, &Alarm)| {
        let word = match alarm.signal {
            Signal::Better => "better",
            Signal::Worse => "worse",
            _ => "moved",
        };
        view! {
            {(place > 0).then_some(", ")}
            <a href=alarm.records_url.clone()>{format::week_name(&alarm.week)}</a>
            " "
            {word}
        }
    };
    alarms.iter().enumerate().map(one).collect_view().into_any()
}

/// The services in which nothing happened, a row each.
fn quiet(chapters: &[Chapter]) -> Option<AnyView> {
    let told = chapters.first()?.what.clone();
    let row = |chapter: &Chapter| {
        let weeks: u64 = chapter.findings.iter().map(|one| one.quiet_weeks).sum();
        let raised = chapter
            .findings
            .iter()
            .filter(|one| !one.false_alarms.is_empty());
        let raised: Vec<_> = raised
            .map(|one| {
                view! { <span class="raised">{one.name.clone()}": "{listed(&one.false_alarms)}</span> }
            })
            .collect();
        let none = raised.is_empty();
        view! {
            <tr>
                <th scope="row">
                    <a href=routes::review(None, Some(&chapter.scope))>{chapter.service_name.clone()}</a>
                </th>
                <td>{format::week_name(&chapter.begins)}</td>
                <td>{none.then_some("none")}{raised}" "<small>{format!("of {}", format::counted(weeks, "verdicts"))}</small></td>
            </tr>
        }
    };
    Some(
        view! {
            <section>
                <h2>"Where nothing changed"</h2>
                <p class="told">{told}</p>
                <table class="list truths">
                    <thead>
                        <tr>
                            <th scope="col">"Service"</th>
                            <th scope="col">"Agents since"</th>
                            <th scope="col">"False alarms"</th>
                        </tr>
                    </thead>
                    <tbody>{chapters.iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}

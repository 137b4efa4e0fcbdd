//! How a week's sentence comes about: both metrics with every number, and the rule.

use leptos::prelude::*;

use crate::backend::RecordsQuery;
use crate::format::{self, Sample};
use crate::routes;
use crate::view::answer::{AnswerDefinition, Compared, Decided, Side, Span, Word};
use crate::view::figure::Unit;

/// `/definitions/answer`.
pub fn page(definition: &AnswerDefinition) -> AnyView {
    let answer = &definition.answer;
    let review = routes::review(Some(&definition.week), Some(&definition.scope));
    view! {
        <p class="crumbs">
            <a href=review>{format::week_name(&definition.week)}</a>
            " / How the answer is reached"
        </p>
        <h1 class="name">"How the answer is reached"</h1>
        <p class="reason">
            {format!(
                "{}, {}: “{}” One metric decides on speed, one on quality.",
                definition.scope_name,
                format::week(&definition.week),
                answer.sentence,
            )}
        </p>
        {side("Speed", &answer.speed, definition)}
        {side("Quality", &answer.quality, definition)}
        {decided(&definition.decided)}
        <section>
            <h2>"The rule"</h2>
            <div class="rule">
                {definition.rule.iter().cloned().map(|step| view! { <p>{step}</p> }).collect_view()}
            </div>
        </section>
    }
    .into_any()
}

/// Whose word margin, baseline and metrics are.
fn decided(decided: &[Decided]) -> Option<AnyView> {
    if decided.is_empty() {
        return None;
    }
    let facts = decided.iter().map(|own| {
        let at = format::instant_text(&own.at);
        view! {
            <dt>{own.what.clone()}</dt>
            <dd>{own.said.clone()}", decided by "{own.by.clone()}" on "<time datetime=own.at.clone()>{at}</time></dd>
        }
    });
    let section = view! {
        <section>
            <h2>"Decided by leadership"</h2>
            <dl class="facts">{facts.collect_view()}</dl>
        </section>
    };
    Some(section.into_any())
}

fn side(heading: &'static str, side: &Side, definition: &AnswerDefinition) -> AnyView {
    let (scope, margin_points) = (&definition.scope, definition.answer.margin_points);
    let mut facts = vec![("Decided by", name(side))];
    if let Some(spans) = &side.spans {
        facts.push(("Recent weeks", span(&spans.recent, side, scope)));
        facts.push(("Baseline", span(&spans.baseline, side, scope)));
    }
    facts.extend(
        side.compared
            .iter()
            .flat_map(|compared| found(*compared, margin_points)),
    );
    facts.extend(side.why_not.clone().map(|why| ("Why not", why.into_any())));
    facts.push((
        "So",
        view! { <strong>{word(side.word)}</strong> }.into_any(),
    ));
    view! {
        <section>
            <h2>{heading}</h2>
            <dl class="facts">
                {facts
                    .into_iter()
                    .map(|(name, said)| view! { <dt>{name}</dt> <dd>{said}</dd> })
                    .collect_view()}
            </dl>
        </section>
    }
    .into_any()
}

fn name(side: &Side) -> AnyView {
    view! { <a href=routes::definition(&side.metric)>{side.name.clone()}</a> }.into_any()
}

/// What a span holds, with the list of each of its weeks.
fn span(span: &Span, side: &Side, scope: &str) -> AnyView {
    let held = format!(
        "{} to {}: {}",
        format::dated_week(&span.from),
        format::dated_week(&span.to),
        format::counted(span.records, &side.records_noun)
    );
    let list = |week: String| {
        let said = format!("{} of {}", side.records_noun, format::dated_week(&week));
        let number = week.split_once("-W").map_or("", |(_, number)| number);
        let number = number.trim_start_matches('0').to_owned();
        let query = RecordsQuery {
            week: Some(week),
            scope: Some(scope.to_owned()),
            ..RecordsQuery::default()
        };
        view! { <li><a href=routes::records(&side.metric, &query) aria-label=said>{number}</a></li> }
    };
    view! {
        {held}
        <ul class="weeks" aria-label="The list of each week">{format::weeks(&span.from, &span.to).map(list).collect_view()}</ul>
    }
    .into_any()
}

/// Every number of a comparison, in the order of the rule.
fn found(compared: Compared, margin_points: f64) -> Vec<(&'static str, AnyView)> {
    match compared {
        Compared::Durations {
            ratio,
            low,
            high,
            level_percent,
        } => vec![
            ("Recent ÷ baseline", format::factor(ratio).into_any()),
            (
                "Interval",
                format!(
                    "{} to {}, at {level_percent}\u{202f}%",
                    format::factor(low),
                    format::factor(high)
                )
                .into_any(),
            ),
        ],
        Compared::Shares {
            recent,
            baseline,
            sloppier,
            sloppier_percent,
            no_sloppier,
            no_sloppier_percent,
        } => vec![
            ("Share recently", share(recent).into_any()),
            ("Share in the baseline", share(baseline).into_any()),
            (
                "Difference",
                interval(sloppier, sloppier_percent).into_any(),
            ),
            (
                "Upper end",
                format!(
                    "{} points at {no_sloppier_percent}\u{202f}%, against a margin of {}",
                    format::points(no_sloppier[1]),
                    format::points(margin_points / 100.0)
                )
                .into_any(),
            ),
        ],
    }
}

fn share([part, whole]: [u64; 2]) -> String {
    let counted = format::fraction(part, whole);
    if whole < 20 {
        return counted;
    }
    let ratio = part as f64 / whole as f64;
    format!(
        "{counted}, {}",
        format::value(ratio, Unit::Ratio, Sample(whole))
    )
}

fn interval([low, high]: [f64; 2], percent: f64) -> String {
    format!(
        "{} to {} points, at {percent}\u{202f}%",
        format::points(low),
        format::points(high)
    )
}

fn word(word: Word) -> &'static str {
    match word {
        Word::Faster => "Faster",
        Word::Slower => "Slower",
        Word::NoVisibleChange => "No change we can see",
        Word::Sloppier => "Sloppier",
        Word::NoSloppier => "No sloppier",
        Word::CantTell => "Can’t be told yet",
    }
}

//! Margin, baseline and the two metrics that decide: what stands, since when and by whom, and a form
//! for executives.

use leptos::prelude::*;

use super::{Form, action, options};
use crate::format;
use crate::routes;
use crate::view::settings::{Decided, Metric, Part, Signed, Span};

pub(super) fn section(form: Form<'_>) -> AnyView {
    let decisions = &form.settings.decisions;
    let who = match decisions.may_decide {
        true => {
            "You decide these. Each change counts from now on, is signed and dated, and leaves frozen weeks as they were."
        }
        false => {
            "Executives decide these, here. Each change counts from now on, is signed and dated, and leaves frozen weeks as they were."
        }
    };
    view! {
        <section aria-labelledby="decisions">
            <h2 id="decisions">"What decides the answer"</h2>
            <p class="told">{who}" "<a href=routes::definition("answer")>"How the answer is reached"</a>"."</p>
            <dl class="facts">
                <dt>"Margin"</dt>
                <dd>{margin(form)}</dd>
                <dt>"Baseline"</dt>
                <dd>{baseline(form)}</dd>
                <dt>"Deciding metrics"</dt>
                <dd>{deciding(form)}</dd>
            </dl>
        </section>
    }
    .into_any()
}

/// "decided by Ana Ruiz on Mon 23 Nov 2026, 07:00 UTC", or who set it else.
pub fn whose<T>(decided: &Decided<T>) -> String {
    match (&decided.act, decided.is_usual) {
        (Some(act), _) => signed(act),
        (None, true) => "nobody has set another".to_owned(),
        (None, false) => "set by apply".to_owned(),
    }
}

fn signed(act: &Signed) -> String {
    format!("decided by {} on {}", act.by, format::instant_text(&act.at))
}

fn margin(form: Form<'_>) -> AnyView {
    let decisions = &form.settings.decisions;
    let points = decisions.margin.stands;
    let typed = form.typed(Part::Decisions, "points");
    let change = decisions.may_decide.then(|| {
        view! {
            <form class="change" method="post" action=action(Part::Decisions)>
                {form.csrf()}
                <label>
                    "Points "
                    <input type="text" inputmode="decimal" name="points" required maxlength="8" size="4" value=typed.unwrap_or_else(|| points.to_string())/>
                </label>
                <button type="submit" name="what" value="margin">"Change the margin"</button>
            </form>
        }
    });
    view! {
        <p>
            {format!("Quality that is worse by less than {} is still called no sloppier", format::counted_points(points))}
            "; " {whose(&decisions.margin)} "."
        </p>
        <p class="reach">{decisions.reach.join(" ")}</p>
        {change}
    }
    .into_any()
}

fn baseline(form: Form<'_>) -> AnyView {
    let decisions = &form.settings.decisions;
    let said = match &decisions.baseline.stands {
        Some(Span { from, to }) => format!("{} to {}", format::dated_week(from), format::dated_week(to)),
        None => "The last 26 weeks, at least 12, before the first mark of an agent; else the first 12 with records".to_owned(),
    };
    let stands = decisions.baseline.stands.as_ref();
    let week = |field: &str, stands: Option<&String>| {
        let typed = form.typed(Part::Decisions, field);
        typed.or_else(|| stands.cloned()).unwrap_or_default()
    };
    let from = week("from", stands.map(|span| &span.from));
    let to = week("to", stands.map(|span| &span.to));
    let change = decisions.may_decide.then(|| {
        view! {
            <form class="change" method="post" action=action(Part::Decisions)>
                {form.csrf()}
                <label>"From week " <input type="text" name="from" maxlength="8" size="9" placeholder="2025-W40" value=from/></label>
                <label>"to week " <input type="text" name="to" maxlength="8" size="9" placeholder="2026-W12" value=to/></label>
                <button type="submit" name="what" value="baseline">"Change the baseline"</button>
                <small>"Both empty: the usual one."</small>
            </form>
        }
    });
    view! {
        <p>{said}"; "{whose(&decisions.baseline)}"."</p>
        {change}
    }
    .into_any()
}

fn deciding(form: Form<'_>) -> AnyView {
    let decisions = &form.settings.decisions;
    let stands = &decisions.deciding.stands;
    let chosen = |field: &str, stands: &Metric| {
        form.typed(Part::Decisions, field)
            .unwrap_or_else(|| stands.id.clone())
    };
    let (speed, quality) = (
        chosen("speed", &stands.speed),
        chosen("quality", &stands.quality),
    );
    let change = decisions.may_decide.then(|| {
        view! {
            <form class="change" method="post" action=action(Part::Decisions)>
                {form.csrf()}
                <label>"Speed " <select name="speed">{metrics(&decisions.speed_choices, &speed)}</select></label>
                <label>"Quality " <select name="quality">{metrics(&decisions.quality_choices, &quality)}</select></label>
                <button type="submit" name="what" value="deciding">"Change the metrics"</button>
            </form>
        }
    });
    view! {
        <p>
            "Speed by "{linked(&stands.speed)}", quality by "{linked(&stands.quality)}"; "
            {whose(&decisions.deciding)}"."
        </p>
        {change}
    }
    .into_any()
}

fn metrics(all: &[Metric], chosen: &str) -> AnyView {
    let all: Vec<_> = all
        .iter()
        .map(|own| (own.id.clone(), own.name.clone()))
        .collect();
    options(&all, chosen)
}

fn linked(metric: &Metric) -> AnyView {
    view! { <a href=routes::definition(&metric.id)>{metric.name.clone()}</a> }.into_any()
}

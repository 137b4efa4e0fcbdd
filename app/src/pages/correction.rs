//! One thing that can be put right: what stands and why, the answers there are, what an answer would
//! move, and the words over it so far.

use leptos::prelude::*;

use crate::components::{evidence, notice};
use crate::format;
use crate::routes;
use crate::view::{
    correction::{
        Asked, Choice, Correction, Kind, Made, MovedFigure, MovedWeek, Outcome, Standing,
    },
    figure::Unit,
    frame::Frame,
};

/// The most characters a reason may have.
const REASON_CHARACTERS: &str = "500";

/// `/corrections/{kind}/{id}`.
pub fn page(correction: &Correction, frame: &Frame) -> AnyView {
    let named = correction
        .title
        .clone()
        .unwrap_or_else(|| correction.id.clone());
    view! {
        <p class="crumbs"><a href=routes::CORRECTIONS>"To put right"</a></p>
        <h1 class="name">{named}</h1>
        <p class="record">
            <span>{noun(correction.kind)}" "{correction.id.clone()}</span>
            {(!correction.service.is_empty()).then(|| view! { <span>{correction.service.clone()}</span> })}
            {correction.at.as_deref().map(|at| view! { <span>{format::instant_text(at)}</span> })}
            {source(correction)}
        </p>
        <dl class="facts">
            <dt>"What stands"</dt>
            <dd>{stands(correction)}</dd>
        </dl>
        {correction.asked.as_ref().and_then(refusal)}
        {correction.asked.as_ref().and_then(|asked| outcome(correction, asked, frame))}
        {question(correction, frame)}
        {made(correction)}
    }
    .into_any()
}

fn source(correction: &Correction) -> Option<AnyView> {
    let url = correction
        .url
        .as_deref()
        .and_then(routes::external)?
        .to_owned();
    Some(
        view! { <span><a href=url rel="noopener noreferrer">"At its source"</a></span> }.into_any(),
    )
}

fn stands(correction: &Correction) -> AnyView {
    let said = match (correction.kind, correction.stands.as_str()) {
        (Kind::Incident, "none") => "Laid to no deployment".to_owned(),
        (Kind::Incident, id) => format!("Laid to deployment {id}"),
        (Kind::Defect, place) => match place {
            "production" | "pre_release" => format!("Found {}", word(Kind::Defect, place)),
            _ => sentence(&word(Kind::Defect, place)),
        },
        (kind, value) => sentence(&word(kind, value)),
    };
    let reason = correction.reason.clone();
    view! {
        <p>{said}{reason.map(|reason| format!(": {reason}"))}"."</p>
        {correction.evidence.iter().map(|one| view! { <p>{evidence::said(one)}</p> }).collect_view()}
    }
    .into_any()
}

fn refusal(asked: &Asked) -> Option<AnyView> {
    match &asked.outcome {
        Outcome::Refused(why) => Some(notice::alert("Nothing was changed.", why.clone())),
        Outcome::WouldMove(_) => None,
    }
}

/// What the answer would move, and the button that keeps it.
fn outcome(correction: &Correction, asked: &Asked, frame: &Frame) -> Option<AnyView> {
    let Outcome::WouldMove(weeks) = &asked.outcome else {
        return None;
    };
    let heading = match weeks.len() {
        0 => "No figure would change.".to_owned(),
        1 => "This would change one week.".to_owned(),
        many => format!("This would change {many} weeks."),
    };
    let from_to = format!(
        "From “{}” to “{}”, because: {}",
        word(correction.kind, &correction.stands),
        word(correction.kind, &asked.value),
        asked.reason
    );
    Some(
        view! {
            <section class="would" aria-labelledby="would">
                <h2 id="would">{heading}</h2>
                <p>{from_to}</p>
                {weeks.iter().map(week).collect_view()}
                <form method="post" action=address(correction)>
                    <input type="hidden" name="csrf" value=frame.csrf.clone()/>
                    <input type="hidden" name="choice" value=choice_of(&asked.value)/>
                    <input type="hidden" name="reason" value=asked.reason.clone()/>
                    <p><button class="act" type="submit" name="step" value="keep">"Put it right"</button></p>
                </form>
                <p class="hint">"Nothing is kept yet. What is kept can be taken back, and stays on record."</p>
            </section>
        }
        .into_any(),
    )
}

fn week(week: &MovedWeek) -> AnyView {
    let segments = match week.by_segment {
        0 => None,
        1 => Some("And one figure of a single segment.".to_owned()),
        more => Some(format!(
            "And {} figures of single segments.",
            format::count(more)
        )),
    };
    view! {
        <table class="list moved">
            <caption>{format::week(&week.week)}</caption>
            <thead>
                <tr>
                    <th scope="col">"Figure"</th>
                    <th scope="col">"Of"</th>
                    <th scope="col" class="number">"Now"</th>
                    <th scope="col" class="number">"Then"</th>
                </tr>
            </thead>
            <tbody>{week.figures.iter().map(figure).collect_view()}</tbody>
        </table>
        {segments.map(|said| view! { <p class="legend">{said}</p> })}
    }
    .into_any()
}

fn figure(moved: &MovedFigure) -> AnyView {
    view! {
        <tr>
            <th scope="row"><a href=moved.records_url.clone()>{moved.name.clone()}</a></th>
            <td>{moved.scope_name.clone()}</td>
            <td class="number"><span class="narrow">"now "</span>{stated(moved.before, moved)}</td>
            <td class="number"><span class="narrow">"then "</span>{stated(moved.after, moved)}</td>
        </tr>
    }
    .into_any()
}

/// A value with its sample, where the value does not say it.
fn stated(standing: Option<Standing>, moved: &MovedFigure) -> String {
    let value =
        standing.and_then(|standing| Some((standing, format::standing_in(&standing, moved.unit)?)));
    let Some((standing, said)) = value else {
        return format::ABSENT.to_owned();
    };
    let is_fraction = moved.unit == Unit::Ratio && standing.denominator.is_some_and(|of| of < 20);
    if moved.unit == Unit::Count || is_fraction {
        return said;
    }
    format!(
        "{said} of {}",
        format::counted(standing.sample, &moved.records_noun)
    )
}

/// The form, or who may fill it in.
fn question(correction: &Correction, frame: &Frame) -> AnyView {
    let question = match correction.kind {
        Kind::Change => "Whose work is it?",
        Kind::Deployment => "What kind of deployment was it?",
        Kind::Incident => "Which deployment caused it?",
        Kind::Defect => "Where was it found?",
    };
    if let Some(who) = &correction.closed_to_reader {
        let said = format!("This can be put right by {who}.");
        return view! { <section><h2>{question}</h2><p>{said}</p></section> }.into_any();
    }
    let asked = correction.asked.as_ref();
    let reason = asked.map(|asked| asked.reason.clone()).unwrap_or_default();
    let chosen = asked.map(|asked| asked.value.as_str());
    view! {
        <section>
            <form class="choose" method="post" action=address(correction)>
                <input type="hidden" name="csrf" value=frame.csrf.clone()/>
                <fieldset>
                    <legend>{question}</legend>
                    {correction.choices.iter().map(|one| choice(correction.kind, one, chosen)).collect_view()}
                    {(correction.kind == Kind::Incident).then(|| other(correction, chosen))}
                </fieldset>
                <p class="field">
                    <label for="reason">"Why"</label>
                    <input id="reason" name="reason" type="text" required maxlength=REASON_CHARACTERS value=reason/>
                </p>
                <p><button class="act" type="submit" name="step" value="try">"Show what it changes"</button></p>
            </form>
        </section>
    }
    .into_any()
}

fn choice(kind: Kind, choice: &Choice, chosen: Option<&str>) -> AnyView {
    let said = match (choice.value.as_str(), &choice.deployment) {
        (_, Some(deployment)) => deployment.title.clone(),
        ("", None) => "As it was found, without a correction".to_owned(),
        (value, None) => sentence(&word(kind, value)),
    };
    let detail = choice.deployment.as_ref().map(|deployment| {
        let finished = format::instant_text(&deployment.finished_at);
        view! { " " <small>{finished}" · "{choice.value.clone()}</small> }
    });
    let checked = chosen == Some(choice.value.as_str());
    view! {
        <label class="choice">
            <input type="radio" name="choice" value=choice_of(&choice.value) required checked=checked/>
            <span>{said}{detail}</span>
        </label>
    }
    .into_any()
}

/// Any other deployment, by its id.
fn other(correction: &Correction, chosen: Option<&str>) -> AnyView {
    let typed = chosen.filter(|chosen| {
        !correction
            .choices
            .iter()
            .any(|choice| choice.value == **chosen)
    });
    let checked = typed.is_some();
    view! {
        <div class="choice">
            <input type="radio" id="other" name="choice" value="other" required checked=checked/>
            <label for="other">"Another deployment, with the id"</label>
            <input
                type="text"
                name="other"
                aria-label="The id of another deployment"
                maxlength="300"
                value=typed.unwrap_or_default().to_owned()
            />
        </div>
    }
    .into_any()
}

fn made(correction: &Correction) -> Option<AnyView> {
    if correction.made.is_empty() {
        return None;
    }
    let row = |made: &Made| {
        view! {
            <tr>
                <th scope="row">{changed(correction.kind, made)}</th>
                <td class="when"><time datetime=made.at.clone()>{format::instant_text(&made.at)}</time></td>
                <td>{made.reason.clone()}" "<small>{made.by.clone()}</small></td>
            </tr>
        }
    };
    Some(
        view! {
            <section id="made" aria-labelledby="made-so-far">
                <h2 id="made-so-far">"Put right so far"</h2>
                <table class="list">
                    <thead>
                        <tr>
                            <th scope="col">"What"</th>
                            <th scope="col">"When"</th>
                            <th scope="col">"Why, and by whom"</th>
                        </tr>
                    </thead>
                    <tbody>{correction.made.iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any(),
    )
}

/// From what to what: "unmarked → agent".
pub(super) fn changed(kind: Kind, made: &Made) -> String {
    format!("{} → {}", word(kind, &made.was), word(kind, &made.value))
}

pub(super) fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Change => "Change",
        Kind::Deployment => "Deployment",
        Kind::Incident => "Incident",
        Kind::Defect => "Defect",
    }
}

/// A value of a kind's vocabulary as people say it.
fn word(kind: Kind, value: &str) -> String {
    let said = match (kind, value) {
        (_, "") => "as found",
        (Kind::Change, "agent") => "an agent's",
        (Kind::Change, "assisted") => "assisted by an agent",
        (Kind::Change, "unmarked") => "unmarked: no mark of an agent",
        (Kind::Deployment, "rollback") => "a rollback",
        (Kind::Deployment, "fix") => "a fix",
        (Kind::Incident, "none") => "no deployment",
        (Kind::Defect, "production") => "in production",
        (Kind::Defect, "pre_release") => "before release",
        (Kind::Defect, "unknown") => "not known where it was found",
        (Kind::Defect, "duplicate") => "a duplicate",
        (Kind::Defect, "not_a_defect") => "not a defect",
        (_, other) => other,
    };
    said.to_owned()
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A value as the form sends it, apart from the two answers that are none of them.
fn choice_of(value: &str) -> String {
    match value {
        "" => "as_found".to_owned(),
        value => format!("is:{value}"),
    }
}

fn address(correction: &Correction) -> String {
    routes::correction(kind_name(correction.kind), &correction.id)
}

pub(super) fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Change => "change",
        Kind::Deployment => "deployment",
        Kind::Incident => "incident",
        Kind::Defect => "defect",
    }
}

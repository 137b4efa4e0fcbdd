//! The reason of an answer, and what is missing for one, in words.

use app::format;
use app::view::answer::{Answer, Compared, Side, Word};

use super::Gathering;
use crate::metrics::answer::Rules;
use crate::metrics::answer::reach::records_to_rule_out;
use crate::metrics::answer::spans::BASELINE_FROM;
use crate::metrics::proportion::Share;

/// The fewest weeks of records with which anything can be told: a baseline, and four weeks after it.
pub(crate) const WEEKS_NEEDED: i32 = BASELINE_FROM as i32 + 4;

/// One sentence: speed, then quality.
pub(super) fn reason(answer: &Answer) -> String {
    format!("{}; {}.", speed(&answer.speed), quality(answer))
}

fn speed(side: &Side) -> String {
    let name = &side.name;
    let Some(Compared::Durations { low, high, .. }) = side.compared else {
        return untold(side);
    };
    match side.word {
        Word::Faster | Word::Slower => {
            format!(
                "{name} is {} than in the baseline",
                format::change([low, high])
            )
        }
        _ if low == 1.0 && high == 1.0 => {
            format!("{name} shows no change we can see, and is as long as in the baseline")
        }
        _ => format!(
            "{name} shows no change we can see, and lies {} than in the baseline",
            format::around([low, high])
        ),
    }
}

fn quality(answer: &Answer) -> String {
    let side = &answer.quality;
    let Some(Compared::Shares {
        recent: [part, whole],
        baseline: [part_before, whole_before],
        sloppier,
        no_sloppier,
        ..
    }) = side.compared
    else {
        return lower(&untold(side));
    };
    let counted = format!(
        "{} {} {}",
        format::fraction(part, whole),
        side.records_noun,
        verb(&side.metric)
    );
    let before = format!(
        "in the baseline ({})",
        format::fraction(part_before, whole_before)
    );
    let margin = format!(
        "where the margin is {}",
        format::counted_points(answer.margin_points)
    );
    match side.word {
        Word::Sloppier => format!(
            "{counted}, {} to {} points more than {before}",
            format::points(sloppier[0]),
            format::points(sloppier[1])
        ),
        Word::NoSloppier if no_sloppier[1] < 0.0 => {
            format!("{counted}, fewer than {before}")
        }
        Word::NoSloppier => format!(
            "{counted}, at most {} points more than {before}, {margin}",
            format::points(no_sloppier[1])
        ),
        _ => format!(
            "{counted}, and up to {} points more than {before} can’t be ruled out, {margin}",
            format::points(no_sloppier[1])
        ),
    }
}

fn untold(side: &Side) -> String {
    let why = side
        .why_not
        .as_deref()
        .unwrap_or("there is nothing to compare");
    format!(
        "{} can’t be told yet: {}",
        side.name,
        lower(why.trim_end_matches('.'))
    )
}

/// What a record did that counts in a ratio.
fn verb(metric: &str) -> &'static str {
    match metric {
        "change_fail_rate" => "failed",
        "deployment_rework_rate" => "put another one right",
        "defect_escape_rate" => "escaped to production",
        "merged_without_review" => "were merged without review",
        _ => "count",
    }
}

pub(super) const NO_INCIDENTS: &str = "No incident was ever received, so that failures are told by rollbacks, fixes and failed rollouts alone. Push or import the stream incidents to know the others.";

pub(super) const NO_DEPLOYMENTS: &str = "Changes were merged, and no deployment of them is known. Push or import the stream deployments, name the release tags of a clone (onehop import git --tags), or declare that a service is delivered by its merges (delivery = \"merge\").";

/// What would have to be there, one point a line, and what can be done about sources.
pub(super) fn missing(
    answer: &Answer,
    to_do: Vec<String>,
    gathering: Option<Gathering>,
) -> Vec<String> {
    let sides = [&answer.speed, &answer.quality];
    let untold = sides.into_iter().filter_map(|side| {
        let why = side.why_not.as_deref()?;
        Some(format!("{}: {}", side.name, lower(why)))
    });
    let mut missing: Vec<String> = untold.chain(to_do).collect();
    missing.extend(too_few_to_rule_out(answer));
    if let Some(gathering) = gathering.filter(|_| !missing.is_empty()) {
        missing.push(format!(
            "{} of {WEEKS_NEEDED} weeks are collected; from {} on there are enough.",
            gathering.weeks.max(0),
            format::day(gathering.enough_from)
        ));
    }
    missing
}

/// How many records it takes where quality was compared and can't be told.
fn too_few_to_rule_out(answer: &Answer) -> Option<String> {
    let side = &answer.quality;
    let Some(Compared::Shares {
        recent: [_, whole],
        baseline: [part_before, whole_before],
        ..
    }) = side.compared.filter(|_| side.word == Word::CantTell)
    else {
        return None;
    };
    let baseline = Share {
        part: part_before,
        whole: whole_before,
    };
    let rules = Rules::default();
    let margin = format::counted_points(answer.margin_points);
    let noun = &side.records_noun;
    let takes = records_to_rule_out(answer.margin_points / 100.0, baseline, rules.no_sloppier);
    Some(match takes {
        Some(takes) => format!(
            "To rule out {margin} takes about {} {noun} in the recent weeks that are no worse than the baseline’s; there are {}.",
            format::count(takes),
            format::count(whole)
        ),
        None => format!(
            "No number of recent {noun} can rule out {margin} against a baseline of {}: a longer baseline or a wider margin can.",
            format::count(whole_before)
        ),
    })
}

/// For a sentence by itself.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}

/// For the middle of a sentence.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

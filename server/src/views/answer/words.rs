//! The reason of an answer, and what is missing for one, in words.

use app::format;
use app::view::answer::{Answer, Compared, Side, Word};

use super::Gathering;
use crate::metrics::answer::spans::BASELINE_FROM;

/// The fewest weeks of records with which anything can be told: a baseline, and four weeks after it.
pub(super) const WEEKS_NEEDED: i32 = BASELINE_FROM as i32 + 4;

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
    let margin = match answer.margin_points {
        1.0 => "where the margin is 1 point".to_owned(),
        points => format!("where the margin is {points} points"),
    };
    match side.word {
        Word::Sloppier => format!(
            "{counted}, {} to {} points more than in the baseline",
            format::points(sloppier[0]),
            format::points(sloppier[1])
        ),
        Word::NoSloppier if no_sloppier[1] < 0.0 => {
            format!("{counted}, fewer than in the baseline")
        }
        Word::NoSloppier => format!(
            "{counted}, at most {} points more than in the baseline, {margin}",
            format::points(no_sloppier[1])
        ),
        _ => format!(
            "{counted}, and up to {} points more than in the baseline can’t be ruled out, {margin}",
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

/// What would have to be there, one point a line.
pub(super) fn missing(answer: &Answer, gathering: Option<Gathering>) -> Vec<String> {
    let sides = [&answer.speed, &answer.quality];
    let untold = sides.into_iter().filter_map(|side| {
        let why = side.why_not.as_deref()?;
        Some(format!("{}: {}", side.name, lower(why)))
    });
    let mut missing: Vec<String> = untold.collect();
    if let Some(gathering) = gathering.filter(|_| !missing.is_empty()) {
        missing.push(format!(
            "{} of {WEEKS_NEEDED} weeks are collected; from {} on there are enough.",
            gathering.weeks.max(0),
            format::day(gathering.enough_from)
        ));
    }
    missing
}

/// For the middle of a sentence.
fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

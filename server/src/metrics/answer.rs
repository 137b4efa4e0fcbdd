//! Did we get faster without getting sloppier?
//!
//! One metric decides on speed and one on quality, each by one interval of recent weeks against a
//! baseline. Nothing here says why something changed.

pub mod reach;
pub mod spans;

use std::collections::BTreeMap;

use super::level::Level;
use super::proportion::{Share, newcombe};
use super::shift::{Shift, shift};
use super::week::Week;
use spans::{Baseline, CantTell, Span, Spans};

/// The rule as `/definitions/answer` tells it.
pub const RULE: &[&str] = &[
    "Leadership names one speed metric and one quality metric in advance, for the company or for a workflow: for speed any median of durations, for quality any pooled ratio. Where nothing is named they are change lead time and change fail rate.",
    "Recent is the shortest of 4, 8, 13 and 26 settled weeks, up to the shown one, with at least 40 records. The baseline is the span that leadership set; else the last 26 weeks, at least 12, before the week of the first mark of an agent in this scope; else the first 12 weeks with records. Recent weeks, and all after them, leave the baseline; under 12 weeks or 40 records left, nothing can be told; nor while a source that the metric needs is stale and has brought nothing since the shown week ended. Both spans are chosen for each metric by itself.",
    "Speed: durations are counted as at least 1 s and compared as logarithms. The shift after Hodges and Lehmann, with its interval by normal approximation and correction for ties, is said as the ratio recent ÷ baseline. Faster: the 99.99 % interval lies wholly below 1. Slower: wholly above. Else there is no change we can see.",
    "Quality: the difference of the two shares, recent − baseline, with Newcombe’s interval. Sloppier is asked first: the 99 % interval lies wholly above 0. No sloppier: the upper end of the 95 % interval is under the margin (5 points unless leadership set another). Else quality can’t be told yet.",
    "Where nothing changes, faster, slower and sloppier are each said in at most 2 % of weeks; make bench simulates it (40 changes and 19 deployments a week, 5 % of them failing, weeks that hang together).",
    "Beside it stand what was delivered and what escaped in both spans; for the company, from a quarter on, how much of a shift is work that moved between services (the rest of the shift of mean log durations once each service keeps its share of the baseline’s changes); and, where speed is better, whether review wait, change size or merges without review got worse, each by the interval that speed or quality needs.",
];

/// How sure one must be before a word is said.
///
/// By default so sure that in a company in which nothing changes *faster*, *slower* and *sloppier* are
/// each said in at most 2 % of weeks, though weeks differ by more than chance: that takes 99.99 % for
/// speed and 99 % for quality. `make bench` shows it, for 40 changes and 19 deployments a week. Of ten
/// times as many it does not hold: the intervals shrink with the records, and what sets one week apart
/// from another does not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Of the interval that lies wholly below or above 1.
    pub faster_or_slower: Level,
    /// Of the interval that lies wholly above 0.
    pub sloppier: Level,
    /// Of the interval whose upper end lies under the margin.
    pub no_sloppier: Level,
    /// How much worse quality may have become and still be called no worse.
    pub margin_ratio: f64,
}

/// How many percentage points worse quality may have become, unless leadership says otherwise.
pub const MARGIN_POINTS: f64 = 5.0;

impl Default for Rules {
    fn default() -> Rules {
        Rules {
            faster_or_slower: Level::PERCENT_99_99,
            sloppier: Level::PERCENT_99,
            no_sloppier: Level::PERCENT_95,
            margin_ratio: MARGIN_POINTS / 100.0,
        }
    }
}

/// A metric's records, by week. Weeks without records may be left out.
#[derive(Clone, Debug)]
pub struct Records<R> {
    pub by_week: BTreeMap<Week, R>,
    /// The newest settled week up to the shown one.
    pub settled_to: Week,
    /// Whether a source that the metric needs is stale.
    pub is_stale: bool,
}

/// All that the answer is made of.
#[derive(Clone, Debug)]
pub struct Question {
    /// Durations in milliseconds.
    pub speed: Records<Vec<i64>>,
    /// How many records count as bad, of how many.
    pub quality: Records<Share>,
    pub baseline: Baseline,
    pub rules: Rules,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpeedWord {
    Faster,
    NoVisibleChange,
    Slower,
    CantTell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QualityWord {
    NoSloppier,
    Sloppier,
    CantTell,
}

/// The bad shares of both spans, and how far apart they are: recent − baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    pub recent: Share,
    pub baseline: Share,
    /// At the level of *sloppier*.
    pub sloppier_interval: [f64; 2],
    /// At the level of *no sloppier*: what lies within it cannot be ruled out.
    pub no_sloppier_interval: [f64; 2],
}

/// A word, and what it stands on or why there is nothing to stand on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged<W, C> {
    pub word: W,
    pub compared: Result<(Spans, C), CantTell>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    pub speed: Judged<SpeedWord, Shift>,
    pub quality: Judged<QualityWord, Difference>,
}

impl Answer {
    /// One out of twelve.
    pub fn sentence(&self) -> &'static str {
        use QualityWord::{NoSloppier, Sloppier};
        use SpeedWord::{CantTell, Faster, NoVisibleChange, Slower};
        match (self.speed.word, self.quality.word) {
            (Faster, NoSloppier) => "Faster, and no sloppier.",
            (Faster, Sloppier) => "Faster, but sloppier.",
            (Faster, QualityWord::CantTell) => "Faster; quality can’t be told yet.",
            (NoVisibleChange, NoSloppier) => "No change we can see.",
            (NoVisibleChange, Sloppier) => "Sloppier, and not faster.",
            (NoVisibleChange, QualityWord::CantTell) => {
                "Speed unchanged; quality can’t be told yet."
            }
            (Slower, NoSloppier) => "Slower, and no sloppier.",
            (Slower, Sloppier) => "Slower and sloppier.",
            (Slower, QualityWord::CantTell) => "Slower; quality can’t be told yet.",
            (CantTell, NoSloppier) => "Speed can’t be told yet; no sloppier.",
            (CantTell, Sloppier) => "Sloppier; speed can’t be told yet.",
            (CantTell, QualityWord::CantTell) => "Can’t tell yet.",
        }
    }
}

/// The answer. Speed first: *faster* or *slower* when the interval of the ratio recent ÷ baseline lies
/// wholly below or above 1, else *no visible change*. Then quality: *sloppier* when the interval of
/// recent − baseline lies wholly above 0; else *no sloppier* when the upper end of the narrower one is
/// under the margin; else it *can't be told*.
///
/// ```
/// use server::metrics::answer::{Question, Records, Rules, answer, spans::Baseline};
/// use server::metrics::{proportion::Share, week::Week};
/// let first: Week = "2026-W01".parse().unwrap();
/// let settled_to = first.plus(39);
/// let hours = |week| if week < 36 { 40 } else { 10 };
/// let durations = |week| (0..50).map(|change| (hours(week) + change) * 3_600_000).collect();
/// let question = Question {
///     speed: Records { by_week: (0..40).map(|week| (first.plus(week), durations(week))).collect(), settled_to, is_stale: false },
///     quality: Records { by_week: (0..40).map(|week| (first.plus(week), Share { part: 2, whole: 50 })).collect(), settled_to, is_stale: false },
///     baseline: Baseline::First,
///     rules: Rules::default(),
/// };
/// let answer = answer(&question);
/// assert_eq!(answer.sentence(), "Faster, and no sloppier.");
/// assert_eq!(answer.speed.compared.unwrap().0.recent.from, first.plus(36));
/// ```
pub fn answer(question: &Question) -> Answer {
    Answer {
        speed: speed(question),
        quality: quality(question),
    }
}

fn speed(question: &Question) -> Judged<SpeedWord, Shift> {
    let compared = compared_durations(question);
    let word = match &compared {
        Err(_) => SpeedWord::CantTell,
        Ok((_, shift)) if shift.high < 1.0 => SpeedWord::Faster,
        Ok((_, shift)) if shift.low > 1.0 => SpeedWord::Slower,
        Ok(_) => SpeedWord::NoVisibleChange,
    };
    Judged { word, compared }
}

fn quality(question: &Question) -> Judged<QualityWord, Difference> {
    let compared = compared_shares(question);
    let word = match &compared {
        Err(_) => QualityWord::CantTell,
        Ok((_, difference)) if difference.sloppier_interval[0] > 0.0 => QualityWord::Sloppier,
        Ok((_, difference)) if difference.no_sloppier_interval[1] < question.rules.margin_ratio => {
            QualityWord::NoSloppier
        }
        Ok(_) => QualityWord::CantTell,
    };
    Judged { word, compared }
}

fn compared_durations(question: &Question) -> Result<(Spans, Shift), CantTell> {
    let spans = question
        .speed
        .spans(question.baseline, |durations| durations.len() as u64)?;
    let within = |span: Span| {
        let mut durations: Vec<i64> = question.speed.within(span).flatten().copied().collect();
        durations.sort();
        durations
    };
    let level = question.rules.faster_or_slower;
    let shift = shift(&within(spans.recent), &within(spans.baseline), level);
    Ok((spans, shift.ok_or(CantTell::RecentTooFew { records: 0 })?))
}

fn compared_shares(question: &Question) -> Result<(Spans, Difference), CantTell> {
    let spans = question
        .quality
        .spans(question.baseline, |share| share.whole)?;
    let within = |span: Span| question.quality.within(span).copied().sum();
    let (recent, baseline): (Share, Share) = (within(spans.recent), within(spans.baseline));
    let interval = |level| newcombe(recent, baseline, level).ok_or(CantTell::NotAShare);
    let difference = Difference {
        recent,
        baseline,
        sloppier_interval: interval(question.rules.sloppier)?,
        no_sloppier_interval: interval(question.rules.no_sloppier)?,
    };
    Ok((spans, difference))
}

impl<R> Records<R> {
    fn spans(&self, baseline: Baseline, count: impl Fn(&R) -> u64) -> Result<Spans, CantTell> {
        if self.is_stale {
            return Err(CantTell::SourceStale);
        }
        let counted = self.by_week.iter();
        let counted = counted.map(|(week, records)| (*week, count(records)));
        spans::spans(&counted.collect(), self.settled_to, baseline)
    }

    /// The records of the weeks of a span.
    pub fn within(&self, span: Span) -> impl Iterator<Item = &R> {
        self.by_week
            .range(span.from..=span.to)
            .map(|(_, records)| records)
    }
}

#[cfg(test)]
mod tests;

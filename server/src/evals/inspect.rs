//! Inspect's logs: `.json`, and `.eval`, of which only the header and the summaries of the samples are unpacked.
//!
//! Each sample of each epoch is a case, as `total_samples` counts them; those that aren't there are missing. One
//! score decides: that of the log's headline, else the first with the metric `accuracy`, else the first. Its value
//! passes when it is 1 as Inspect's own conversion has it: `C`, `yes` and `true` are 1, `P` is a half, `I`, `N` and
//! other words are 0. Anything below 1 fails, so partial credit does; a number beyond 0 to 1 is refused, for its
//! scale is not in the log. A sample with an error counts as one, scored or not. A case's category is `category` in
//! its sample's metadata, else the name of the score. A run that did not end in success, or that was invalidated,
//! is not evaluated.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::archive::Archive;
use super::json::{Object, category, each, field, parse, text, without_constants};
use super::tally::{Outcome, Tally, name};
use super::{SuiteRun, Unreadable, instant_ms};

#[derive(Deserialize)]
struct Log<'a> {
    status: Option<String>,
    #[serde(default)]
    invalidated: bool,
    eval: Eval,
    #[serde(borrow)]
    results: Option<Results<'a>>,
    stats: Option<Stats>,
    #[serde(borrow)]
    samples: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Eval {
    task: String,
    eval_id: Option<String>,
    run_id: Option<String>,
    revision: Option<Revision>,
}

#[derive(Deserialize)]
struct Revision {
    commit: Option<String>,
}

#[derive(Deserialize)]
struct Results<'a> {
    #[serde(default)]
    total_samples: u64,
    #[serde(borrow)]
    scores: Option<&'a RawValue>,
    headline: Option<Headline>,
}

#[derive(Deserialize)]
struct Headline {
    scorer: Option<String>,
    score: Option<String>,
}

#[derive(Deserialize)]
struct Stats {
    completed_at: Option<String>,
}

#[derive(Deserialize)]
struct ScoreResult<'a> {
    name: String,
    scorer: Option<String>,
    #[serde(borrow)]
    metrics: Option<&'a RawValue>,
}

/// The score that decides: which scorer gave it, and its name, which differs where one scorer gives several.
struct Score {
    scorer: String,
    name: String,
}

#[derive(Deserialize)]
struct Sample<'a> {
    #[serde(borrow)]
    scores: Option<&'a RawValue>,
    #[serde(borrow)]
    metadata: Option<&'a RawValue>,
    error: Option<IgnoredAny>,
}

pub fn read(bytes: &[u8]) -> Result<SuiteRun, Unreadable> {
    if !bytes.starts_with(Archive::BEGINNING) {
        let bytes = without_constants(bytes);
        let Object(log) = parse(&bytes)?;
        return of_log(log);
    }
    let mut archive = Archive::open(bytes)?;
    let header = match archive.entry("header.json")? {
        Some(header) => header,
        // It comes last: a log that is still written, or whose writer died, has only its beginning.
        None => archive
            .entry("_journal/start.json")?
            .ok_or_else(|| Unreadable::new("the archive holds no header.json"))?,
    };
    let samples = archive.entry("summaries.json")?;
    let (header, samples) = (
        without_constants(&header),
        samples.as_deref().map(without_constants),
    );
    let Object(log): Object<Log<'_>> = parse(&header).map_err(|error| error.at("its header"))?;
    let samples = samples.as_deref().map(parse).transpose();
    let samples = samples.map_err(|error| error.at("summaries.json"))?;
    of_log(Log { samples, ..log })
}

fn of_log(log: Log<'_>) -> Result<SuiteRun, Unreadable> {
    let error = error(&log)?;
    if log.samples.is_none() && error.is_none() {
        let said = "the log holds no samples, so that its cases cannot be counted";
        return Err(Unreadable::new(said));
    }
    let score = match &log.results {
        Some(results) => results.score()?,
        None => None,
    };
    let mut tally = Tally::default();
    if let Some(samples) = log.samples {
        each(samples, "sample", |Object(sample): Object<Sample<'_>>| {
            let (outcome, category) = sample.judged(score.as_ref())?;
            tally.add(outcome, category.as_deref())
        })?;
    }
    tally.expect(log.results.map_or(0, |results| results.total_samples), None)?;
    let commit = log.eval.revision.and_then(|revision| revision.commit);
    let id = log.eval.eval_id.or(log.eval.run_id);
    let finished_at = log.stats.and_then(|stats| stats.completed_at);
    Ok(SuiteRun {
        suite: name(&log.eval.task),
        commit: commit.as_deref().and_then(name),
        finished_at_ms: finished_at.as_deref().and_then(instant_ms),
        error,
        id: id.as_deref().and_then(name),
        ..tally.into_run()
    })
}

/// Why a run is not evaluated.
fn error(log: &Log<'_>) -> Result<Option<String>, Unreadable> {
    let said = match log.status.as_deref().unwrap_or("started") {
        "success" if log.invalidated => "it was invalidated",
        "success" => return Ok(None),
        "error" => "it ended in error",
        "cancelled" => "it was cancelled",
        "started" => "it was started and has not finished",
        _ => return Err(Unreadable::new("its status is none that is known")),
    };
    Ok(Some(said.to_owned()))
}

impl Results<'_> {
    fn score(&self) -> Result<Option<Score>, Unreadable> {
        if let Some(Headline {
            scorer: Some(scorer),
            score,
        }) = &self.headline
        {
            return Ok(Some(Score {
                scorer: scorer.clone(),
                name: score.clone().unwrap_or_else(|| scorer.clone()),
            }));
        }
        let (mut first, mut accurate) = (None, None);
        if let Some(scores) = self.scores {
            each(
                scores,
                "score",
                |Object(result): Object<ScoreResult<'_>>| {
                    let metrics = result.metrics;
                    let has_accuracy = metrics.is_some_and(|own| field(own, "accuracy").is_some());
                    let place = if has_accuracy {
                        &mut accurate
                    } else {
                        &mut first
                    };
                    place.get_or_insert_with(|| Score {
                        scorer: result.scorer.unwrap_or_else(|| result.name.clone()),
                        name: result.name,
                    });
                    Ok(())
                },
            )?;
        }
        Ok(accurate.or(first))
    }
}

impl Sample<'_> {
    /// What became of it, and under which category it counts if it failed.
    fn judged(&self, score: Option<&Score>) -> Result<(Outcome, Option<String>), Unreadable> {
        let declared = category(self.metadata);
        if self.error.is_some() {
            return Ok((Outcome::Errored, declared));
        }
        let given = score.and_then(|score| {
            let own = field(self.scores?, &score.scorer)?;
            let value = field(own, "value")?;
            let of_name = value
                .get()
                .starts_with('{')
                .then(|| field(value, &score.name));
            of_name.unwrap_or(Some(value)).zip(Some(score))
        });
        let Some((value, score)) = given.filter(|(value, _)| value.get() != "null") else {
            return Ok((Outcome::Missing, declared));
        };
        let outcome = Outcome::of(Some(is_whole(value)?));
        Ok((outcome, declared.or_else(|| Some(score.name.clone()))))
    }
}

/// Whether a score's value is 1.
fn is_whole(value: &RawValue) -> Result<bool, Unreadable> {
    let number = match text(value) {
        Some(word) => of_word(&word),
        None => match value.get() {
            "true" => 1.0,
            "false" => 0.0,
            other => other
                .parse()
                .map_err(|_| Unreadable::new("its score is neither a number nor a word"))?,
        },
    };
    if (0.0..=1.0).contains(&number) {
        // 1 has an exact binary form, and nothing near it is meant to be it.
        Ok(number >= 1.0)
    } else {
        Err(Unreadable::new(
            "its score is no number from 0 to 1, so that it cannot be said whether it passed",
        ))
    }
}

fn of_word(word: &str) -> f64 {
    match word {
        "C" => 1.0,
        "P" => 0.5,
        _ => match word.to_lowercase().as_str() {
            "yes" | "true" => 1.0,
            word => word
                .trim()
                .parse()
                .ok()
                .filter(|number: &f64| number.is_finite())
                .unwrap_or_default(),
        },
    }
}

#[cfg(test)]
pub mod tests;

//! How often the answer says a word though nothing changed, and how soon it says it when something did.
//!
//! Simulated companies: 40 changes a week whose lead time is log-normal with σ = 1, and 19 deployments
//! of which 5 % fail. Each week has an effect of its own on the log of the lead time and on the logit of
//! failing, of standard deviation 0.2, which hangs on the week before by φ. The baseline is 26 weeks
//! before a mark, or the first 12 weeks.

use anyhow::{Context, Result};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use server::metrics::answer::spans::Baseline;
use server::metrics::answer::{
    Answer as Judgement, QualityWord, Question, Records, Rules, SpeedWord, answer as judge,
};
use server::metrics::level::Level;
use server::metrics::proportion::Share;
use server::metrics::week::Week;

use crate::answer::{Answer, Bound};
use crate::normal::{normal, uniform};

const CHANGES_A_WEEK: usize = 40;
const DEPLOYMENTS_A_WEEK: usize = 19;
const FAILING: f64 = 0.05;
const TYPICAL_HOURS: f64 = 48.0;
const WEEK_EFFECT: f64 = 0.2;
const PHIS: [f64; 2] = [0.0, 0.3];

/// Of each φ; so many make a share of 2 % sure to within 0.2 points.
const COMPANIES: u64 = 20_000;
const LARGE_COMPANIES: u64 = 2_000;
/// The mark stands before this week, counted from 0; power is told from it on.
const MARK: i32 = 26;
/// The week that is judged where nothing changed: its recent weeks lie clear of every baseline.
const JUDGED: i32 = 39;
const BASELINES: usize = 2;
const WORDS: [&str; 3] = ["faster", "slower", "sloppier"];
/// In per cent, beside the levels in use.
const LADDER: [f64; 9] = [99.0, 99.5, 99.7, 99.9, 99.95, 99.97, 99.98, 99.99, 99.995];

const COMPANIES_THAT_CHANGE: u64 = 1_000;
/// Power is followed for so many weeks.
const FOLLOWED: i32 = 52;

/// A company, and what becomes of it at the mark.
#[derive(Clone, Copy)]
struct Simulated {
    phi: f64,
    weeks: i32,
    /// How many times as many changes and deployments it has.
    times: usize,
    hours_factor: f64,
    failing: f64,
}

impl Simulated {
    fn unchanged(phi: f64, weeks: i32) -> Simulated {
        Simulated {
            phi,
            weeks,
            times: 1,
            hours_factor: 1.0,
            failing: FAILING,
        }
    }
}

pub fn answer() -> Result<Answer> {
    let mut worst: f64 = 0.0;
    println!("  nothing changes; said in so many % of weeks, of {COMPANIES} companies a row:");
    for phi in PHIS {
        let mut rows = ladder()?;
        rows.push(in_use());
        false_words(Simulated::unchanged(phi, JUDGED + 1), COMPANIES, &mut rows);
        worst = worst.max(told(&rows, COMPANIES, phi));
    }
    println!(
        "  the same with ten times the changes and deployments, of {LARGE_COMPANIES} (told, not bound):"
    );
    for phi in PHIS {
        let large = Simulated {
            times: 10,
            ..Simulated::unchanged(phi, JUDGED + 1)
        };
        let mut rows = [in_use()];
        false_words(large, LARGE_COMPANIES, &mut rows);
        told(&rows, LARGE_COMPANIES, phi);
    }
    power();
    Ok(Answer {
        what: "weeks in which the answer cries wolf, of the worst word",
        value: worst,
        unit: " %",
        bound: Bound::AtMost(2.0),
    })
}

/// Prints the rows, and gives the largest share at the levels in use.
fn told(rows: &[Row], companies: u64, phi: f64) -> f64 {
    let mut worst: f64 = 0.0;
    for (baseline, (name, _)) in baselines().into_iter().enumerate() {
        for row in rows {
            let percent = row.said[baseline].map(|said| 100.0 * said as f64 / companies as f64);
            println!(
                "    φ {phi:<3}, {name:<15} {:<8}  faster {:>5.2}, slower {:>5.2}, sloppier {:>5.2}",
                row.name, percent[0], percent[1], percent[2]
            );
            if row.is_in_use {
                worst = percent.into_iter().fold(worst, f64::max);
            }
        }
    }
    worst
}

/// How many companies were told each word, at some levels.
struct Row {
    name: String,
    rules: Rules,
    is_in_use: bool,
    said: [[u64; WORDS.len()]; BASELINES],
}

fn ladder() -> Result<Vec<Row>> {
    let row = |percent| {
        let level = Level::from_percent(percent).context("a level lies between 0 and 100 %")?;
        Ok(Row {
            name: format!("{percent} %"),
            rules: Rules {
                faster_or_slower: level,
                sloppier: level,
                ..Rules::default()
            },
            is_in_use: false,
            ..in_use()
        })
    };
    LADDER.into_iter().map(row).collect()
}

fn in_use() -> Row {
    Row {
        name: "in use".to_owned(),
        rules: Rules::default(),
        is_in_use: true,
        said: Default::default(),
    }
}

fn false_words(simulated: Simulated, companies: u64, rows: &mut [Row]) {
    let mut random = ChaCha8Rng::seed_from_u64(20_261_122);
    for _ in 0..companies {
        let mut question = company(&mut random, simulated);
        for (index, (_, baseline)) in baselines().into_iter().enumerate() {
            question.baseline = baseline;
            // What is not said at a level is not said at a higher one.
            let mut something = true;
            for row in rows.iter_mut() {
                if !something && !row.is_in_use {
                    continue;
                }
                question.rules = row.rules;
                let said = words(&judge(&question));
                something = said.contains(&true);
                for (count, said) in row.said[index].iter_mut().zip(said) {
                    *count += u64::from(said);
                }
            }
        }
    }
}

fn baselines() -> [(&'static str, Baseline); BASELINES] {
    [
        ("26 weeks before", Baseline::Before(week(MARK))),
        ("first 12 weeks", Baseline::First),
    ]
}

fn words(judgement: &Judgement) -> [bool; WORDS.len()] {
    [
        judgement.speed.word == SpeedWord::Faster,
        judgement.speed.word == SpeedWord::Slower,
        judgement.quality.word == QualityWord::Sloppier,
    ]
}

fn power() {
    println!("  something changes; weeks until it is said, of {COMPANIES_THAT_CHANGE} companies:");
    for phi in PHIS {
        let unchanged = Simulated::unchanged(phi, MARK + FOLLOWED);
        let doubling = Simulated {
            failing: 2.0 * FAILING,
            ..unchanged
        };
        let halving = Simulated {
            hours_factor: 0.5,
            ..unchanged
        };
        for (name, simulated, word) in [
            ("lead time halves", halving, 0),
            ("failing doubles", doubling, 2),
        ] {
            let weeks = weeks_until(simulated, word);
            println!(
                "    φ {phi:<3}, {name:<16}  median {}, 90 % {}",
                within(&weeks, 50),
                within(&weeks, 90)
            );
        }
    }
}

/// The weeks from the change until the word is first said, ascending; one more than are followed
/// where it was not.
fn weeks_until(simulated: Simulated, word: usize) -> Vec<i32> {
    let mut random = ChaCha8Rng::seed_from_u64(20_261_123);
    let mut weeks: Vec<i32> = (0..COMPANIES_THAT_CHANGE)
        .map(|_| {
            let mut question = company(&mut random, simulated);
            // Only the side that is asked for.
            match WORDS[word] {
                "sloppier" => question.speed.by_week.clear(),
                _ => question.quality.by_week.clear(),
            }
            let mut says = |after: &i32| {
                question.speed.settled_to = week(MARK + after - 1);
                question.quality.settled_to = week(MARK + after - 1);
                words(&judge(&question))[word]
            };
            (1..=FOLLOWED).find(&mut says).unwrap_or(FOLLOWED + 1)
        })
        .collect();
    weeks.sort_unstable();
    weeks
}

/// Within how many weeks so many per cent were told.
fn within(weeks: &[i32], percent: usize) -> String {
    match weeks[weeks.len() * percent / 100 - 1] {
        weeks if weeks > FOLLOWED => format!("more than {FOLLOWED}"),
        weeks => weeks.to_string(),
    }
}

/// A company's weeks, from 0 on, judged at the last of them against the weeks before the mark.
fn company(random: &mut ChaCha8Rng, simulated: Simulated) -> Question {
    let last = week(simulated.weeks - 1);
    let mut question = Question {
        speed: records(last),
        quality: records(last),
        baseline: Baseline::Before(week(MARK)),
        rules: Rules::default(),
    };
    let phi = simulated.phi;
    let [mut slow, mut sloppy] = [0; 2].map(|_| WEEK_EFFECT * normal(random));
    for number in 0..simulated.weeks {
        let (factor, failing) = match number < MARK {
            true => (1.0, FAILING),
            false => (simulated.hours_factor, simulated.failing),
        };
        let hours = TYPICAL_HOURS * factor * f64::exp(slow);
        let durations = durations_ms(random, hours, simulated.times * CHANGES_A_WEEK);
        question.speed.by_week.insert(week(number), durations);
        let logit = (failing / (1.0 - failing)).ln() + sloppy;
        let chance = 1.0 / (1.0 + (-logit).exp());
        let share = failed(random, chance, simulated.times * DEPLOYMENTS_A_WEEK);
        question.quality.by_week.insert(week(number), share);
        for effect in [&mut slow, &mut sloppy] {
            *effect = phi * *effect + (1.0 - phi * phi).sqrt() * WEEK_EFFECT * normal(random);
        }
    }
    question
}

fn durations_ms(random: &mut ChaCha8Rng, hours: f64, count: usize) -> Vec<i64> {
    let durations = (0..count).map(|_| hours * normal(random).exp() * 3_600_000.0);
    durations.map(|duration| duration as i64).collect()
}

fn failed(random: &mut ChaCha8Rng, chance: f64, of: usize) -> Share {
    let failed = (0..of).filter(|_| uniform(random) < chance);
    Share {
        part: failed.count() as u64,
        whole: of as u64,
    }
}

fn records<R>(settled_to: Week) -> Records<R> {
    Records {
        by_week: Default::default(),
        settled_to,
        is_stale: false,
    }
}

fn week(number: i32) -> Week {
    Week::FIRST.plus(2_000 + number)
}

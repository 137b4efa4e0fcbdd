//! How often a chart of a process that does not change signals all the same.
//!
//! Independent normal weeks. The limits come from so many weeks of their own, and are then held still
//! while eight more weeks go by, the last of which is judged: so rule 1 is that of one new week, and the
//! rows of four and eight lie wholly after the limits.

use anyhow::{Context, Result};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use server::metrics::xmr::{Limits, Rule, VERDICT_FROM, limits, signal};

use crate::answer::{Answer, Bound};
use crate::normal::normal;

/// Weeks behind the limits, and the published share of false alarms by rule 1 and by any, in per cent.
const PUBLISHED: [(usize, f64, f64); 5] = [
    (6, 4.4, 8.4),
    (8, 3.2, 6.3),
    (12, 1.8, 4.0),
    (20, 1.1, 2.8),
    (52, 0.5, 1.7),
];
const RUNS: u64 = 100_000;
/// Of the longest rule.
const WEEKS_AFTER: usize = 8;

pub fn answer() -> Result<Answer> {
    let mut farthest: f64 = 0.0;
    println!("  limits of independent weeks, held still; eight weeks later, of {RUNS} runs:");
    for (weeks, outside_published, any_published) in PUBLISHED {
        let (outside, any) = false_alarms(weeks)?;
        println!(
            "    {weeks:>2} weeks: outside a limit {outside:.2} % (published {outside_published}), \
             any rule {any:.2} % (published {any_published})"
        );
        farthest = farthest.max((outside - outside_published).abs());
    }
    Ok(Answer {
        what: "false alarms outside the limits, from those published",
        value: farthest,
        unit: " points",
        bound: Bound::AtMost(0.5),
    })
}

/// Per cent of runs that signal by rule 1, and by any rule.
fn false_alarms(weeks: usize) -> Result<(f64, f64)> {
    let mut random = ChaCha8Rng::seed_from_u64(20_261_122);
    let (mut outside, mut any) = (0, 0);
    for _ in 0..RUNS {
        let series: Vec<f64> = (0..weeks + WEEKS_AFTER)
            .map(|_| 100.0 + normal(&mut random))
            .collect();
        let (behind, after) = series.split_at(weeks);
        let limits = limits(behind).context("weeks without limits")?;
        // Under twelve weeks no verdict is spoken; here it is asked for all the same.
        let asked = Limits {
            points: weeks.max(VERDICT_FROM),
            ..limits
        };
        if let Some((rule, _)) = signal(&asked, after) {
            any += 1;
            outside += u64::from(rule == Rule::OutsideLimits);
        }
    }
    let percent = |count: u64| 100.0 * count as f64 / RUNS as f64;
    Ok((percent(outside), percent(any)))
}

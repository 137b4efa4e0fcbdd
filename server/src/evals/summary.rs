//! What the log of a build shows of a run.

use std::fmt::Write;

use super::SuiteRun;
use super::tally::name;

/// How many categories are named.
const NAMED: usize = 10;

/// How many digits of a whole commit are shown.
const SHORT: usize = 7;

/// A few lines for people: the suite, how many cases passed, which failed, and what that means for its threshold.
///
/// A rate is rounded down and a shortfall up, so that neither looks better than it is.
///
/// ```
/// use server::evals::{SuiteRun, summary};
/// let run = SuiteRun {
///     suite: Some("refunds-regression".to_owned()),
///     commit: Some("c02e7d".to_owned()),
///     cases: 200,
///     passed: 188,
///     failed: [("tone".to_owned(), 3), ("refund".to_owned(), 9)].into(),
///     threshold_ratio: Some(0.95),
///     ..SuiteRun::default()
/// };
/// assert_eq!(
///     summary(&run),
///     "Suite \"refunds-regression\" at c02e7d: 188 of 200 cases passed (94.0 %).\n\
///      Failing: refund 9, tone 3.\n\
///      Threshold 95.0 %: NOT MET, by 1.0 points (2 cases more would do).\n"
/// );
/// ```
pub fn summary(run: &SuiteRun) -> String {
    let mut text = match run.suite.as_deref().and_then(name) {
        Some(suite) => format!("Suite \"{suite}\""),
        None => "A suite without a name".to_owned(),
    };
    if let Some(commit) = run.commit.as_deref().and_then(name) {
        // Writing to a text cannot fail.
        let _ = write!(text, " at {}", short(&commit));
    }
    text.push_str(": ");
    if let Some(error) = run.error.as_deref() {
        let reason = name(error).unwrap_or_else(|| "it ended in error".to_owned());
        let reason = reason.trim_end_matches('.');
        let _ = writeln!(text, "NOT EVALUATED: {reason}.");
        return text;
    }
    text.push_str(&passed(run));
    if run.cases == 0 {
        return text;
    }
    if !run.failed.is_empty() {
        let _ = writeln!(text, "Failing: {}.", failing(run));
    }
    text.push_str(&result(run));
    text
}

fn passed(run: &SuiteRun) -> String {
    if run.cases == 0 {
        return "no case, so nothing is judged.\n".to_owned();
    }
    let tenths = u128::from(run.passed) * 1_000 / u128::from(run.cases);
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let (passed, cases) = (run.passed, run.cases);
    let noun = if cases == 1 { "case" } else { "cases" };
    format!("{passed} of {cases} {noun} passed ({whole}.{tenth} %).\n")
}

/// Categories with their cases, the largest first.
fn failing(run: &SuiteRun) -> String {
    let mut all: Vec<(&String, u64)> = run
        .failed
        .iter()
        .map(|(own, cases)| (own, *cases))
        .collect();
    all.sort_by_key(|(_, cases)| std::cmp::Reverse(*cases));
    let (named, rest) = all.split_at(all.len().min(NAMED));
    let named = named.iter().map(|(own, cases)| {
        let own = name(own).unwrap_or_default();
        format!("{own} {cases}")
    });
    let mut text = named.collect::<Vec<_>>().join(", ");
    if !rest.is_empty() {
        let cases: u64 = rest.iter().map(|(_, cases)| cases).sum();
        let noun = if rest.len() == 1 {
            "category"
        } else {
            "categories"
        };
        let _ = write!(text, ", and {cases} in {} more {noun}", rest.len());
    }
    text
}

fn result(run: &SuiteRun) -> String {
    let (Some(threshold), Some(is_met)) = (run.threshold_ratio, run.met()) else {
        return "No threshold is set, so nothing is judged.\n".to_owned();
    };
    let threshold_said = percent(threshold);
    if is_met {
        return format!("Threshold {threshold_said} %: met.\n");
    }
    let points = threshold * 100.0 - run.passed as f64 * 100.0 / run.cases as f64;
    // What is a tenth but for the last digits of a binary number is a tenth.
    let points = ((points * 10.0 - 1e-6).ceil() / 10.0).max(0.1);
    let lacking = needed(run.cases, threshold).saturating_sub(run.passed);
    let would_do = if lacking == 1 {
        "1 case more would do".to_owned()
    } else {
        format!("{lacking} cases more would do")
    };
    format!("Threshold {threshold_said} %: NOT MET, by {points:.1} points ({would_do}).\n")
}

/// The fewest cases that meet a threshold.
fn needed(cases: u64, threshold: f64) -> u64 {
    let near = (threshold * cases as f64).floor() as u64;
    let mut candidates = near.saturating_sub(1)..=near + 1;
    let meets = |passed: &u64| *passed as f64 / cases as f64 >= threshold;
    candidates.find(meets).unwrap_or(cases)
}

/// A ratio in percent, with as many decimals as it has, from one to three.
fn percent(ratio: f64) -> String {
    let text = format!("{:.3}", ratio * 100.0);
    let kept = text.trim_end_matches('0');
    if kept.ends_with('.') {
        format!("{kept}0")
    } else {
        kept.to_owned()
    }
}

fn short(commit: &str) -> &str {
    let is_whole = commit.len() >= 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_whole { &commit[..SHORT] } else { commit }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(passed: u64, cases: u64, threshold_ratio: Option<f64>) -> SuiteRun {
        let failed = (cases > passed).then(|| ("tone".to_owned(), cases - passed));
        SuiteRun {
            suite: Some("replies".to_owned()),
            cases,
            passed,
            failed: failed.into_iter().collect(),
            threshold_ratio,
            ..SuiteRun::default()
        }
    }

    fn last_line(run: &SuiteRun) -> String {
        summary(run).lines().last().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_met_threshold_and_none_are_said() {
        assert_eq!(
            summary(&run(200, 200, Some(0.95))),
            "Suite \"replies\": 200 of 200 cases passed (100.0 %).\nThreshold 95.0 %: met.\n"
        );
        assert_eq!(
            summary(&run(1, 1, None)),
            "Suite \"replies\": 1 of 1 case passed (100.0 %).\nNo threshold is set, so nothing is judged.\n"
        );
    }

    #[test]
    fn a_rate_never_looks_better_than_it_is() {
        let nearly = run(9_999, 10_000, Some(1.0));
        assert!(summary(&nearly).contains("(99.9 %)"));
        assert_eq!(
            last_line(&nearly),
            "Threshold 100.0 %: NOT MET, by 0.1 points (1 case more would do)."
        );
        assert_eq!(
            last_line(&run(8_999, 9_000, Some(0.99999))),
            "Threshold 99.999 %: NOT MET, by 0.1 points (1 case more would do)."
        );
    }

    #[test]
    fn as_many_cases_are_lacking_as_would_meet_the_threshold() {
        for cases in 1..=400 {
            for hundredths in 0..=100_u32 {
                let threshold = f64::from(hundredths) / 100.0;
                let needed = needed(cases, threshold);
                assert_eq!(run(needed, cases, Some(threshold)).met(), Some(true));
                if needed > 0 {
                    assert_eq!(run(needed - 1, cases, Some(threshold)).met(), Some(false));
                }
            }
        }
    }

    #[test]
    fn a_run_that_is_not_evaluated_says_why_and_no_threshold() {
        let ended = SuiteRun {
            error: Some("it ended in error".to_owned()),
            ..run(0, 2, Some(0.9))
        };
        assert_eq!(ended.met(), None);
        assert_eq!(
            summary(&ended),
            "Suite \"replies\": NOT EVALUATED: it ended in error.\n"
        );
        assert_eq!(
            summary(&run(0, 0, Some(0.9))),
            "Suite \"replies\": no case, so nothing is judged.\n"
        );
    }

    #[test]
    fn many_categories_are_named_by_size_and_the_rest_is_counted() {
        let mut many = run(0, 78, None);
        many.failed = (1..=12).map(|size| (format!("c{size:02}"), size)).collect();
        let text = summary(&many);
        assert!(text.contains("Failing: c12 12, c11 11,"), "{text}");
        assert!(
            text.contains("c03 3, and 3 in 2 more categories."),
            "{text}"
        );
    }

    #[test]
    fn a_whole_commit_is_shortened_and_no_name_breaks_a_line() {
        let odd = SuiteRun {
            suite: Some("a\n::error::b".to_owned()),
            commit: Some("fbc7843acd866f53f17a92b81b4f1d95ad543b38".to_owned()),
            ..run(1, 1, None)
        };
        let text = summary(&odd);
        assert!(
            text.starts_with("Suite \"a ::error::b\" at fbc7843: "),
            "{text}"
        );
        assert_eq!(text.lines().count(), 2);
    }
}

//! What share of the cases of adversarial suites passed.

use super::Sums;
use super::suite_run::{Kind, SuiteRun};

/// Passed cases and all cases, of the last run of its suite in the week.
///
/// ```
/// use server::metrics::{adversarial_pass_rate, suite_run::{Kind, SuiteRun}};
/// let run = SuiteRun { kind: Kind::Adversarial, is_latest: true, cases: 200, passed: 188 };
/// assert_eq!(adversarial_pass_rate::of_suite_run(&run), Some(Ok([188, 200])));
/// assert!(adversarial_pass_rate::of_suite_run(&SuiteRun { is_latest: false, ..run }).unwrap().is_err());
/// assert_eq!(adversarial_pass_rate::of_suite_run(&SuiteRun { kind: Kind::Unit, ..run }), None);
/// ```
pub fn of_suite_run(run: &SuiteRun) -> Option<Sums> {
    run.sums(Kind::Adversarial)
}

//! What share of the runs that ended ended well.

use super::Contribution;
use super::run::{Outcome, Run};

/// One for a run that did, zero for one that ended otherwise.
///
/// ```
/// use server::metrics::{run::{Outcome, Run}, run_success};
/// let run = |outcome| Run { outcome, ..Run::default() };
/// assert_eq!(run_success::of_run(&run(Some(Outcome::Ok))), Ok(1));
/// assert_eq!(run_success::of_run(&run(Some(Outcome::HandedOver))), Ok(0));
/// assert!(run_success::of_run(&run(None)).is_err());
/// ```
pub fn of_run(run: &Run) -> Contribution {
    run.ended(Outcome::Ok)
}

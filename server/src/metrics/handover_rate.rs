//! What share of the runs that ended were handed over to a person.

use super::Contribution;
use super::run::{Outcome, Run};

/// One for a run that did, zero for one that ended otherwise.
///
/// ```
/// use server::metrics::{run::{Outcome, Run}, handover_rate};
/// let run = |outcome| Run { outcome, ..Run::default() };
/// assert_eq!(handover_rate::of_run(&run(Some(Outcome::HandedOver))), Ok(1));
/// assert_eq!(handover_rate::of_run(&run(Some(Outcome::Ok))), Ok(0));
/// assert!(handover_rate::of_run(&run(None)).is_err());
/// ```
pub fn of_run(run: &Run) -> Contribution {
    run.ended(Outcome::HandedOver)
}

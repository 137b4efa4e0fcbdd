//! What a run costs.

use super::Contribution;
use super::run::Run;

/// The cost of a run with a price, in millionths of a millionth of the company's currency.
///
/// ```
/// use server::metrics::{cost_per_run, run::Run};
/// let run = |cost_pico| Run { cost_pico, ..Run::default() };
/// assert_eq!(cost_per_run::of_run(&run(Some(40))), Ok(40));
/// assert_eq!(cost_per_run::of_run(&run(None)), Err(cost_per_run::UNPRICED));
/// ```
pub fn of_run(run: &Run) -> Contribution {
    run.cost_pico.ok_or(UNPRICED)
}

/// Why a run has no part in it.
pub const UNPRICED: &str = "unpriced";

//! What share of tool calls failed.

use super::Sums;
use super::run::Run;

/// Failed calls and all calls of a run.
///
/// ```
/// use server::metrics::{run::Run, tool_error_rate};
/// let run = |calls, failed_calls| Run { calls, failed_calls, ..Run::default() };
/// assert_eq!(tool_error_rate::of_run(&run(7, 2)), Ok([2, 7]));
/// assert!(tool_error_rate::of_run(&run(0, 0)).is_err());
/// ```
pub fn of_run(run: &Run) -> Sums {
    match run.calls {
        0 => Err("no tool call is told"),
        calls => Ok([run.failed_calls, calls]),
    }
}

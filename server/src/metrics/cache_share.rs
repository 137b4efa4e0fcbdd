//! What share of what models read came from a cache.

use super::Sums;
use super::run::Run;

/// Cached tokens and all input tokens of a run.
///
/// ```
/// use server::metrics::{cache_share, run::Run};
/// let run = |input_tokens, cached_tokens| Run { input_tokens, cached_tokens, ..Run::default() };
/// assert_eq!(cache_share::of_run(&run(1_000, 400)), Ok([400, 1_000]));
/// assert!(cache_share::of_run(&run(0, 0)).is_err());
/// ```
pub fn of_run(run: &Run) -> Sums {
    match run.input_tokens {
        0 => Err("no input tokens are known of it"),
        input => Ok([run.cached_tokens, input]),
    }
}

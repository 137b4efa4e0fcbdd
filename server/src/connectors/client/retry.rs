//! Tries again what will pass: soon and ever later, or when the system says so.

use std::time::Duration;

use tokio::time::{Sleep, sleep};
use tower::retry::{Policy, RetryLayer};

use super::{Failure, Request, Response};
use crate::connectors::failure::Next;

/// How much is borne before a failure is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How often a request is sent at most.
    pub tries: u32,
    /// Before the second try; doubled before each further one.
    pub first_pause: Duration,
    /// A longer wait is left to whoever asked.
    pub longest_wait: Duration,
    /// Whether requests are spread over the minute, as the system's limits ask for.
    pub spreads: bool,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience {
            tries: 4,
            first_pause: Duration::from_secs(1),
            longest_wait: Duration::from_secs(90),
            spreads: true,
        }
    }
}

pub(super) fn layer(patience: Patience) -> RetryLayer<Again> {
    RetryLayer::new(Again { patience, tried: 0 })
}

#[derive(Clone)]
pub(super) struct Again {
    patience: Patience,
    tried: u32,
}

impl Again {
    fn pause(&self, failure: &Failure) -> Option<Duration> {
        if self.tried >= self.patience.tries {
            return None;
        }
        match failure.next {
            Next::Retry => Some(jittered(
                self.patience.first_pause * 2u32.pow(self.tried - 1),
            )),
            // The pacer keeps the whole wait.
            Next::Wait(wait) => (wait <= self.patience.longest_wait).then_some(Duration::ZERO),
            Next::Stop => None,
        }
    }
}

/// Half of it for certain and half by chance, so that many do not come again at once.
fn jittered(pause: Duration) -> Duration {
    pause.mul_f64(0.5 + rand::random::<f64>() / 2.0)
}

impl Policy<Request, Response, Failure> for Again {
    type Future = Sleep;

    fn retry(
        &mut self,
        _request: &mut Request,
        result: &mut Result<Response, Failure>,
    ) -> Option<Sleep> {
        let failure = result.as_ref().err()?;
        self.tried += 1;
        self.pause(failure).map(sleep)
    }

    fn clone_request(&mut self, request: &Request) -> Option<Request> {
        Some(request.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_end_with_the_last_try() {
        let failure = Failure::broken_off("down");
        let patience = Patience::default();
        let pause = |tried| Again { patience, tried }.pause(&failure);
        for (tried, longest) in [(1, 1), (2, 2), (3, 4)] {
            let longest = Duration::from_secs(longest);
            let pause = pause(tried).unwrap();
            assert!(pause <= longest && pause >= longest / 2, "{pause:?}");
        }
        assert_eq!(pause(4), None);
    }

    #[test]
    fn what_somebody_has_to_mend_is_not_tried_again() {
        let again = Again {
            patience: Patience::default(),
            tried: 1,
        };
        assert_eq!(again.pause(&Failure::ours("revoked")), None);
        let long = Failure::waits(Duration::from_secs(1_800), "limit");
        assert_eq!(again.pause(&long), None);
    }
}

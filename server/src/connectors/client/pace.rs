//! Keeps within what a system allows: so many points a minute, evenly spread, and nothing at all while a
//! limit that it tells of is used up.

use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep_until};
use tower::{Layer, Service};

use super::rates::{self, Left};
use super::{Failure, Patience, Request, Response};
use crate::connectors::failure::Next;

/// How much of an allowance is used: other programs may share it, and clocks differ.
const USED_PERCENT: u32 = 95;

/// What a system allows of one kind of request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// As the system calls it.
    pub name: &'static str,
    pub points_a_minute: u32,
}

/// The allowances of one sign-in, and how far they are used.
#[derive(Debug)]
pub struct Pacer {
    /// Which allowance a request counts towards.
    of: fn(&Request) -> usize,
    lanes: Vec<Lane>,
    patience: Patience,
}

#[derive(Debug)]
struct Lane {
    allowance: Allowance,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    /// When the next request may leave, as they are spread.
    free_at: Instant,
    /// Until when the system wants none.
    held_until: Instant,
    left: Option<Left>,
}

impl Pacer {
    /// Over these allowances, which `of` chooses from by place.
    pub fn new(allowances: &[Allowance], of: fn(&Request) -> usize, patience: Patience) -> Pacer {
        let lane = |allowance: &Allowance| Lane {
            allowance: *allowance,
            state: Mutex::new(State {
                free_at: Instant::now(),
                held_until: Instant::now(),
                left: None,
            }),
        };
        Pacer {
            of,
            lanes: allowances.iter().map(lane).collect(),
            patience,
        }
    }

    /// What is left of each allowance, as far as the system told.
    pub fn left(&self) -> Vec<(&'static str, Left)> {
        let told = self.lanes.iter().filter_map(|lane| {
            let left = lane.lock().left?;
            Some((lane.allowance.name, left))
        });
        told.collect()
    }

    /// When a request may leave; its place in the row is taken.
    fn turn(&self, lane: usize) -> Result<Instant, Failure> {
        let Some(lane) = self.lanes.get(lane) else {
            return Ok(Instant::now());
        };
        let now = Instant::now();
        let mut state = lane.lock();
        let wait = state.held_until.saturating_duration_since(now);
        // Longer nobody waits here: it is told when to come again.
        if wait > self.patience.longest_wait {
            return Err(Failure::waits(
                wait,
                "its rate limit is used up; reading goes on when it begins anew",
            ));
        }
        let turn = state.free_at.max(state.held_until).max(now);
        if self.patience.spreads {
            state.free_at = turn + lane.gap();
        }
        Ok(turn)
    }

    fn told(&self, lane: usize, answer: &Result<Response, Failure>) {
        let Some(lane) = self.lanes.get(lane) else {
            return;
        };
        let mut state = lane.lock();
        let now = Instant::now();
        match answer {
            Ok(response) => {
                state.left = rates::left(response.headers()).or(state.left);
                let used_up = state.left.filter(|left| left.remaining == 0);
                if let Some(left) = used_up {
                    state.held_until = state.held_until.max(now + left.resets_in);
                }
            }
            Err(failure) => {
                if let Next::Wait(wait) = failure.next {
                    state.held_until = state.held_until.max(now + wait);
                }
            }
        }
    }
}

impl Lane {
    fn gap(&self) -> Duration {
        let points = self.allowance.points_a_minute * USED_PERCENT / 100;
        Duration::from_secs(60) / points.max(1)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone)]
pub(super) struct PaceLayer {
    pacer: Arc<Pacer>,
}

impl PaceLayer {
    pub(super) fn new(pacer: Arc<Pacer>) -> PaceLayer {
        PaceLayer { pacer }
    }
}

impl<S> Layer<S> for PaceLayer {
    type Service = Paced<S>;

    fn layer(&self, inner: S) -> Paced<S> {
        Paced {
            pacer: self.pacer.clone(),
            inner,
        }
    }
}

#[derive(Clone)]
pub(super) struct Paced<S> {
    pacer: Arc<Pacer>,
    inner: S,
}

impl<S> Service<Request> for Paced<S>
where
    S: Service<Request, Response = Response, Error = Failure> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = Failure;
    type Future = BoxFuture<'static, Result<Response, Failure>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let pacer = self.pacer.clone();
        let next = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, next);
        Box::pin(async move {
            let lane = (pacer.of)(&request);
            sleep_until(pacer.turn(lane)?).await;
            let answer = inner.call(request).await;
            pacer.told(lane, &answer);
            answer
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIXTY: Allowance = Allowance {
        name: "core",
        points_a_minute: 60,
    };

    fn pacer() -> Pacer {
        Pacer::new(&[SIXTY], |_| 0, Patience::default())
    }

    #[tokio::test(start_paused = true)]
    async fn requests_are_spread_over_the_minute() {
        let pacer = pacer();
        let first = pacer.turn(0).unwrap();
        let turns: Vec<_> = (0..57).map(|_| pacer.turn(0).unwrap() - first).collect();
        assert!(turns[0] > Duration::from_secs(1), "{:?}", turns[0]);
        let minute = turns[56];
        assert!(
            minute <= Duration::from_secs(61) && minute >= Duration::from_secs(59),
            "{minute:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn nothing_leaves_while_a_limit_is_used_up_and_a_long_wait_is_told() {
        let pacer = pacer();
        let refused = Failure::waits(Duration::from_secs(30), "limit");
        pacer.told(0, &Err(refused));
        assert!(pacer.turn(0).unwrap() - Instant::now() >= Duration::from_secs(30));
        pacer.told(0, &Err(Failure::waits(Duration::from_secs(3_600), "limit")));
        let told = pacer.turn(0).unwrap_err();
        assert_eq!(told.next, Next::Wait(Duration::from_secs(3_600)));
    }
}

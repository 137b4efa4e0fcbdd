//! GitHub's limits: so many requests an hour, and so many points a minute.

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::Response;

use super::said;

/// How much may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub an_hour: u64,
    pub rest_points_a_minute: usize,
    pub graphql_points_a_minute: usize,
}

impl Limits {
    /// Those of a personal token.
    pub const GITHUB: Limits = Limits {
        an_hour: 5_000,
        rest_points_a_minute: 900,
        graphql_points_a_minute: 2_000,
    };
}

/// What was used of the limits.
#[derive(Debug, Default)]
pub(super) struct Used {
    of_hour: u64,
    minutes: [VecDeque<Instant>; 2],
}

const MINUTE: Duration = Duration::from_secs(60);

impl Used {
    /// Spends a point; answers the refusal where there was none left.
    pub(super) fn spend(&mut self, limits: Limits, is_graphql: bool) -> Option<Response> {
        let most = match is_graphql {
            true => limits.graphql_points_a_minute,
            false => limits.rest_points_a_minute,
        };
        let minute = &mut self.minutes[usize::from(is_graphql)];
        while minute.front().is_some_and(|at| at.elapsed() > MINUTE) {
            minute.pop_front();
        }
        if minute.len() >= most {
            let mut refusal = said(
                StatusCode::FORBIDDEN,
                "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
            );
            refusal
                .headers_mut()
                .insert("retry-after", HeaderValue::from_static("60"));
            return Some(refusal);
        }
        minute.push_back(Instant::now());
        self.of_hour += 1;
        let is_over = self.of_hour > limits.an_hour;
        is_over.then(|| said(StatusCode::FORBIDDEN, "API rate limit exceeded for user."))
    }

    /// Tells in the headers what is left.
    pub(super) fn told(&self, limits: Limits, is_graphql: bool, headers: &mut HeaderMap) {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs();
        let left = limits.an_hour.saturating_sub(self.of_hour);
        let resource = if is_graphql { "graphql" } else { "core" };
        for (name, value) in [
            ("x-ratelimit-limit", limits.an_hour.to_string()),
            ("x-ratelimit-remaining", left.to_string()),
            ("x-ratelimit-used", self.of_hour.to_string()),
            ("x-ratelimit-reset", (now + 3_600).to_string()),
            ("x-ratelimit-resource", resource.to_owned()),
        ] {
            headers.insert(name, HeaderValue::from_str(&value).unwrap());
        }
    }
}

//! What a system's answers say of its limits, in the headers that most of them use.

use std::time::Duration;

use chrono::DateTime;
use http::{HeaderMap, StatusCode, header};

/// How long nobody asks again where a limit is reached and no end of it is told.
pub const UNTOLD: Duration = Duration::from_secs(60);
/// A longer wait is no limit's, whatever an answer tells.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);
/// Ends of limits are told in whole seconds.
const SLACK: Duration = Duration::from_secs(1);

/// How much of a limit is left, and when it begins anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    pub limit: u64,
    pub remaining: u64,
    pub resets_in: Duration,
}

/// What an answer says is left of the limit that it counts towards.
pub fn left(headers: &HeaderMap) -> Option<Left> {
    Some(Left {
        limit: number(headers, "x-ratelimit-limit")?,
        remaining: number(headers, "x-ratelimit-remaining")?,
        resets_in: resets_in(headers)?,
    })
}

/// How long to wait where an answer means that a limit is reached; none where it means something else.
pub fn wait(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Option<Duration> {
    if !matches!(status.as_u16(), 403 | 429 | 503) {
        return None;
    }
    if let Some(told) = retry_after(headers) {
        return Some(told);
    }
    if number(headers, "x-ratelimit-remaining") == Some(0) {
        return Some(resets_in(headers).unwrap_or(UNTOLD));
    }
    (status == StatusCode::TOO_MANY_REQUESTS || speaks_of_limits(body)).then_some(UNTOLD)
}

/// Some limits are told in the text alone.
fn speaks_of_limits(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    text.contains("rate limit") || text.contains("abuse detection")
}

/// `Retry-After`, in seconds or as a date held against the answer's own.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let told = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    match told.trim().parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds).min(LONGEST)),
        Err(_) => {
            let until = DateTime::parse_from_rfc2822(told).ok()?.timestamp();
            Some(between(answered_at(headers)?, until))
        }
    }
}

/// The end of the limit is an instant of their clock, and so it is held against their clock: ours may be
/// wrong.
fn resets_in(headers: &HeaderMap) -> Option<Duration> {
    let at = i64::try_from(number(headers, "x-ratelimit-reset")?).ok()?;
    Some(between(answered_at(headers)?, at) + SLACK)
}

fn between(from: i64, to: i64) -> Duration {
    Duration::from_secs(u64::try_from(to.saturating_sub(from)).unwrap_or(0)).min(LONGEST)
}

fn answered_at(headers: &HeaderMap) -> Option<i64> {
    let date = headers.get(header::DATE)?.to_str().ok()?;
    Some(DateTime::parse_from_rfc2822(date).ok()?.timestamp())
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(told: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in told {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        headers
    }

    const DATE: (&str, &str) = ("date", "Fri, 27 Nov 2026 06:00:00 GMT");

    #[test]
    fn a_wait_is_what_the_answer_tells_else_until_the_limit_begins_anew_else_a_minute() {
        let told = headers(&[("retry-after", "7"), ("x-ratelimit-remaining", "0")]);
        assert_eq!(
            wait(StatusCode::FORBIDDEN, &told, b""),
            Some(Duration::from_secs(7))
        );
        // 1795759230 is 06:00:30 of that day.
        let reset = headers(&[
            DATE,
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "1795759230"),
        ]);
        assert_eq!(
            wait(StatusCode::FORBIDDEN, &reset, b""),
            Some(Duration::from_secs(31))
        );
        let silent = HeaderMap::new();
        assert_eq!(
            wait(StatusCode::TOO_MANY_REQUESTS, &silent, b""),
            Some(UNTOLD)
        );
        assert_eq!(wait(StatusCode::FORBIDDEN, &silent, b""), None);
        let told = b"You have exceeded a secondary rate limit.";
        assert_eq!(wait(StatusCode::FORBIDDEN, &silent, told), Some(UNTOLD));
    }

    #[test]
    fn a_date_to_wait_for_is_held_against_their_clock() {
        let until = headers(&[DATE, ("retry-after", "Fri, 27 Nov 2026 06:00:12 GMT")]);
        assert_eq!(
            wait(StatusCode::SERVICE_UNAVAILABLE, &until, b""),
            Some(Duration::from_secs(12))
        );
        let past = headers(&[DATE, ("retry-after", "Fri, 27 Nov 2026 05:59:00 GMT")]);
        assert_eq!(
            wait(StatusCode::SERVICE_UNAVAILABLE, &past, b""),
            Some(Duration::ZERO)
        );
    }
}

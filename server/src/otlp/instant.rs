//! Instants as senders give them: nanoseconds since 1970, of which milliseconds are kept.

use super::limits::{EARLIEST_MS, MAX_AHEAD_MS};

const NANOS: u64 = 1_000_000;

/// An instant in milliseconds, or why it is not believed.
pub(super) fn read(nanos: u64, received_at: i64) -> Result<i64, String> {
    if nanos == 0 {
        return Err("is not given".to_owned());
    }
    let ms = i64::try_from(nanos / NANOS).unwrap_or(i64::MAX);
    let latest = received_at.saturating_add(MAX_AHEAD_MS);
    if ms < EARLIEST_MS {
        let cause = match unit(nanos, latest) {
            Some(unit) => format!("nanoseconds expected; looks like {unit}"),
            None => "the sender's clock is wrong".to_owned(),
        };
        return Err(format!("lies before 2015 ({cause})"));
    }
    if ms > latest {
        return Err("lies more than a day in the future (the sender's clock is ahead)".to_owned());
    }
    Ok(ms)
}

/// The unit in which a number would be an instant that is believed.
fn unit(number: u64, latest: i64) -> Option<&'static str> {
    let is_believed = |scale: u64, per: u64| {
        let ms = number.checked_mul(scale).map(|own| own / per);
        ms.and_then(|ms| i64::try_from(ms).ok())
            .is_some_and(|ms| (EARLIEST_MS..=latest).contains(&ms))
    };
    if is_believed(1, 1_000) {
        Some("microseconds")
    } else if is_believed(1, 1) {
        Some("milliseconds")
    } else if is_believed(1_000, 1) {
        Some("seconds")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_764_000_000_000;

    #[test]
    fn nanoseconds_become_milliseconds() {
        assert_eq!(read(1_764_000_000_123_999_999, NOW), Ok(1_764_000_000_123));
        assert_eq!(read(1_764_086_400_000_000_000, NOW), Ok(1_764_086_400_000));
    }

    #[test]
    fn another_unit_is_named_as_the_likely_cause() {
        let cause = |number| read(number, NOW).unwrap_err();
        assert!(cause(1_764_000_000_000).contains("looks like milliseconds"));
        assert!(cause(1_764_000_000_000_000).contains("looks like microseconds"));
        assert!(cause(1_764_000_000).contains("looks like seconds"));
        assert!(cause(1_000_000_000_000_000_000).contains("clock is wrong"));
        assert!(cause(1_764_086_400_001_000_000).contains("in the future"));
        assert!(cause(u64::MAX).contains("in the future"));
        assert!(cause(0).contains("not given"));
    }
}

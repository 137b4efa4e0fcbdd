//! Instants as records carry them: RFC 3339 with an offset, kept as milliseconds.

use std::fmt;

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, de::Error};

/// Milliseconds since 1970, UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Instant(pub i64);

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = DateTime::<Utc>::from_timestamp_millis(self.0).unwrap_or_default();
        f.write_str(&at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        let text = String::deserialize(deserializer)?;
        let instant = DateTime::parse_from_rfc3339(&text)
            .map_err(|_| {
                D::Error::custom(format!(
                    "{text:?} is not an RFC 3339 instant such as 2026-11-16T09:30:00Z"
                ))
            })?
            .to_utc();
        if !(1970..=2200).contains(&instant.year()) {
            return Err(D::Error::custom(format!(
                "{text:?} lies outside the years 1970 to 2200"
            )));
        }
        Ok(Instant(instant.timestamp_millis()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_taken_into_account() {
        let instant: Instant = serde_json::from_str("\"1970-01-01T01:00:01.5+01:00\"").unwrap();
        assert_eq!(instant, Instant(1_500));
        assert_eq!(instant.to_string(), "1970-01-01T00:00:01.500Z");
    }

    #[test]
    fn a_date_without_time_or_offset_is_refused() {
        for text in [
            "\"2026-11-16\"",
            "\"2026-11-16T09:30:00\"",
            "\"9999-01-01T00:00:00Z\"",
            "5",
        ] {
            assert!(serde_json::from_str::<Instant>(text).is_err(), "{text}");
        }
    }
}

//! How many sign-ins may fail before the next must wait.
//!
//! Counted in the database, so that it holds over any number of servers. An attempt is counted
//! before it is checked and taken back when it was right: trying many at once gains nothing.

use std::net::IpAddr;

use crate::store::Tx;
use crate::store::accounts::attempts::{self, Failures};

/// Failures that one e-mail address is allowed in a window.
pub const FAILURES_OF_EMAIL: i64 = 5;
/// Failures that one client is allowed in a window: an office may share one address.
pub const FAILURES_OF_ADDRESS: i64 = 30;
/// How long a window lasts, from its first failure.
pub const WINDOW_MS: i64 = 15 * 60 * 1000;

/// Whose failures are counted together, and how many are allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    pub name: String,
    pub allowed: i64,
}

/// The key of an e-mail address.
pub fn email_key(email: &str) -> Key {
    Key {
        name: format!("email:{email}"),
        allowed: FAILURES_OF_EMAIL,
    }
}

/// The key of a client: its IPv4 address, or the /64 network of its IPv6 address, since one
/// client commonly has all of that.
pub fn address_key(address: IpAddr) -> Key {
    let name = match address.to_canonical() {
        IpAddr::V4(v4) => format!("address:{v4}"),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("address:{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    };
    Key {
        name,
        allowed: FAILURES_OF_ADDRESS,
    }
}

/// Minutes until the next try, when there have been too many.
///
/// ```
/// use server::auth::limit::wait_minutes;
/// use server::store::accounts::attempts::Failures;
/// let five = Failures { window_start: 0, failures: 5 };
/// let six = Failures { window_start: 0, failures: 6 };
/// assert_eq!(wait_minutes(five, 5, 60_000), None);
/// assert_eq!(wait_minutes(six, 5, 60_001), Some(14));
/// ```
pub fn wait_minutes(counted: Failures, allowed: i64, now: i64) -> Option<u32> {
    let left_ms = counted.window_start + WINDOW_MS - now;
    if counted.failures <= allowed || left_ms <= 0 {
        return None;
    }
    u32::try_from((left_ms + 59_999) / 60_000).ok()
}

/// Counts an attempt under each key; minutes to wait when one of them has had too many.
pub async fn count(tx: &mut Tx, keys: &[Key], now: i64) -> crate::store::Result<Option<u32>> {
    let mut wait = None;
    for key in keys {
        let counted = attempts::count(tx, &key.name, now, now - WINDOW_MS).await?;
        wait = wait.max(wait_minutes(counted, key.allowed, now));
    }
    Ok(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(failures: i64) -> Failures {
        Failures {
            window_start: 1_000,
            failures,
        }
    }

    #[test]
    fn the_sixth_attempt_in_a_window_waits_for_its_end() {
        assert_eq!(wait_minutes(counted(5), 5, 1_000), None);
        assert_eq!(wait_minutes(counted(6), 5, 1_000), Some(15));
        assert_eq!(wait_minutes(counted(6), 5, 1_000 + WINDOW_MS - 1), Some(1));
        assert_eq!(wait_minutes(counted(6), 5, 1_000 + WINDOW_MS), None);
    }

    #[test]
    fn neighbours_in_one_ipv6_network_share_a_key_and_a_mapped_ipv4_is_itself() {
        let key = |text: &str| text.parse().map(address_key);
        assert_eq!(key("2001:db8:1:2::7"), key("2001:db8:1:2:ffff::9"));
        assert_ne!(key("2001:db8:1:2::7"), key("2001:db8:1:3::7"));
        assert_eq!(key("::ffff:192.0.2.1"), key("192.0.2.1"));
    }
}

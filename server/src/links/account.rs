//! How records name an account: by its login, by an address, or by the address at GitHub that
//! stands in for a hidden one.

const STAND_IN: &str = "@users.noreply.github.com";

/// An account as it is named, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Account<'a> {
    /// As it is named.
    pub whole: &'a str,
    /// The login, where an address tells it; else the whole.
    pub login: &'a str,
    /// GitHub's number, where an address tells it.
    pub id: Option<u64>,
}

impl Account<'_> {
    pub(super) fn read(text: &str) -> Account<'_> {
        let whole = text.trim();
        let hidden = stood_for(whole);
        let (id, login) = match hidden.and_then(|hidden| hidden.split_once('+')) {
            Some((id, login)) => (id.parse().ok(), login),
            None => (None, hidden.unwrap_or(whole)),
        };
        Account { whole, login, id }
    }
}

/// What precedes GitHub's stand-in for an address.
fn stood_for(address: &str) -> Option<&str> {
    let at = address.len().checked_sub(STAND_IN.len())?;
    let (hidden, end) = address.split_at_checked(at)?;
    end.eq_ignore_ascii_case(STAND_IN).then_some(hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_tells_login_and_number_and_other_addresses_neither() {
        for (text, login, id) in [
            ("7+Ana@users.noreply.github.com", "Ana", Some(7)),
            ("ana@Users.NoReply.GitHub.com", "ana", None),
            ("x+ana@users.noreply.github.com", "ana", None),
            (" ana ", "ana", None),
            ("7+ana@example.com", "7+ana@example.com", None),
            ("größe", "größe", None),
        ] {
            let account = Account::read(text);
            assert_eq!((account.login, account.id), (login, id), "{text}");
        }
    }
}

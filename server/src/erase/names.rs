//! The accounts and addresses of one person, and what stands for each once they are erased.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;

use regex::{Regex, RegexBuilder};

/// GitHub's address in place of a hidden one.
const STAND_IN: &str = r"@users\.noreply\.github\.com";

/// What names a person, in any case of its letters.
pub struct Names {
    /// In lower case.
    all: Vec<String>,
    /// Their addresses and mentions, in the middle of a text.
    mention: Regex,
    /// By the name as it is spelled.
    pseudonyms: RefCell<HashMap<String, String>>,
    draw: fn() -> String,
}

impl Names {
    /// `draw` makes a pseudonym that nobody can guess.
    pub fn of(names: &[String], draw: fn() -> String) -> Result<Names, regex::Error> {
        let all: Vec<String> = names
            .iter()
            .map(|name| name.trim().trim_start_matches('@').to_ascii_lowercase())
            .filter(|name| !name.is_empty())
            .collect();
        let mentions = all.iter().map(|name| {
            let name_itself = regex::escape(name);
            match name.contains('@') {
                true => name_itself,
                false => format!(r"(?:\d+\+)?{name_itself}{STAND_IN}|@{name_itself}"),
            }
        });
        let mentions = mentions.collect::<Vec<_>>().join("|");
        Ok(Names {
            mention: RegexBuilder::new(&mentions)
                .case_insensitive(true)
                .build()?,
            all,
            pseudonyms: RefCell::default(),
            draw,
        })
    }

    /// Each, in lower case.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(String::as_str)
    }

    /// Whether a text holds one of them at all, so that it is worth a closer look.
    pub fn may_be_in(&self, text: &str) -> bool {
        let text = text.to_ascii_lowercase();
        self.all.iter().any(|name| text.contains(name))
    }

    /// What stands in place of a text that is an account, or holds one.
    pub fn account<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self
            .all
            .iter()
            .any(|name| text.trim().eq_ignore_ascii_case(name))
        {
            true => Cow::Owned(self.pseudonym(text.trim())),
            false => self.text(text),
        }
    }

    /// What stands in place of a text in which they are mentioned, by address or as `@login`. The
    /// name before an address in angle brackets goes with it.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut clean = String::new();
        let mut done = 0;
        for found in self.mention.find_iter(text) {
            let (before, after) = (&text[done..found.start()], &text[found.end()..]);
            if continues(&text[..found.start()], after) {
                continue;
            }
            let mention = found.as_str();
            let pseudonym = self.pseudonym(mention.trim_start_matches('@'));
            match named_before(before).filter(|_| after.starts_with('>')) {
                Some(at) => clean.push_str(&format!("{}{pseudonym} <", &before[..at])),
                None => clean.push_str(before),
            }
            clean.extend(mention.starts_with('@').then_some('@'));
            clean.push_str(&pseudonym);
            done = found.end();
        }
        if done == 0 {
            return Cow::Borrowed(text);
        }
        clean.push_str(&text[done..]);
        Cow::Owned(clean)
    }

    /// What stands in place of a branch, whose first part may be an account.
    pub fn branch<'t>(&self, branch: &'t str) -> Cow<'t, str> {
        match branch.split_once('/') {
            Some((first, rest)) => match self.account(first) {
                Cow::Owned(first) => Cow::Owned(format!("{first}/{rest}")),
                Cow::Borrowed(_) => self.text(branch),
            },
            None => self.text(branch),
        }
    }

    fn pseudonym(&self, spelled: &str) -> String {
        let mut pseudonyms = self.pseudonyms.borrow_mut();
        let pseudonym = pseudonyms.entry(spelled.to_owned());
        pseudonym.or_insert_with(self.draw).clone()
    }
}

/// Whether a found name is only a part of another.
fn continues(before: &str, after: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "_%+-".contains(c);
    let mut after = after.chars();
    let (next, second) = (after.next(), after.next());
    before.ends_with(|c| is_part(c) || c == '.')
        || next.is_some_and(is_part)
        || (next == Some('.') && second.is_some_and(char::is_alphanumeric))
}

/// Where the name begins that stands before an angle bracket at the end.
fn named_before(before: &str) -> Option<usize> {
    let named = before.strip_suffix('<')?;
    let begins = named.rfind([':', ',', ';', '"', '\'', '(', '>', '\n']);
    let begins = begins.map_or(0, |at| at + 1);
    let name = &named[begins..];
    (!name.trim().is_empty()).then(|| begins + name.len() - name.trim_start().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ana() -> Names {
        let names = ["ana@example.org", "Ana"].map(str::to_owned);
        Names::of(&names, || "erased".to_owned()).unwrap()
    }

    #[test]
    fn an_account_is_replaced_whole_and_never_within_another() {
        for (account, clean) in [
            ("ana", "erased"),
            ("ANA", "erased"),
            ("ana@example.org", "erased"),
            ("7+ana@users.noreply.github.com", "erased"),
            ("diana", "diana"),
            ("di.ana@example.org", "di.ana@example.org"),
            ("ana@example.org.uk", "ana@example.org.uk"),
            (
                "7+diana@users.noreply.github.com",
                "7+diana@users.noreply.github.com",
            ),
        ] {
            assert_eq!(ana().account(account), clean, "{account}");
        }
    }

    #[test]
    fn a_text_loses_addresses_with_the_names_before_them_and_mentions() {
        for (text, clean) in [
            (
                "Co-authored-by: Ana Lo <Ana@example.org>",
                "Co-authored-by: erased <erased>",
            ),
            (
                "Co-authored-by: Ben <ben@host>",
                "Co-authored-by: Ben <ben@host>",
            ),
            ("thanks @ana, and @anabel.", "thanks @erased, and @anabel."),
            (
                "put right by ana@example.org: as Ana says",
                "put right by erased: as Ana says",
            ),
            ("ana@example.org.", "erased."),
            (
                "x <ana@example.org>, y <ana@example.org>",
                "erased <erased>, erased <erased>",
            ),
        ] {
            assert_eq!(ana().text(text), clean);
        }
    }

    #[test]
    fn a_branch_loses_the_account_that_it_begins_with() {
        assert_eq!(ana().branch("ana/fix"), "erased/fix");
        assert_eq!(ana().branch("fix/ana"), "fix/ana");
    }
}

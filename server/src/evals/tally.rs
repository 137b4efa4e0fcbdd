//! Counting cases: each has passed, or fails once under one category.

use std::collections::BTreeMap;

use super::{MAX_CASES, SuiteRun, Unreadable};

/// Beyond this many categories a failing case is counted without one.
const MAX_CATEGORIES: usize = 1_000;

/// The longest name that is kept, in bytes.
const MAX_NAME: usize = 512;

const UNCATEGORISED: &str = "uncategorised";

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Passed,
    Failed,
    Missing,
    Skipped,
    Errored,
}

impl Outcome {
    pub fn of(passed: Option<bool>) -> Outcome {
        match passed {
            Some(true) => Outcome::Passed,
            Some(false) => Outcome::Failed,
            None => Outcome::Missing,
        }
    }

    /// The category of a failing case that has none of its own.
    fn category(self) -> &'static str {
        match self {
            Outcome::Passed | Outcome::Failed => UNCATEGORISED,
            Outcome::Missing => "missing",
            Outcome::Skipped => "skipped",
            Outcome::Errored => "error",
        }
    }
}

/// The cases of a run, as far as they have been counted.
#[derive(Debug, Default)]
pub struct Tally {
    cases: u64,
    passed: u64,
    failed: BTreeMap<String, u64>,
}

impl Tally {
    /// One case more.
    pub fn add(&mut self, outcome: Outcome, category: Option<&str>) -> Result<(), Unreadable> {
        self.add_all(1, outcome, category)
    }

    /// So many cases more, all with the same outcome.
    pub fn add_all(
        &mut self,
        cases: u64,
        outcome: Outcome,
        category: Option<&str>,
    ) -> Result<(), Unreadable> {
        self.cases = self.cases.saturating_add(cases);
        if self.cases > MAX_CASES {
            return Err(too_many());
        }
        if outcome == Outcome::Passed {
            self.passed += cases;
        } else if cases > 0 {
            let category = category.and_then(name);
            self.fail(
                cases,
                category.unwrap_or_else(|| outcome.category().to_owned()),
            );
        }
        Ok(())
    }

    fn fail(&mut self, cases: u64, category: String) {
        let is_kept = self.failed.len() < MAX_CATEGORIES || self.failed.contains_key(&category);
        let category = if is_kept {
            category
        } else {
            UNCATEGORISED.to_owned()
        };
        *self.failed.entry(category).or_default() += cases;
    }

    /// The cases that there should be: those that aren't there are missing.
    pub fn expect(&mut self, cases: u64, category: Option<&str>) -> Result<(), Unreadable> {
        let missing = cases.saturating_sub(self.cases);
        self.add_all(missing, Outcome::Missing, category)
    }

    /// The cases of another tally as well.
    pub fn join(&mut self, other: Tally) -> Result<(), Unreadable> {
        self.add_all(other.passed, Outcome::Passed, None)?;
        for (category, cases) in other.failed {
            self.add_all(cases, Outcome::Failed, Some(&category))?;
        }
        Ok(())
    }

    pub fn cases(&self) -> u64 {
        self.cases
    }

    /// A run of which nothing but the cases is known.
    pub fn into_run(self) -> SuiteRun {
        SuiteRun {
            cases: self.cases,
            passed: self.passed,
            failed: self.failed,
            ..SuiteRun::default()
        }
    }
}

pub fn too_many() -> Unreadable {
    Unreadable::new("it tells of more than 1,000,000 cases")
}

/// A name on one line, cut at 512 bytes; nothing when it is empty.
pub fn name(text: &str) -> Option<String> {
    let text = text.trim();
    let text = &text[..text.floor_char_boundary(MAX_NAME)];
    let on_one_line = |c: char| {
        if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
            ' '
        } else {
            c
        }
    };
    (!text.is_empty()).then(|| text.chars().map(on_one_line).collect())
}

#[cfg(test)]
mod tests {
    use super::super::tests::failed;
    use super::*;

    #[test]
    fn a_failing_case_counts_under_its_category_else_under_how_it_failed() {
        let mut tally = Tally::default();
        tally.add(Outcome::Passed, Some("tone")).unwrap();
        tally.add(Outcome::Failed, Some("tone")).unwrap();
        tally.add(Outcome::Errored, Some("tone")).unwrap();
        tally.add(Outcome::Failed, None).unwrap();
        tally.add(Outcome::Skipped, Some(" ")).unwrap();
        tally.add(Outcome::Errored, None).unwrap();
        tally.expect(8, None).unwrap();
        let run = tally.into_run();
        assert_eq!((run.cases, run.passed), (8, 1));
        assert_eq!(
            failed(&run),
            [
                ("error", 1),
                ("missing", 2),
                ("skipped", 1),
                ("tone", 2),
                ("uncategorised", 1)
            ]
        );
    }

    #[test]
    fn more_cases_than_a_million_are_refused_and_more_categories_than_a_thousand_are_pooled() {
        let mut tally = Tally::default();
        assert_eq!(tally.expect(u64::MAX, None), Err(too_many()));
        let mut tally = Tally::default();
        for category in 0..1_010 {
            tally
                .add(Outcome::Failed, Some(&category.to_string()))
                .unwrap();
        }
        assert_eq!(tally.failed[UNCATEGORISED], 10);
    }

    #[test]
    fn a_name_is_kept_on_one_line_and_cut_between_characters() {
        assert_eq!(name(" a\nb\u{2028}c "), Some("a b c".to_owned()));
        assert_eq!(name(" \t"), None);
        assert_eq!(name(&"é".repeat(300)).map(|name| name.len()), Some(512));
        assert_eq!(
            name(&format!("x{}", "é".repeat(300))).map(|name| name.len()),
            Some(511)
        );
    }
}

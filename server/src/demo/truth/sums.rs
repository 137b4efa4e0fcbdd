//! What only the whole tells: the latest run of each suite in a week, and how many artifacts have
//! what is asked of them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::agents::{Item, Landed, Suite};
use super::facts::Fact;
use super::monday_of;

/// The latest runs so far, by suite and week.
#[derive(Default)]
pub(super) struct Suites(BTreeMap<((String, &'static str), NaiveDate), Suite>);

impl Suites {
    /// Of runs that finish together the one with the greater id is the later.
    pub fn add(&mut self, fact: &Fact) {
        let Fact::Suite(suite) = fact else {
            return;
        };
        let key = (suite.suite.clone(), monday_of(suite.at));
        let latest = self.0.entry(key).or_insert_with(|| suite.clone());
        if (suite.at, &suite.id) > (latest.at, &latest.id) {
            *latest = suite.clone();
        }
    }

    pub fn latest(self) -> impl Iterator<Item = (Suite, NaiveDate)> {
        self.0
            .into_iter()
            .map(|((_, monday), suite)| (suite, monday))
    }
}

/// By scope: how many artifacts have an item, and of how many it was asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Items(BTreeMap<String, OfScope>);

type OfScope = BTreeMap<(Item, &'static str, NaiveDate), (u64, u64)>;

impl Items {
    pub fn add(&mut self, landed: &Landed, monday: NaiveDate) {
        for scope in &landed.scopes {
            let of_scope = self.0.entry(scope.clone()).or_default();
            for (item, is_met) in &landed.items {
                for segment in ["all", landed.segment] {
                    let (met, asked) = of_scope.entry((*item, segment, monday)).or_default();
                    *met += u64::from(*is_met);
                    *asked += 1;
                }
            }
        }
    }

    pub fn of(&self, item: Item, (scope, segment): (&str, &str), monday: NaiveDate) -> (u64, u64) {
        let of_scope = self.0.get(scope).into_iter().flatten();
        let mut own = of_scope
            .filter(|((one, own, week), _)| *one == item && *own == segment && *week == monday);
        own.next().map_or((0, 0), |(_, counted)| *counted)
    }
}

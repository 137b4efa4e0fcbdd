//! The table of metrics: what each is called, counted in, made of, and when it settles.
//!
//! Its order is the fixed order of every page and never changes with the data. A metric's numbers
//! come from the file of its name beside this one.

use super::definition::{self, Definition};
use super::merged::{Contribution, Merged};
use super::{
    HOLLOW_BELOW, change_size, changes_merged, merged_without_review, pr_cycle_time, review_wait,
};

/// Every metric there is, in the order of the review's table.
pub const CATALOGUE: &[Metric] = &[
    Metric {
        id: "changes_merged",
        name: "Changes merged",
        group: Group::Work,
        better: Better::Neutral,
        unit: Unit::Count,
        kind: Kind::Count,
        of_change: changes_merged::of_change,
        records_noun: "changes",
        nothing: "no merged change",
        settles_after_days: 0,
        version: 1,
        definition: definition::changes_merged::DEFINITION,
    },
    Metric {
        id: "change_size",
        name: "Change size",
        group: Group::Work,
        better: Better::Neutral,
        unit: Unit::Count,
        kind: Kind::Median,
        of_change: change_size::of_change,
        records_noun: "changes",
        nothing: "no merged change whose size is known",
        settles_after_days: 0,
        version: 1,
        definition: definition::change_size::DEFINITION,
    },
    Metric {
        id: "review_wait",
        name: "Review wait",
        group: Group::Work,
        better: Better::Down,
        unit: Unit::Seconds,
        kind: Kind::Median,
        of_change: review_wait::of_change,
        records_noun: "changes",
        nothing: "no merged change that was reviewed",
        settles_after_days: 0,
        version: 1,
        definition: definition::review_wait::DEFINITION,
    },
    Metric {
        id: "merged_without_review",
        name: "Merged without review",
        group: Group::Work,
        better: Better::Down,
        unit: Unit::Ratio,
        kind: Kind::Ratio,
        of_change: merged_without_review::of_change,
        records_noun: "changes",
        nothing: "no merged change of a service with known reviews",
        settles_after_days: 0,
        version: 1,
        definition: definition::merged_without_review::DEFINITION,
    },
    Metric {
        id: "pr_cycle_time",
        name: "PR cycle time",
        group: Group::Speed,
        better: Better::Down,
        unit: Unit::Seconds,
        kind: Kind::Median,
        of_change: pr_cycle_time::of_change,
        records_noun: "changes",
        nothing: "no merged change whose start is known",
        settles_after_days: 0,
        version: 1,
        definition: definition::pr_cycle_time::DEFINITION,
    },
];

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// As in addresses and exports.
    pub id: &'static str,
    /// In words.
    pub name: &'static str,
    pub group: Group,
    pub better: Better,
    pub unit: Unit,
    pub kind: Kind,
    /// What a merged change contributes.
    pub of_change: fn(&Merged) -> Contribution,
    /// What the sample counts, in the plural.
    pub records_noun: &'static str,
    /// Why a week has no value, when no record has one.
    pub nothing: &'static str,
    /// How many days after its week's end a figure stops moving by design.
    pub settles_after_days: u32,
    /// Of the definition in force; the newest of its versions.
    pub version: u32,
    pub definition: Definition,
}

/// The groups of the review's table, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    Work,
    Speed,
    Quality,
    Customers,
    Money,
}

/// Which way a metric wants to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    Up,
    Down,
    Neutral,
}

/// What a value is counted in. Ratios run from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Count,
    Seconds,
    Ratio,
}

/// How records become a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Count,
    Median,
    Ratio,
}

/// The metric of this id.
///
/// ```
/// use server::metrics::catalogue::metric;
/// assert_eq!(metric("pr_cycle_time").unwrap().name, "PR cycle time");
/// assert!(metric("lines_of_code").is_none());
/// ```
pub fn metric(id: &str) -> Option<&'static Metric> {
    CATALOGUE.iter().find(|metric| metric.id == id)
}

impl Group {
    pub fn name(self) -> &'static str {
        match self {
            Self::Work => "Work",
            Self::Speed => "Speed",
            Self::Quality => "Quality",
            Self::Customers => "Customers",
            Self::Money => "Money",
        }
    }
}

impl Better {
    /// In words, as the definition page says it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Up => "higher is better",
            Self::Down => "lower is better",
            Self::Neutral => "neither side is better",
        }
    }
}

impl Unit {
    /// In words, as the definition page says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Seconds => "seconds",
            Self::Ratio => "ratio from 0 to 1",
        }
    }

    /// The largest value there can be, to which a normal range is drawn.
    pub fn ceiling(self) -> Option<f64> {
        match self {
            Self::Ratio => Some(1.0),
            Self::Count | Self::Seconds => None,
        }
    }
}

impl Kind {
    /// Whether so few records stand behind a value that it takes part in no rule. A count never does:
    /// few is what it says.
    pub fn is_hollow(self, sample: u64) -> bool {
        self != Self::Count && sample < HOLLOW_BELOW
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_its_groups_and_no_id_is_given_twice() {
        assert!(CATALOGUE.is_sorted_by_key(|row| row.group));
        for row in CATALOGUE {
            assert_eq!(metric(row.id).map(|found| found.name), Some(row.name));
        }
    }

    #[test]
    fn the_version_in_force_is_the_newest_of_the_definition() {
        for row in CATALOGUE {
            assert_eq!(
                row.definition.versions[0].version, row.version,
                "{}",
                row.id
            );
            assert!(
                row.definition
                    .versions
                    .is_sorted_by(|a, b| a.version > b.version)
            );
        }
    }

    #[test]
    fn every_definition_answers_every_question() {
        for row in CATALOGUE {
            let text = row.definition;
            let single = [
                text.answers,
                text.records,
                text.week_of,
                text.settles,
                text.source,
            ];
            let lists = [text.formula, text.leaves_out, text.statistics];
            assert!(lists.iter().all(|list| !list.is_empty()), "{}", row.id);
            for sentence in single.iter().chain(lists.into_iter().flatten()) {
                assert!(sentence.ends_with(['.', '?']), "{}: {sentence}", row.id);
            }
        }
    }

    #[test]
    fn only_a_count_is_never_hollow() {
        assert!(Kind::Median.is_hollow(4) && !Kind::Median.is_hollow(5));
        assert!(Kind::Ratio.is_hollow(4) && !Kind::Count.is_hollow(0));
    }
}

//! How much of a shift comes from within the parts of a company, and how much from work that moved
//! between them.

use std::collections::BTreeMap;

/// The values of one part in both spans, in milliseconds, in any order.
#[derive(Clone, Debug, Default)]
pub struct Part {
    pub recent: Vec<i64>,
    pub baseline: Vec<i64>,
}

/// A shift of mean log values, taken apart. The two sum to the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mix {
    /// What the shift would be, had each part kept its share of the work.
    pub within: f64,
    /// The rest: work that moved between quick and slow parts.
    pub between: f64,
}

impl Mix {
    /// The share of the whole shift that comes from work moving; none where nothing shifted or both
    /// run against each other.
    pub fn moved_ratio(self) -> Option<f64> {
        let whole = self.within + self.between;
        let same_way = whole != 0.0 && self.between.signum() == whole.signum();
        same_way.then(|| (self.between / whole).min(1.0))
    }
}

/// Takes the shift of the mean log value from baseline to recent apart by direct standardisation: each
/// part's shift is weighted with its share of the baseline's records (E. M. Kitagawa, 1955). Parts
/// without records in either span have no shift of their own, so that all of theirs is *between*.
/// Values under a second count as one. None where a span is empty.
///
/// Two parts that both stay as they are, and half of the slow one's work moves to the quick one:
///
/// ```
/// use server::metrics::mix::{Part, mix};
/// let part = |recent, baseline, ms| Part { recent: vec![ms; recent], baseline: vec![ms; baseline] };
/// let parts = [("quick", part(75, 50, 1_000)), ("slow", part(25, 50, 4_000))].into();
/// let mix = mix(&parts).unwrap();
/// assert!(mix.within.abs() < 1e-12);
/// assert_eq!(mix.moved_ratio(), Some(1.0));
/// ```
pub fn mix(parts: &BTreeMap<&str, Part>) -> Option<Mix> {
    let all = |of: fn(&Part) -> &Vec<i64>| {
        let values: Vec<i64> = parts.values().flat_map(of).copied().collect();
        mean_log(&values).map(|mean| (mean, values.len() as f64))
    };
    let (recent, _) = all(|part| &part.recent)?;
    let (baseline, records) = all(|part| &part.baseline)?;
    let own = |part: &Part| {
        let shift = mean_log(&part.recent)? - mean_log(&part.baseline)?;
        Some(shift * part.baseline.len() as f64 / records)
    };
    let within: f64 = parts.values().filter_map(own).sum();
    Some(Mix {
        within,
        between: recent - baseline - within,
    })
}

fn mean_log(values: &[i64]) -> Option<f64> {
    let logs = values.iter().map(|value| ((*value).max(1_000) as f64).ln());
    (!values.is_empty()).then(|| logs.sum::<f64>() / values.len() as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn part(recent: &[i64], baseline: &[i64]) -> Part {
        Part {
            recent: recent.to_vec(),
            baseline: baseline.to_vec(),
        }
    }

    #[test]
    fn what_every_part_does_alike_is_within() {
        let parts = BTreeMap::from([
            ("a", part(&[2_000, 2_000], &[4_000, 4_000])),
            ("b", part(&[8_000], &[16_000])),
        ]);
        let mix = mix(&parts).unwrap();
        assert!((mix.within + 2.0_f64.ln()).abs() < 1e-12);
        assert!(mix.between.abs() < 1e-12);
    }

    #[test]
    fn a_span_without_records_has_no_mix() {
        assert_eq!(mix(&BTreeMap::new()), None);
        assert_eq!(mix(&BTreeMap::from([("a", part(&[1], &[]))])), None);
    }

    proptest! {
        #[test]
        fn the_two_parts_sum_to_the_whole_and_are_finite(
            values in prop::collection::vec((0..4_usize, any::<bool>(), 0..1_000_000_000_000_i64), 2..60),
        ) {
            let names = ["a", "b", "c", "d"];
            let mut parts: BTreeMap<&str, Part> = BTreeMap::new();
            for (name, is_recent, value) in values {
                let part = parts.entry(names[name]).or_default();
                if is_recent { part.recent.push(value) } else { part.baseline.push(value) }
            }
            if let Some(mix) = mix(&parts) {
                prop_assert!(mix.within.is_finite() && mix.between.is_finite());
                prop_assert!(mix.moved_ratio().is_none_or(|share| (0.0..=1.0).contains(&share)));
            }
        }
    }
}

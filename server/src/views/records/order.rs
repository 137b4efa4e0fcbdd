//! A list in another order than that of its instants, in memory and hence alike on both engines.
//!
//! It comes by instant, then id, and what is alike stays so; what has nothing to be sorted by comes
//! last either way.

use std::cmp::Ordering;

use app::view::records::{Column, Record, Sort};
use chrono::DateTime;

/// The whole of a list in this order.
pub(super) fn sorted(records: Vec<Record>, sort: Sort) -> Vec<Record> {
    let descending = sort.descending;
    match sort.by {
        Column::At => by(records, descending, |record| {
            DateTime::parse_from_rfc3339(&record.at).ok()
        }),
        Column::Title => by(records, descending, |record| {
            record.title.as_ref().map(|title| title.to_lowercase())
        }),
        Column::Value => by(records, descending, |record| record.value),
        Column::Segment => by(records, descending, |record| Some(record.segment.clone())),
    }
}

fn by<Key: PartialOrd>(
    records: Vec<Record>,
    descending: bool,
    key: impl Fn(&Record) -> Option<Key>,
) -> Vec<Record> {
    let mut keyed: Vec<(Option<Key>, Record)> = records
        .into_iter()
        .map(|record| (key(&record), record))
        .collect();
    keyed.sort_by(|(one, _), (other, _)| match (one, other) {
        (Some(one), Some(other)) => {
            let order = one.partial_cmp(other).unwrap_or(Ordering::Equal);
            if descending { order.reverse() } else { order }
        }
        _ => other.is_some().cmp(&one.is_some()),
    });
    keyed.into_iter().map(|(_, record)| record).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::view::figure::Unit;

    fn record(id: &str, title: Option<&str>, (at, value): (&str, Option<f64>)) -> Record {
        Record {
            id: id.to_owned(),
            kind: "change".to_owned(),
            title: title.map(str::to_owned),
            url: None,
            at: format!("2026-11-17T12:00:{at}Z"),
            value,
            unit: Unit::Count,
            parts: serde_json::Map::new(),
            reason: None,
            segment: "all".to_owned(),
            evidence: Vec::new(),
            receipt_url: None,
        }
    }

    fn ids(sort: &str) -> String {
        let list = vec![
            record("a", Some("beta"), ("00", Some(2.0))),
            record("b", None, ("00.5", None)),
            record("c", Some("Alpha"), ("01", Some(10.0))),
            record("d", Some("BETA"), ("01", Some(2.0))),
        ];
        let sorted = sorted(list, Sort::named(sort).unwrap());
        sorted.into_iter().map(|record| record.id).collect()
    }

    #[test]
    fn what_is_missing_comes_last_either_way_and_what_is_alike_stays_in_order() {
        assert_eq!([ids("title"), ids("-title")], ["cadb", "adcb"]);
        assert_eq!([ids("value"), ids("-value")], ["adcb", "cadb"]);
        assert_eq!([ids("segment"), ids("-segment")], ["abcd", "abcd"]);
    }

    #[test]
    fn instants_are_compared_as_instants_and_not_as_text() {
        assert_eq!([ids("at"), ids("-at")], ["abcd", "cdba"]);
    }
}

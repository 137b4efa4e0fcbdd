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
    assert!(Kind::Ratio.is_hollow(4) && !Kind::Count.is_hollow(0) && !Kind::Events.is_hollow(0));
}

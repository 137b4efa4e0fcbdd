//! What the hop of each workflow says.

use super::*;
use crate::view::hop::Hops;

/// The text of the section alone.
fn said_of(hops: Hops) -> String {
    let mut review = samples::review();
    review.hops = Some(hops);
    let html = html(Page::Review(Box::new(review)));
    let section = between(&html, "<section class=\"hops\"", "</section>");
    main_text(&format!("<main{section}</main>"))
}

#[test]
fn a_hop_shows_both_ends_with_their_signals_and_the_word_for_both() {
    let said = said_of(samples::hops());
    for words in [
        "One hop each agent metric beside the business metric it is meant to move",
        "Checkout Agents’ share up",
        "PR cycle time better",
        "1.4 days",
        "both better expected better",
        "not evidence that one caused the other",
        "1 hop is left out: evaluation_coverage is not measured yet.",
        "Checkout: Agents’ share Week Value Records",
    ] {
        assert!(said.contains(words), "{words:?} in {said}");
    }
    assert!(!said.contains("week 47"), "{said}");
}

#[test]
fn a_hop_links_each_number_to_its_records_and_each_name_to_its_definition() {
    let html = html(Page::Review(Box::new(samples::review())));
    let section = between(&html, "<section class=\"hops\"", "</section>");
    let hop = samples::hop();
    for row in [hop.agent, hop.business] {
        for url in [row.figure.records_url, row.definition_url] {
            let link = format!("href=\"{}\"", url.replace('&', "&amp;"));
            assert!(section.contains(&link), "{link}");
        }
    }
}

#[test]
fn the_one_hop_stands_between_what_needs_attention_and_the_fixed_table() {
    let text = main_text(&html(Page::Review(Box::new(samples::review()))));
    let at = |heading: &str| text.find(heading).unwrap();
    assert!(at("Needs attention") < at("One hop"));
    assert!(at("One hop") < at("Everything, in the same order"));
}

#[test]
fn a_hop_of_an_earlier_week_names_it_and_one_without_a_word_has_a_dash() {
    let mut hops = samples::hops();
    hops.rows[0].word = None;
    hops.rows[0].expected = None;
    let own = &mut hops.rows[0];
    for row in [&mut own.agent, &mut own.business] {
        row.figure.week = "2026-W46".into();
    }
    let said = said_of(hops);
    assert!(said.contains("– no word week 46"), "{said}");
}

#[test]
fn what_does_not_fit_is_counted_and_no_hop_at_all_says_how_one_comes_about() {
    let mut hops = samples::hops();
    hops.more = 3;
    hops.left_out = 2;
    hops.unmeasured.push("run_success".into());
    let said = said_of(hops);
    for words in [
        "and 3 more on the workflow pages",
        "2 hops are left out: evaluation_coverage and run_success are not measured yet.",
    ] {
        assert!(said.contains(words), "{words:?} in {said}");
    }
    let said = said_of(Hops::default());
    assert!(said.contains("No hop yet."), "{said}");
    assert!(
        !said.contains("left out") && !said.contains("more on"),
        "{said}"
    );
}

#[test]
fn a_review_without_hops_has_no_such_section() {
    let mut review = samples::review();
    review.hops = None;
    let page = html(Page::Review(Box::new(review)));
    assert!(!page.contains("One hop"), "{page}");
}

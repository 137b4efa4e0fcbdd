//! What a receipt says, and what it keeps to itself.

use super::*;
use crate::view::receipt::{Question, State};

fn shown() -> String {
    html(Page::Receipt(Box::new(samples::receipt())))
}

#[test]
fn the_seven_answers_come_before_everything_else_in_their_order() {
    for receipt in [samples::receipt(), samples::bare_receipt()] {
        let html = html(Page::Receipt(Box::new(receipt)));
        let places: Vec<usize> = Question::ALL
            .iter()
            .map(|question| html.find(question.in_words()).unwrap())
            .collect();
        assert!(places.is_sorted(), "{places:?}");
        assert!(places[6] < html.find("<h2").unwrap());
    }
}

#[test]
fn every_answer_says_something_and_nothing_known_is_told_as_not_recorded() {
    let text = main_text(&html(Page::Receipt(Box::new(samples::bare_receipt()))));
    assert_eq!(
        text.matches("Not recorded: it is laid to no deployment.")
            .count(),
        7
    );
    for said in [
        "not counted",
        "It stands behind no figure.",
        "Not recorded: no instant is known of it.",
        "Not recorded: the cost of an incident is not collected.",
        "Not recorded: no review, evaluation, suite, incident or revert is known of it.",
        "No record is kept",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!shown().contains("<td></td>"));
}

#[test]
fn each_piece_of_an_answer_has_its_level_and_its_source_and_leads_on() {
    let html = shown();
    let text = main_text(&html);
    for said in [
        "14 tool calls; ended well; in run 7c1f declared",
        "replay did not pass recorded by forge Only after it had landed: refund judge.",
        "Ben Osei, at the merged commit recorded by forge",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(html.contains("href=\"/receipts/run/7c1f\""));
}

#[test]
fn a_gap_of_over_a_day_is_written_between_what_happened() {
    let text = main_text(&shown());
    let at = |said: &str| text.find(said).unwrap();
    assert!(at("opened") < at("waited 2 d 23 h for review"));
    assert!(at("waited 2 d 23 h for review") < at("approved by Ben Osei"));
    assert!(text.contains("Fri 13 Nov 2026, 09:40 08:40 UTC"), "{text}");
}

#[test]
fn a_receipt_leads_to_the_lists_that_count_it_and_to_its_correction() {
    let html = shown();
    for url in [
        "/records/change_lead_time?week=2026-W47",
        "/definitions/change_lead_time",
        "/corrections/change/acme%2Fshop%234821",
        "/workflows/checkout?week=2026-W47",
        "/review/2026-W47",
        "/api/v1/receipts/change/acme%2Fshop%234821",
    ] {
        assert!(html.contains(&format!("href=\"{url}\"")), "{url}");
    }
    let text = main_text(&html);
    assert!(text.contains("counted in 1 figure"), "{text}");
    let corrected = app_state(State::Corrected);
    assert!(main_text(&corrected).contains("corrected, counted in 1 figure"));
}

fn app_state(state: State) -> String {
    let mut receipt = samples::receipt();
    receipt.state = state;
    html(Page::Receipt(Box::new(receipt)))
}

#[test]
fn what_a_source_wrote_stays_text_and_only_a_web_address_is_linked() {
    let html = shown();
    assert!(html.contains("&lt;b&gt;currency&lt;/b&gt;"));
    assert!(!html.contains("<b>currency") && !html.contains("<script>x"));
    assert!(html.contains("href=\"https://forge.example.org/acme/shop/pull/4821\""));
    let bare = super::html(Page::Receipt(Box::new(samples::bare_receipt())));
    assert!(!bare.contains("javascript:"));
}

//! Pages of what people said: explanations, actions, and the record of all of it.

use super::{html, main_text};
use crate::pages::Page;
use crate::samples;
use crate::shell::render;
use crate::view::actions::{Actions, FromLastWeek};
use crate::view::explanation::{self, Explanation};
use crate::view::review::Review;

pub fn every_page() -> Vec<Page> {
    vec![
        explained(samples::explanation()),
        explained(Explanation {
            written: Vec::new(),
            closed_to_reader: Some("operators".into()),
            ..samples::explanation()
        }),
        explained(refused()),
        Page::Actions(Box::new(samples::actions())),
        Page::Actions(Box::default()),
    ]
}

fn explained(explanation: Explanation) -> Page {
    Page::Explanation(Box::new(explanation))
}

fn refused() -> Explanation {
    Explanation {
        asked: Some(explanation::Asked {
            said: "It <b>was</b>".into(),
            cause: None,
            refused: "Choose whether the cause is known.".into(),
        }),
        ..samples::explanation()
    }
}

fn reviewed(review: Review) -> String {
    html(Page::Review(Box::new(review)))
}

#[test]
fn an_explanation_shows_the_figure_its_rule_the_sentence_and_what_was_said_before() {
    let page = html(explained(samples::explanation()));
    let text = main_text(&page);
    for said in [
        "1.4 days",
        "better outside its limits",
        "known cause · Ana Ruiz, Tue 24 Nov 2026, 09:12",
        "Said before",
        "Mon 23 Nov 2026, 09:00 Berlin We look at the importer. still looking",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    assert!(page.contains("The &lt;b&gt;importer&lt;/b&gt; was split."));
    let address = "action=\"/explanations/pr_cycle_time?scope=company&amp;week=2026-W47\"";
    assert!(page.contains(address), "{page}");
}

#[test]
fn whoever_may_not_explain_sees_who_may_and_no_form() {
    let closed = Explanation {
        closed_to_reader: Some("operators and the DRI of its work, Ana Ruiz".into()),
        ..samples::explanation()
    };
    let page = html(explained(closed));
    assert!(!page.contains("name=\"said\""));
    assert!(main_text(&page).contains("by operators and the DRI of its work, Ana Ruiz."));
}

#[test]
fn what_was_not_taken_comes_back_as_it_was_typed() {
    let page = html(explained(refused()));
    assert!(
        page.contains("value=\"It &lt;b&gt;was&lt;/b&gt;\""),
        "{page}"
    );
    assert!(main_text(&page).contains("Nothing was changed. Choose whether"));
}

#[test]
fn what_stands_out_carries_what_was_said_and_leads_whoever_may_to_the_form() {
    let mut review = samples::review();
    let form = "href=\"/explanations/pr_cycle_time?scope=company&amp;week=2026-W47\">Explain it<";
    let page = reviewed(review.clone());
    assert_eq!(page.matches(form).count(), 2, "{page}");
    review.exceptions.found.truncate(1);
    review.exceptions.found[0].explainers.clear();
    assert!(!reviewed(review.clone()).contains("Explain it"));
    let mut operator = samples::frame();
    operator.person.as_mut().unwrap().operates = true;
    let page = render(&operator, Page::Review(Box::new(review.clone())));
    assert!(page.contains("Explain it"));
    review.exceptions.found[0].explanation = Some(samples::written());
    let page = reviewed(review);
    assert!(!page.contains("No explanation yet"));
    assert!(main_text(&page).contains("known cause · Ana Ruiz, Tue 24 Nov 2026, 09:12"));
    assert!(
        page.contains("scope=company&amp;week=2026-W46"),
        "the week that it is about"
    );
}

#[test]
fn actions_say_in_words_whose_they_are_and_whether_they_are_late() {
    let text = main_text(&html(Page::Actions(Box::new(samples::actions()))));
    for said in [
        "overdue Split the",
        "Ana Ruiz · Checkout · was due Fri 20 Nov 2026",
        "done Tue 24 Nov 2026, 09:12 by Ben Okoro",
        "Mark done : Split",
        "Open again : Split",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
    let text = main_text(&html(Page::Actions(Box::<Actions>::default())));
    assert!(
        text.contains("Nothing is open.") && !text.contains("Add an action"),
        "{text}"
    );
}

#[test]
fn a_review_brings_back_the_actions_and_leads_executives_to_the_form() {
    let mut review = samples::review();
    assert!(main_text(&reviewed(review.clone())).contains("From last week overdue Split the"));
    review.actions = Some(FromLastWeek {
        shown: Vec::new(),
        more: 0,
    });
    let mut frame = samples::frame();
    for decides in [false, true] {
        frame.person.as_mut().unwrap().decides = decides;
        let page = render(&frame, Page::Review(Box::new(review.clone())));
        assert!(page.contains("No action is open"));
        assert_eq!(page.contains("href=\"/actions#add\""), decides);
    }
    review.actions = None;
    assert!(!reviewed(review).contains("From last week"));
}

#[test]
fn the_record_of_acts_is_named_where_there_is_one() {
    let mut review = samples::review();
    let text = main_text(&reviewed(review.clone()));
    let said = "Record of human acts: 14, ending in 3fa9c17e02b4…";
    assert!(text.contains(said), "{text}");
    review.acts_head = None;
    assert!(!reviewed(review).contains("human acts"));
}

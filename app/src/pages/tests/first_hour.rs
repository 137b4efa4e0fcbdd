//! What the review says in the first hour.

use super::*;

fn shown(review: crate::view::review::Review, frame: &crate::view::frame::Frame) -> String {
    render(frame, Page::Review(Box::new(review)))
}

#[test]
fn where_nothing_has_come_three_steps_stand_in_place_of_figures() {
    let page = html(Page::Review(Box::new(samples::first_review())));
    assert_eq!(between(&page, "<ol>", "</ol>").matches("<li").count(), 3);
    let text = main_text(&page);
    for said in [
        "Declare a service",
        "Bring records",
        "Add a workflow",
        "16 weeks",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    for left_out in [
        "What is missing",
        "Needs attention",
        "Changes merged",
        "Why this sentence",
    ] {
        assert!(!text.contains(left_out), "{left_out}: {text}");
    }
}

#[test]
fn only_operators_are_led_to_the_form_of_a_workflow() {
    let mut frame = samples::frame();
    for operates in [false, true] {
        frame.person.as_mut().unwrap().operates = operates;
        let page = shown(samples::first_review(), &frame);
        assert_eq!(page.contains("href=\"/workflows/new\""), operates);
        assert_eq!(page.contains("An operator adds it."), !operates);
    }
}

#[test]
fn what_is_done_says_so_and_names_it() {
    let mut review = samples::first_review();
    let own = review.first_hour.as_mut().unwrap();
    own.services = vec!["till".into(), "index".into()];
    own.workflows = vec!["Checkout".into()];
    let page = html(Page::Review(Box::new(review)));
    assert_eq!(page.matches("<li class=\"done\">").count(), 2);
    let text = main_text(&page);
    assert!(text.contains("Declared: till, index."), "{text}");
    assert!(
        text.contains("onehop import git ../till --service till"),
        "{text}"
    );
}

#[test]
fn a_generated_company_has_three_links_under_its_answer_and_a_real_one_has_none_of_them() {
    let mut frame = samples::frame();
    let page = shown(samples::review(), &frame);
    let links = between(&page, "<p class=\"links\">", "</p>");
    assert_eq!(links.matches("<a ").count(), 3, "{links}");
    assert!(page.contains("id=\"own\""));
    frame.generated = None;
    let page = shown(samples::review(), &frame);
    assert!(page.contains("How this is reached"));
    assert!(!page.contains("Why this sentence") && !page.contains("id=\"own\""));
}

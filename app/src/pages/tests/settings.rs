//! What the settings say, and to whom.

use super::*;

fn shown(settings: crate::view::settings::Settings) -> String {
    html(Page::Settings(Box::new(settings)))
}

#[test]
fn each_decision_stands_with_its_author_and_day_or_with_where_it_comes_from() {
    let text = main_text(&shown(samples::settings()));
    for said in [
        "still called no sloppier ; decided by Ana Ruiz on Fri 20 Nov 2026, 10:00 UTC .",
        "else the first 12 with records ; nobody has set another .",
        "quality by Change fail rate ; set by apply .",
        "can support a 5-point claim.",
        "Freeze Mon 07:00 nobody has set another",
        "[company] name = \"Acme\" time_zone = \"Europe/Berlin\"",
        "People by role: executive 2, DRI 0, finance 0, operator 1.",
    ] {
        let text = text.replace("&quot;", "\"");
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn only_executives_get_the_forms_that_decide_and_only_operators_people_and_tokens() {
    let executive = shown(samples::settings());
    let operator = shown(samples::operators_settings());
    for (part, decides) in [("decisions", true), ("people", false), ("tokens", false)] {
        let form = format!("action=\"/settings/{part}\"");
        assert_eq!(executive.contains(&form), decides, "{part}");
        assert_eq!(operator.contains(&form), !decides, "{part}");
    }
    for page in [executive, operator] {
        assert!(page.contains("action=\"/settings/sessions\""));
    }
}

#[test]
fn what_was_just_made_is_shown_this_once() {
    let text = main_text(&shown(samples::operators_settings()));
    assert!(text.contains("The token ci onehop_s3cret"), "{text}");
    assert!(text.contains("It is shown this once"), "{text}");
}

#[test]
fn a_refused_form_comes_back_with_what_was_typed() {
    let page = shown(samples::refused_settings());
    assert!(
        main_text(&page).contains("Nothing was changed. “&lt;ada&gt;” is not an e-mail address.")
    );
    let form = between(&page, "Add and make a link", "</form>");
    assert!(!form.contains("<ada>"));
    assert!(page.contains("value=\"&lt;ada&gt;\""));
    assert!(page.contains("<option value=\"finance\" selected>"));
}

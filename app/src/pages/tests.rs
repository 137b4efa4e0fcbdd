mod hop;

use super::*;
use crate::samples;
use crate::shell::render;
use crate::view::correction::{Corrections, Outcome};
use crate::view::figure::State;
use crate::view::freshness::Freshness;
use crate::view::review::Freeze;
use crate::view::sign_in::SignInState;

mod bodies;
mod charts;
mod first_hour;
mod receipt;
mod said;
mod settings;
mod sources;

fn errors() -> [PageError; 4] {
    [
        PageError::Forbidden {
            needs: "operators".into(),
        },
        PageError::NotFound {
            what: "the metric lines_of_code".into(),
        },
        PageError::BadRequest {
            what: "the week \"yesterday\"".into(),
        },
        PageError::Unavailable {
            request_id: "01J9".into(),
        },
    ]
}

fn every_page() -> Vec<Page> {
    let mut empty = samples::review();
    empty.groups.clear();
    empty.data_as_of = None;
    let mut none = samples::records();
    none.figure = samples::nothing().figure;
    none.records.clear();
    none.left_out_count = 0;
    let mut pages = vec![
        Page::Review(Box::new(samples::review())),
        Page::Review(Box::new(samples::young_review())),
        Page::Review(Box::new(samples::stale_review())),
        Page::Review(Box::new(empty)),
        Page::Review(Box::new(samples::first_review())),
        Page::Records(samples::records()),
        Page::Records(none),
        Page::Receipt(Box::new(samples::receipt())),
        Page::Receipt(Box::new(samples::bare_receipt())),
        Page::Bodies(samples::bodies()),
        Page::Definition(samples::definition()),
        Page::Answer(samples::answer_definition()),
        Page::Demo(samples::demo()),
        Page::Sources(Box::new(samples::sources())),
        Page::Sources(Box::new(samples::no_sources())),
        Page::Settings(Box::new(samples::settings())),
        Page::Settings(Box::new(samples::operators_settings())),
        Page::Settings(Box::new(samples::refused_settings())),
        Page::Corrections(samples::corrections()),
        Page::Corrections(Corrections::default()),
        Page::Correction(samples::correction()),
        Page::Correction(samples::asked(Outcome::WouldMove(samples::moved()))),
        Page::Correction(samples::asked(Outcome::WouldMove(Vec::new()))),
        Page::Correction(samples::asked(Outcome::Refused("Say why.".into()))),
    ];
    pages.extend(said::every_page());
    let doors = samples::sign_in_states().map(|state| Page::SignIn(samples::sign_in(state)));
    pages.extend(doors);
    pages.extend(errors().map(Page::Error));
    pages
}

fn html(page: Page) -> String {
    render(&samples::frame(), page)
}

/// What follows a mark, up to another.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let rest = text.split_once(from).map_or("", |(_, rest)| rest);
    rest.split_once(to).map_or("", |(inside, _)| inside)
}

/// The text inside `<main>`, without tags; spaces that do not break become plain ones.
fn main_text(html: &str) -> String {
    let main = between(html, "<main", "</main>");
    let said = main
        .split('<')
        .filter_map(|piece| piece.split_once('>'))
        .flat_map(|(_, said)| said.split_whitespace());
    said.collect::<Vec<_>>().join(" ")
}

#[test]
fn every_page_is_one_document_with_one_heading_and_no_inline_style() {
    for page in every_page() {
        let name = title(&page);
        let html = html(page);
        assert!(html.starts_with("<!DOCTYPE html><html"), "{name}");
        assert_eq!(html.matches("<h1").count(), 1, "{name}");
        assert_eq!(html.matches("<main").count(), 1, "{name}");
        assert!(!html.contains(" style="), "{name}");
        assert!(!html.contains("<style"), "{name}");
        assert!(!html.contains("<script"), "{name}");
    }
}

#[test]
fn every_post_form_sends_its_token_back() {
    for page in every_page() {
        let html = html(page);
        let forms = html.matches("method=\"post\"").count();
        assert!(forms > 0);
        assert_eq!(
            html.matches("name=\"csrf\" value=\"csrf-token\"").count(),
            forms
        );
    }
}

#[test]
fn the_answer_stands_within_the_first_two_hundred_characters() {
    let text = main_text(&html(Page::Review(Box::new(samples::review()))));
    let start: String = text.chars().take(200).collect();
    assert!(
        start.contains("Faster; quality can’t be told yet."),
        "{start}"
    );
}

#[test]
fn the_line_of_record_counts_fresh_sources_and_those_that_are_not_are_named_below() {
    let text = main_text(&html(Page::Review(Box::new(samples::stale_review()))));
    let start: String = text.chars().take(200).collect();
    assert!(start.contains("1 of 3 sources fresh"), "{start}");
    assert!(start.contains("Faster; quality"), "{start}");
    let since = "since Fri 20 Nov 2026, 20:10 Berlin; it is to deliver every day.";
    for said in [
        format!("ci is partial: no deployments came {since}"),
        format!("pager is stale: no incidents came {since}"),
    ] {
        assert!(text.contains(&said), "{said}: {text}");
    }
    let mut fresh = samples::stale_review();
    fresh.sources.retain(|source| source.name == "forge");
    let text = main_text(&html(Page::Review(Box::new(fresh))));
    assert!(text.contains("1 of 1 source fresh"), "{text}");
    assert!(!text.contains("not fresh"), "{text}");
    let text = main_text(&html(Page::Review(Box::new(samples::review()))));
    assert!(!text.contains("fresh"), "{text}");
}

#[test]
fn a_stale_figure_stays_and_is_greyed_and_dated_and_gets_no_verdict() {
    let mut review = samples::stale_review();
    review.groups.remove(0);
    review.hops = None;
    let stale = html(Page::Review(Box::new(review.clone())));
    let text = main_text(&stale);
    let said = "stale: no changes came from forge since Fri 20 Nov 2026, 20:10 Berlin";
    for words in [said, "1.4 days", "can’t tell"] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(!text.contains("better"), "{text}");
    assert!(stale.contains("class=\"value stale\"") && !stale.contains("dot better"));
    review.groups[0].rows[0].figure.state = State::Partial;
    let partial = html(Page::Review(Box::new(review)));
    assert!(main_text(&partial).contains("partial: no changes came from forge"));
    assert!(main_text(&partial).contains("better"));
    assert!(!partial.contains("value stale"));
}

#[test]
fn what_is_missing_for_an_answer_is_listed() {
    let review = samples::review();
    let html = html(Page::Review(Box::new(review.clone())));
    for point in review.answer.missing {
        assert!(html.contains(&point));
    }
}

#[test]
fn every_figure_links_to_its_records_and_every_name_to_its_definition() {
    for review in [samples::review(), samples::young_review()] {
        let html = html(Page::Review(Box::new(review.clone())));
        for row in review.groups.iter().flat_map(|group| &group.rows) {
            let url = row.figure.records_url.replace('&', "&amp;");
            assert!(html.contains(&format!("href=\"{url}\"")), "{url}");
            let url = &row.definition_url;
            assert!(html.contains(&format!("href=\"{url}\"")), "{url}");
        }
    }
}

#[test]
fn missing_is_a_dash_and_a_word_and_never_a_zero() {
    let mut review = samples::review();
    review.groups.truncate(1);
    review.groups[0].rows = vec![samples::nothing()];
    let text = main_text(&html(Page::Review(Box::new(review))));
    assert!(text.contains("– No value"), "{text}");
    assert!(text.contains("no deployments received"), "{text}");
    assert!(!text.contains("0 s"), "{text}");
}

#[test]
fn a_young_series_says_how_far_it_is_and_gets_no_verdict() {
    let text = main_text(&html(Page::Review(Box::new(samples::young_review()))));
    assert!(text.contains("collecting 4 of 12 weeks"), "{text}");
    assert!(text.contains("too few under 5 records"), "{text}");
    assert!(text.contains("no interval under 6 changes"), "{text}");
    for verdict in ["better", "worse", "routine"] {
        assert!(!text.contains(verdict), "{verdict}");
    }
}

#[test]
fn between_twelve_and_twenty_weeks_a_verdict_is_provisional() {
    let mut review = samples::review();
    review.groups[1].rows[0].usable_weeks = 14;
    let text = main_text(&html(Page::Review(Box::new(review))));
    assert!(
        text.contains("better outside its limits; provisional, from 14 weeks"),
        "{text}"
    );
}

#[test]
fn a_week_that_is_not_settled_is_hollow_and_names_the_day_it_will_be() {
    let mut review = samples::review();
    review.groups[0].rows[0].figure.state = State::Maturing;
    review.groups.truncate(1);
    review.hops = None;
    let html = html(Page::Review(Box::new(review)));
    let text = main_text(&html);
    assert!(text.contains("settles Thu 26 Nov 2026"), "{text}");
    assert_eq!(html.matches("dot hollow").count(), 1);
}

#[test]
fn what_stands_out_says_where_by_which_rule_since_when_and_that_it_is_not_explained() {
    let text = main_text(&html(Page::Review(Box::new(samples::review()))));
    assert!(
        text.contains("Needs attention 3 of 12 series watched"),
        "{text}"
    );
    for said in [
        "Checkout · PR cycle time",
        "outside its limits",
        "since week 46, up to week 47",
        "No explanation yet. ana@example.org",
    ] {
        assert!(text.contains(said), "{said} in {text}");
    }
}

#[test]
fn five_are_listed_and_the_rest_is_folded() {
    let mut review = samples::review();
    let one = review.exceptions.found[0].clone();
    for (found, folded) in [(5, None), (6, Some("and 1 more")), (9, Some("and 4 more"))] {
        review.exceptions.found = vec![one.clone(); found];
        let html = html(Page::Review(Box::new(review.clone())));
        assert_eq!(html.matches("No explanation yet").count(), found);
        assert_eq!(html.contains(" more</summary>"), folded.is_some());
        assert!(folded.is_none_or(|folded| html.contains(folded)));
    }
}

#[test]
fn where_nothing_stands_out_it_says_of_how_many_series() {
    let mut review = samples::review();
    review.exceptions.found.clear();
    for (watched, said) in [
        (60, "Nothing outside the normal range. 60 series watched."),
        (1, "Nothing outside the normal range. 1 series watched."),
        (0, "Nothing is watched yet"),
    ] {
        review.exceptions.watched = watched;
        let text = main_text(&html(Page::Review(Box::new(review.clone()))));
        assert!(text.contains(said), "{said} in {text}");
    }
}

#[test]
fn whoever_may_not_correct_is_not_led_to_it() {
    let mut frame = samples::frame();
    for corrects in [true, false] {
        frame.person.as_mut().unwrap().corrects = corrects;
        let html = render(&frame, Page::Records(samples::records()));
        assert_eq!(html.contains(">Put right<"), corrects);
        let (header, _) = html.split_once("</nav>").unwrap();
        assert_eq!(header.contains(">To put right</a>"), corrects, "{header}");
    }
}

#[test]
fn a_metric_without_a_better_side_is_never_coloured() {
    let mut review = samples::review();
    review.groups.truncate(1);
    review.exceptions.found.clear();
    review.hops = None;
    let html = html(Page::Review(Box::new(review)));
    assert!(html.contains("signal moved"));
    assert!(!html.contains(" better\""));
    assert!(!html.contains(" worse\""));
}

#[test]
fn a_title_from_a_source_stays_text_and_only_web_addresses_are_linked() {
    let html = html(Page::Records(samples::records()));
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!html.contains("<script>alert"));
    assert!(!html.contains("javascript:"));
    assert!(!html.contains("<b>agent"));
    assert!(html.contains("href=\"/receipts/change/acme%2Fshop%234821\""));
}

#[test]
fn a_record_page_repeats_number_and_count_and_keeps_the_week() {
    let html = html(Page::Records(samples::records()));
    let text = main_text(&html);
    assert!(text.contains("1.4 days"), "{text}");
    assert!(text.contains("38 changes"), "{text}");
    assert!(text.contains("Left out: 3 the first 1"), "{text}");
    assert!(html.contains("href=\"/review/2026-W47\""));
}

#[test]
fn stages_are_said_in_the_order_of_the_work_and_an_unknown_one_is_left_out() {
    let text = main_text(&html(Page::Records(samples::records())));
    assert!(
        text.contains("coding 12 min waiting for review 3.0 days review 15 min"),
        "{text}"
    );
    assert!(
        text.contains("open without review 17 min") && !text.contains("waiting for review –"),
        "{text}"
    );
}

#[test]
fn a_link_asks_before_it_is_used_up_and_offers_a_password() {
    let state = SignInState::Link {
        token: "t0ken".into(),
        email: "a@example.org".into(),
    };
    let html = html(Page::SignIn(samples::sign_in(state)));
    assert!(html.contains("action=\"/sign-in/link\""));
    assert!(html.contains("name=\"token\" value=\"t0ken\""));
    assert!(html.contains("minlength=\"12\""));
    let field = between(&html, "id=\"password\"", ">");
    assert!(!field.contains("required"), "{field}");
}

#[test]
fn an_error_says_that_nothing_was_lost_and_gives_the_request() {
    let [_, _, _, unavailable] = errors();
    let text = main_text(&html(Page::Error(unavailable)));
    assert!(text.contains("Nothing was lost"), "{text}");
    assert!(text.contains("01J9"), "{text}");
}

#[test]
fn a_generated_company_is_marked_on_every_page_and_a_real_one_on_none() {
    let mark = "every name and number here is made up (seed 7)";
    for page in every_page() {
        assert!(html(page).contains(mark));
    }
    let mut frame = samples::frame();
    frame.generated = None;
    assert!(!render(&frame, Page::Review(Box::new(samples::review()))).contains("made up"));
}

#[test]
fn the_one_inline_script_carries_the_nonce_and_is_absent_without_islands() {
    let mut frame = samples::frame();
    frame.islands = true;
    let html = render(&frame, Page::Review(Box::new(samples::review())));
    assert_eq!(html.matches("<script").count(), 1);
    assert!(html.contains("<script type=\"module\" nonce=\"n0nce\">"));
    assert!(html.contains("/pkg/onehop.js"));
    assert!(html.contains("onehop_bg"));
}

#[test]
fn who_is_not_signed_in_sees_no_navigation() {
    let mut frame = samples::frame();
    frame.person = None;
    let html = render(
        &frame,
        Page::SignIn(samples::sign_in(SignInState::Password)),
    );
    assert!(!html.contains("aria-label=\"Pages\""));
    assert!(!html.contains("/sign-out"));
}

#[test]
fn a_correction_is_shown_with_the_weeks_it_changes_before_it_can_be_kept() {
    let open = html(Page::Correction(samples::correction()));
    assert!(!open.contains("value=\"keep\""));
    let tried = html(Page::Correction(samples::asked(Outcome::WouldMove(
        samples::moved(),
    ))));
    assert!(tried.contains("value=\"keep\""));
    let said = main_text(&tried);
    for words in [
        "This would change one week.",
        "From “no deployment” to “d-17”, because: its change broke rounding",
        "Change fail rate Checkout now 5.0 % of 40 deployments then 7.5 % of 40 deployments",
        "And one figure of a single segment.",
    ] {
        assert!(said.contains(words), "{words:?} in {said}");
    }
    let refused = html(Page::Correction(samples::asked(Outcome::Refused(
        "Say why.".into(),
    ))));
    assert!(main_text(&refused).contains("Nothing was changed. Say why."));
    assert!(!refused.contains("value=\"keep\""));
}

#[test]
fn whoever_may_not_put_a_thing_right_sees_who_may_and_no_form() {
    let mut closed = samples::correction();
    closed.closed_to_reader = Some("operators and the DRI of its work, dri@example.org".into());
    let page = html(Page::Correction(closed));
    let said = main_text(&page);
    assert!(
        said.contains(
            "This can be put right by operators and the DRI of its work, dri@example.org."
        )
    );
    assert!(!between(&page, "<main", "</main>").contains("<form"));
}

#[test]
fn what_is_true_of_a_generated_company_is_said_with_what_was_seen_and_missed() {
    let said = main_text(&html(Page::Demo(samples::demo())));
    for words in [
        "Of 2 figures that really changed and have had a verdict since, one was seen and one was missed so far.",
        "In 60 verdicts in which nothing had changed, one false alarm was raised: 1.7 %.",
        "Change lead time got better Week 31 its week 3 none in 20 quiet weeks",
        "Incidents got worse missed , in 19 weeks so far",
        "Change fail rate : Week 13 worse of 20 verdicts",
    ] {
        assert!(said.contains(words), "{words:?} in {said}");
    }
}

#[test]
fn the_answer_is_shown_number_by_number() {
    let said = main_text(&html(Page::Answer(samples::answer_definition())));
    for words in [
        "“Faster, and no sloppier.”",
        "Recent weeks week 44 of 2026 to week 47 of 2026: 152 changes",
        "Recent ÷ baseline × 0.60 Interval × 0.52 to × 0.69, at 99.99 %",
        "Share recently 4 of 212, 1.89 %",
        "Upper end 2.8 points at 95 %, against a margin of 5.0",
        "So No sloppier",
        "Decided by leadership Margin 3 points , decided by Ana Ruiz on Fri 20 Nov 2026, 10:00 UTC",
    ] {
        assert!(said.contains(words), "{words:?} in {said}");
    }
}

#[test]
fn the_line_of_record_says_whether_and_when_the_week_is_frozen() {
    let at = "2026-11-23T07:00:00+01:00".parse().unwrap();
    for (freeze, said) in [
        (Freeze::Frozen(at), "frozen Mon 23 Nov 2026, 07:00"),
        (Freeze::Freezes(at), "freezes Mon 23 Nov 2026, 07:00"),
        (Freeze::Never, "not frozen"),
    ] {
        let mut review = samples::review();
        review.freeze = freeze;
        let html = html(Page::Review(Box::new(review)));
        let record = between(&html, "<div class=\"record\">", "</div>");
        assert!(record.contains(&format!("<span>{said}</span>")), "{record}");
    }
}

#[test]
fn what_was_restated_stands_with_both_values_and_its_reason() {
    let mut review = samples::review();
    let mut gone = samples::restatement();
    gone.name = "Change size".into();
    gone.after = None;
    review.restatements.push(gone);
    let text = main_text(&html(Page::Review(Box::new(review))));
    let late = "records that came or changed later";
    let said = format!(
        "Restated since Metric When From To Why \
         Changes merged Tue 24 Nov 2026, 07:00 40 41 {late} \
         Change size Tue 24 Nov 2026, 07:00 40 no value {late}"
    );
    assert!(text.contains(&said), "{text}");
}

#[test]
fn a_review_of_which_nothing_was_restated_does_not_speak_of_it() {
    let mut review = samples::review();
    review.restatements.clear();
    let page = html(Page::Review(Box::new(review)));
    assert!(!page.to_lowercase().contains("restated"), "{page}");
}

//! Marks in a process chart, and what stands under it.

use super::*;
use crate::view::chart::Divider;
use crate::view::explanation::Written;
use crate::view::records::Records;

fn divider(week: &str) -> Divider {
    Divider {
        week: week.into(),
        what_changed: "Reviews are shared.".into(),
        cause: "The rota took them over.".into(),
        why_wanted: "Changes wait less.".into(),
        why_lasting: "The rota stays.".into(),
        set_by: "ana@example.org".into(),
        set_on: samples::records().settles_on,
    }
}

fn note(week: &str, said: &str) -> Written {
    Written {
        week: week.into(),
        said: said.into(),
        ..samples::written()
    }
}

fn marked() -> Records {
    let mut records = samples::records();
    records.chart.dividers = vec![divider("2026-W30"), divider("2026-W40")];
    records.chart.notes = vec![
        note("2026-W25", "A certificate ran out."),
        note("2026-W39", "Nobody was there."),
        note("2026-W46", "The <b>importer</b> was split."),
    ];
    records
}

/// The names of the marks in the drawing, in the order of the markup.
fn marks(html: &str) -> Vec<&str> {
    let texts = html.split("<text").skip(1);
    let marks = texts.filter(|text| between(text, "", ">").contains("class=\"mark"));
    marks.map(|mark| between(mark, ">", "<")).collect()
}

#[test]
fn dividers_have_letters_and_notes_have_numbers_and_both_are_listed_under_the_chart() {
    let html = html(Page::Records(marked()));
    assert_eq!(marks(&html), ["A", "B", "1", "2", "3"]);
    let dividers = between(&html, "<ol class=\"marks dividers\">", "</ol>");
    assert_eq!(dividers.matches("<li>").count(), 2);
    let notes = between(&html, "<ol class=\"marks notes\">", "</ol>");
    let weeks: Vec<&str> = notes
        .split("<li>")
        .skip(1)
        .map(|own| own.split(':').next().unwrap_or_default())
        .collect();
    assert_eq!(weeks, ["Week 25", "Week 39", "Week 46"]);
    assert!(notes.contains("The &lt;b&gt;importer&lt;/b&gt; was split."));
    assert!(notes.contains("Ana Ruiz") && notes.contains("Tue 24 Nov 2026"));
    assert!(notes.contains("href=\"/explanations/pr_cycle_time?scope=company&amp;week=2026-W46\""));
}

#[test]
fn a_note_about_a_week_without_a_value_has_its_mark_and_no_stem() {
    let html = html(Page::Records(marked()));
    // Of week 39 there is no value.
    assert_eq!(html.matches("class=\"stem\"").count(), 2);
}

#[test]
fn a_chart_about_which_nothing_was_said_has_no_marks() {
    let html = html(Page::Records(samples::records()));
    assert!(marks(&html).is_empty() && !html.contains("class=\"marks"));
}

#[test]
fn a_chart_leads_to_its_pictures() {
    let html = html(Page::Records(samples::records()));
    for format in ["svg", "png"] {
        let query = "week=2026-W47&amp;scope=company&amp;segment=all";
        let address = format!("href=\"/records/pr_cycle_time/chart.{format}?{query}\"");
        assert!(html.contains(&address), "{address}");
    }
}

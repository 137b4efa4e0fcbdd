//! What the page of sources says.

use super::*;

#[test]
fn a_stale_source_is_the_answer_with_what_it_affects() {
    let text = main_text(&html(Page::Sources(Box::new(samples::sources()))));
    for said in [
        "One source is stale: pager, since Fri 20 Nov 2026, 20:10.",
        "It affects: Change fail rate.",
        "forge fresh",
        "12 records fewer than usual usual 89–131",
        "push not declared – not judged",
        "no rhythm set",
        "reviews would add: Review wait . onehop import records reviews reviews.ndjson",
        "week 48 of 2026, on Mon 30 Nov 2026, 07:00",
        "those of 2 weeks, and are computed now",
        "SQLite 3.50.2, 12.3 MB",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn a_record_that_was_set_aside_stands_with_its_reason_under_its_source() {
    let html = html(Page::Sources(Box::new(samples::sources())));
    assert!(html.contains("INC-&lt;7&gt;"));
    let text = main_text(&html);
    assert!(text.contains("incidents started_at: is missing"), "{text}");
    assert!(text.contains("pager , 1 record set aside"), "{text}");
}

#[test]
fn how_a_system_is_read_stands_under_its_source() {
    let html = html(Page::Sources(Box::new(samples::sources())));
    assert!(html.contains("acme/&lt;gone&gt;"));
    let text = main_text(&html);
    for said in [
        "To be mended here: acme/",
        "Repositories that were read whole: 3 of 4.",
        "by REST, until Mon 23 Nov 2026, 09:20",
        "pull requests acme/shop",
        "; 2 ever came whose signature did not hold",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn the_answer_counts_what_is_awaited() {
    let mut sources = samples::sources();
    let said = |sources: &crate::view::sources::Sources| crate::pages::sources::answer(sources);
    sources.sources[1].freshness = Some(Freshness::Late);
    assert_eq!(said(&sources), "None of 2 sources is fresh.");
    for source in &mut sources.sources {
        source.freshness = source.freshness.map(|_| Freshness::Fresh);
    }
    assert_eq!(said(&sources), "forge was not read whole.");
    sources.sources[1].reading = None;
    assert_eq!(said(&sources), "Every source is fresh.");
    for source in &mut sources.sources {
        source.freshness = None;
    }
    assert_eq!(
        said(&sources),
        "No source has a rhythm, so none is awaited."
    );
    assert_eq!(said(&samples::no_sources()), "Nothing is connected yet.");
}

//! What the page of a run's texts says.

use super::*;

#[test]
fn texts_stand_escaped_under_their_call_and_what_is_not_kept_is_told_with_its_size() {
    let html = html(Page::Bodies(samples::bodies()));
    assert!(html.contains("Where is &lt;b&gt;my&lt;/b&gt; refund?"));
    let text = main_text(&html);
    for said in [
        "Run of Refund agent , as its traces told them: of the run",
        "input 24 bytes",
        "output 1.40 kB Its text is not kept, or is gone.",
        "error 7 bytes timeout",
        "And 3 calls more, which are not listed.",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

//! A page as one file that is read without a server: its style inside, no script, no form, and
//! every link leads back to where the page came from.

use leptos::prelude::*;

use super::{document, written};
use crate::pages::Page;
use crate::view::frame::Frame;

/// The style sheets of screen and paper.
#[derive(Clone, Debug)]
pub struct Sheets {
    pub screen: String,
    pub print: String,
}

/// The complete file. Whoever reads it is nobody: what only some may do is left out of the page.
pub fn render(frame: &Frame, page: Page, sheets: &Sheets, public_url: &str) -> String {
    let nobody = Frame {
        person: None,
        islands: false,
        ..frame.clone()
    };
    let html = written(|| document(&nobody, page, (inlined(sheets), ().into_any())));
    absolute(&html, public_url) + "\n"
}

fn inlined(sheets: &Sheets) -> AnyView {
    view! {
        <style inner_html=without_files(&sheets.screen)></style>
        <style media="print" inner_html=without_files(&sheets.print)></style>
    }
    .into_any()
}

/// The sheet without the fonts that lie in files: the system has some of its own.
fn without_files(sheet: &str) -> String {
    const FACE: &str = "@font-face";
    let (before, faces) = sheet.split_at(sheet.find(FACE).unwrap_or(sheet.len()));
    let mut kept = before.to_owned();
    for piece in faces.split(FACE).skip(1) {
        let (face, after) = piece.split_once('}').unwrap_or((piece, ""));
        if !face.contains("url(") {
            kept.extend([FACE, face, "}"]);
        }
        kept.push_str(after);
    }
    kept
}

/// Makes the addresses below our root whole. Only in tags: a text may say what it likes.
fn absolute(html: &str, public_url: &str) -> String {
    let whole = format!(" href=\"{public_url}/");
    let pieces = html.split('<').map(|piece| match piece.split_once('>') {
        Some((tag, text)) => format!("{}>{text}", tag.replace(" href=\"/", &whole)),
        None => piece.to_owned(),
    });
    pieces.collect::<Vec<_>>().join("<")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_file_needs_nothing_but_itself_and_its_links_lead_home() {
        let sheets = Sheets {
            screen: "a{}@font-face {src: url(\"/f\")}b{}@font-face {src: local(\"F\")}c{}".into(),
            print: "@page {margin: 0}".into(),
        };
        let page = Page::Review(Box::new(samples::review()));
        let html = render(&samples::frame(), page, &sheets, "https://hop.example.org");
        assert!(html.contains("<style>a{}b{}@font-face {src: local(\"F\")}c{}</style>"));
        assert!(html.contains("<style media=\"print\">@page {margin: 0}</style>"));
        for never in [
            "<script", "<form", "<link", "<leptos", "url(", "src=", "href=\"/", "csrf",
        ] {
            assert!(!html.contains(never), "{never}");
        }
        assert!(html.contains(" href=\"https://hop.example.org/records/"));
        assert!(html.contains(" href=\"#main\""));
    }

    #[test]
    fn what_a_text_says_of_addresses_stays_as_it_is() {
        let html = "<p title=\"x\"> href=\"/a\"</p><a href=\"/b\">b</a>";
        let whole = "<p title=\"x\"> href=\"/a\"</p><a href=\"https://h/b\">b</a>";
        assert_eq!(absolute(html, "https://h"), whole);
    }
}

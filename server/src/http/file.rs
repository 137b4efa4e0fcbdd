//! A review as one file, to be read and kept where Onehop is not.

use app::pages::Page;
use app::routes;
use app::shell::file;
use app::view::frame::{Frame, Theme};
use app::view::review::Review;

use crate::http::site;

/// The page of a review, complete in itself; its links lead to `public_url`.
pub fn review(review: Review, public_url: &str) -> String {
    let path = routes::review(Some(&review.week), Some(&review.scope));
    let frame = Frame {
        person: None,
        theme: Theme::Auto,
        single_keys: false,
        nonce: String::new(),
        islands: false,
        csrf: String::new(),
        path: format!("{public_url}{path}"),
        generated: review.generated,
    };
    let page = Page::Review(Box::new(review));
    file::render(&frame, page, &site::sheets(), public_url)
}

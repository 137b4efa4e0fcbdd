//! A drawing as a bitmap, with the typeface that comes with us and none of the system's.

use std::sync::{Arc, LazyLock};

use anyhow::{Context, Result};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};

use super::SIZE;

/// Inter 4.1 in two weights: Latin, Greek, Cyrillic and the signs that we print, without hints (made by
/// fonttools' `pyftsubset --layout-features=kern,mark,ccmp --no-hinting`).
const REGULAR: &[u8] = include_bytes!("../../font/inter-regular.ttf");
const BOLD: &[u8] = include_bytes!("../../font/inter-semibold.ttf");

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for face in [REGULAR, BOLD] {
        fonts.load_font_source(Source::Binary(Arc::new(face)));
    }
    Arc::new(fonts)
});

/// The drawing as PNG. Takes a moment of a processor's time.
pub fn png(svg: &str) -> Result<Vec<u8>> {
    let options = Options {
        font_family: "Inter".to_owned(),
        fontdb: FONTS.clone(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    let mut pixels = Pixmap::new(SIZE.0, SIZE.1).context("a picture without a size")?;
    resvg::render(&tree, Transform::default(), &mut pixels.as_mut());
    Ok(pixels.encode_png()?)
}

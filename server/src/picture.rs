//! A figure's weeks as a picture that leaves the page, for slides, e-mail and chat: the chart of its
//! page under a title that says the finding, over a footer that says where it comes from.
//!
//! Pure: all that is drawn comes from the page's view model, in letters that come with us, so that the
//! picture is the same everywhere.

mod bitmap;
mod letters;
mod plot;
mod words;

use anyhow::{Context, Result};
use app::charts::drawn::{drawn, scale};
use app::view::frame::Generated;
use app::view::records::Records;
use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::style::RGBColor;

pub use bitmap::png;

/// Width and height in dots, as previews of links have them.
pub const SIZE: (u32, u32) = (1200, 630);

const PAPER: RGBColor = RGBColor(0xff, 0xff, 0xff);
const INK: RGBColor = RGBColor(0x14, 0x17, 0x1a);
const QUIET: RGBColor = RGBColor(0x61, 0x68, 0x73);
const HAIRLINE: RGBColor = RGBColor(0xe2, 0xe5, 0xe1);

type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Where a picture comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Of the figure's page, whole.
    pub address: String,
    pub generated: Option<Generated>,
}

/// A part of the picture, in dots from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Room {
    left: i32,
    top: i32,
    right: i32,
    bottom: i32,
}

/// The picture of what a records page shows.
pub fn svg(records: &Records, origin: &Origin) -> Result<String> {
    let mut text = String::new();
    let canvas = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
    canvas.fill(&PAPER)?;
    let scale = scale(&records.chart);
    let drawn = drawn(&records.figure, &records.chart, &scale);
    let room = Room {
        left: 150,
        top: words::above(&canvas, records)?,
        right: 1_020,
        bottom: words::below(&canvas, records, origin, drawn.is_some())?,
    };
    match drawn {
        Some(drawn) => plot::plot(&canvas, room, (&drawn, &scale, records.figure.unit))?,
        None => words::instead(&canvas, room, records)?,
    }
    canvas.present()?;
    drop(canvas);
    named(&text, &words::title(records))
}

/// With a name for whoever does not see it.
fn named(svg: &str, title: &str) -> Result<String> {
    let (opening, rest) = svg.split_once('>').context("an SVG without an element")?;
    let title = letters::escaped(title);
    Ok(format!(
        "{opening} role=\"img\">\n<title>{title}</title>{rest}"
    ))
}

//! The chart itself: each part where the page has it, at the size of a picture.

use anyhow::Result;
use app::charts::drawn::{Dot, Drawn, Note, Stretch};
use app::charts::scale::Scale;
use app::charts::sparkline::Look;
use app::format;
use app::view::figure::Unit;
use plotters::element::{Circle, DashedPathElement, PathElement, Rectangle};
use plotters::style::text_anchor::HPos;
use plotters::style::{Color, RGBColor};

use super::letters::Letters;
use super::{Canvas, HAIRLINE, INK, PAPER, QUIET, Room};

const BAND: RGBColor = RGBColor(0xe9, 0xed, 0xe8);
const EDGE: RGBColor = RGBColor(0x84, 0x8a, 0x93);
const LINE: RGBColor = RGBColor(0x3d, 0x44, 0x4d);
const BETTER: RGBColor = RGBColor(0x00, 0x72, 0xb2);
const WORSE: RGBColor = RGBColor(0xd5, 0x5e, 0x00);

const LABEL: Letters = Letters::new(16.0, QUIET);
const MARK: Letters = Letters {
    size: 17.0,
    colour: INK,
    is_bold: true,
};
/// A dot's radius, and that of the ring around one that stood out.
const DOT: u32 = 6;
const RING: u32 = 12;

impl Room {
    /// A place in percent of the room's width and height.
    fn at(self, x: f64, y: f64) -> (i32, i32) {
        let along = |from: i32, to: i32, share: f64| {
            from + (f64::from(to - from) * share / 100.0).round() as i32
        };
        (
            along(self.left, self.right, x),
            along(self.top, self.bottom, y),
        )
    }
}

/// Draws all parts, those that lie behind first.
pub(super) fn plot(
    canvas: &Canvas<'_>,
    room: Room,
    (drawn, scale, unit): (&Drawn, &Scale, Unit),
) -> Result<()> {
    for own in &drawn.stretches {
        stretch(canvas, room, own)?;
    }
    axis(canvas, room, scale, unit)?;
    for (x, name) in &drawn.dividers {
        divider(canvas, room, *x, name)?;
    }
    for own in &drawn.notes {
        note(canvas, room, own)?;
    }
    for (from, to) in &drawn.lines {
        let ends = [room.at(from.x, from.y), room.at(to.x, to.y)];
        canvas.draw(&PathElement::new(ends, LINE.stroke_width(2)))?;
    }
    for own in &drawn.dots {
        dot(canvas, room, own)?;
    }
    for (height, said) in &drawn.labels {
        let (x, y) = room.at(100.0, *height);
        LABEL.write(canvas, said, (HPos::Left, (x + 12, y)))?;
    }
    for week in &drawn.weeks {
        let (x, y) = room.at(scale.x(week.place), 100.0);
        LABEL.write(canvas, &week.name, (HPos::Center, (x, y + 24)))?;
    }
    Ok(())
}

/// Round values at the left edge, each with a tick.
fn axis(canvas: &Canvas<'_>, room: Room, scale: &Scale, unit: Unit) -> Result<()> {
    for (value, said) in format::axis(scale.extent(), unit) {
        let (x, y) = room.at(0.0, scale.y(value));
        let tick = [(x - 14, y), (x - 6, y)];
        canvas.draw(&PathElement::new(tick, EDGE.stroke_width(1)))?;
        LABEL.write(canvas, &said, (HPos::Right, (x - 22, y)))?;
    }
    let edge = [room.at(0.0, 100.0), room.at(100.0, 100.0)];
    Ok(canvas.draw(&PathElement::new(edge, HAIRLINE.stroke_width(1)))?)
}

fn stretch(canvas: &Canvas<'_>, room: Room, own: &Stretch) -> Result<()> {
    let corners = [room.at(own.left, own.top), room.at(own.right, own.bottom)];
    match own.is_provisional {
        false => canvas.draw(&Rectangle::new(corners, BAND.filled()))?,
        true => {
            for height in [own.top, own.bottom] {
                dashed(
                    canvas,
                    [room.at(own.left, height), room.at(own.right, height)],
                    6,
                )?;
            }
        }
    }
    for height in &own.halfway {
        dashed(
            canvas,
            [room.at(own.left, *height), room.at(own.right, *height)],
            2,
        )?;
    }
    let centre = [
        room.at(own.left, own.centre),
        room.at(own.right, own.centre),
    ];
    Ok(canvas.draw(&PathElement::new(centre, QUIET.stroke_width(1)))?)
}

fn dashed(canvas: &Canvas<'_>, ends: [(i32, i32); 2], dash: i32) -> Result<()> {
    let line = DashedPathElement::new(ends, dash, 6, EDGE.stroke_width(1));
    Ok(canvas.draw(&line)?)
}

fn divider(canvas: &Canvas<'_>, room: Room, x: f64, name: &str) -> Result<()> {
    let [top, bottom] = [room.at(x, 0.0), room.at(x, 100.0)];
    canvas.draw(&PathElement::new([top, bottom], LINE.stroke_width(1)))?;
    MARK.write(canvas, name, (HPos::Left, (top.0 + 7, top.1 + 10)))
}

fn note(canvas: &Canvas<'_>, room: Room, own: &Note) -> Result<()> {
    let (x, top) = room.at(own.x, 0.0);
    let foot = if own.is_raised { top - 18 } else { top };
    if let Some(y) = own.y {
        dashed(canvas, [(x, foot), room.at(own.x, y)], 3)?;
    }
    MARK.write(canvas, &own.name, (HPos::Center, (x, foot - 10)))
}

fn dot(canvas: &Canvas<'_>, room: Room, own: &Dot) -> Result<()> {
    let at = room.at(own.place.x, own.place.y);
    if own.ringed {
        canvas.draw(&Circle::new(at, RING, LINE.stroke_width(2)))?;
    }
    let fill = match own.look {
        Look::Plain => LINE,
        Look::Hollow => PAPER,
        Look::Better => BETTER,
        Look::Worse => WORSE,
    };
    canvas.draw(&Circle::new(at, DOT, fill.filled()))?;
    if own.look == Look::Hollow {
        canvas.draw(&Circle::new(at, DOT, LINE.stroke_width(2)))?;
    }
    Ok(())
}

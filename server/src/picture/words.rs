//! What stands above and below the chart in words, and in its place where there is nothing to draw.

use anyhow::Result;
use app::charts::drawn::letter;
use app::charts::process::{Caption, caption};
use app::components::{figure, signal_mark};
use app::format;
use app::view::records::Records;
use plotters::element::PathElement;
use plotters::style::Color;
use plotters::style::text_anchor::HPos;

use super::letters::Letters;
use super::{Canvas, HAIRLINE, INK, Origin, QUIET, Room, SIZE};

const LEFT: i32 = 48;
const RIGHT: i32 = SIZE.0 as i32 - LEFT;
const WIDTH: f64 = (RIGHT - LEFT) as f64;

const TITLE: Letters = Letters {
    size: 33.0,
    colour: INK,
    is_bold: true,
};
const LONG_TITLE: Letters = Letters {
    size: 28.0,
    ..TITLE
};
const BESIDE: Letters = Letters::new(18.0, QUIET);
const SMALL: Letters = Letters::new(15.0, QUIET);
const INSTEAD: Letters = Letters::new(24.0, INK);
/// So wide may the name of a scope be in the title, that the value is never what is left out.
const SCOPE_WIDTH: f64 = 720.0;
/// Room under the chart for the names of its weeks, and above it for marks.
const WEEKS_HEIGHT: i32 = 52;

/// The finding: "Change lead time, Checkout: 2.1 days, better".
pub(super) fn title(records: &Records) -> String {
    let shown = &records.figure;
    let mut of = vec![
        records.name.clone(),
        TITLE.cut(&records.scope_name, SCOPE_WIDTH),
    ];
    if shown.segment != "all" {
        of.push(format!("{} {}", shown.segment, records.records_noun));
    }
    let found = match format::figure(shown) {
        Some(value) => {
            let word = signal_mark::in_a_word(shown, records.chart.usable_weeks);
            format!("{value}, {word}")
        }
        None => "no value".to_owned(),
    };
    format!("{}: {found}", of.join(", "))
}

/// What the finding rests on.
fn beside(records: &Records) -> String {
    let shown = &records.figure;
    let interval = figure::interval(shown, &records.records_noun);
    let interval = interval.map(|said| match shown.interval {
        Some(_) => format!("95\u{202f}% interval {said}"),
        None => said,
    });
    let counted = format::counted(shown.sample, &records.records_noun);
    let parts = [
        Some(format::week(&shown.week)),
        Some(counted),
        interval,
        signal_mark::limit(shown, records.chart.usable_weeks),
        figure::state(shown, records.settles_on),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(" · ")
}

/// Title and what it rests on; returns where the chart may begin.
pub(super) fn above(canvas: &Canvas<'_>, records: &Records) -> Result<i32> {
    let title = title(records);
    let letters = match TITLE.width(&title) <= WIDTH {
        true => TITLE,
        false => LONG_TITLE,
    };
    let mut y = 52;
    for line in letters.lines(&title, WIDTH, 3) {
        letters.write(canvas, &line, (HPos::Left, (LEFT, y)))?;
        y += 42;
    }
    for line in BESIDE.lines(&beside(records), WIDTH, 2) {
        BESIDE.write(canvas, &line, (HPos::Left, (LEFT, y)))?;
        y += 26;
    }
    let marks = if records.chart.notes.is_empty() {
        0
    } else {
        18
    };
    Ok(y + 14 + marks)
}

/// What is drawn, and where it comes from; returns where the chart must end.
pub(super) fn below(
    canvas: &Canvas<'_>,
    records: &Records,
    origin: &Origin,
    is_drawn: bool,
) -> Result<i32> {
    let mut y = SIZE.1 as i32 - 24;
    for line in from(records, origin).iter().rev() {
        SMALL.write(canvas, line, (HPos::Left, (LEFT, y)))?;
        y -= 22;
    }
    let line = [(LEFT, y + 6), (RIGHT, y + 6)];
    canvas.draw(&PathElement::new(line, HAIRLINE.stroke_width(1)))?;
    y -= 12;
    if !is_drawn {
        return Ok(y);
    }
    for line in under(records).iter().rev() {
        SMALL.write(canvas, line, (HPos::Left, (LEFT, y)))?;
        y -= 22;
    }
    Ok(y - WEEKS_HEIGHT)
}

/// The footer's lines.
fn from(records: &Records, origin: &Origin) -> Vec<String> {
    let when = format!(
        "{} · {}",
        format::week(&records.figure.week),
        format::last_data(records.data_as_of, &records.time_zone)
    );
    let made_up = origin.generated.map(|generated| generated.in_words());
    let mut lines = SMALL.lines(&origin.address, WIDTH, 1);
    lines.insert(
        0,
        [Some(when), made_up]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
    );
    lines
}

/// What the chart shows, and what was said about it under the names of its marks.
fn under(records: &Records) -> Vec<String> {
    /// So many leave the chart its height.
    const MARKS: usize = 4;
    let chart = &records.chart;
    let caption = caption(&records.figure, chart, Caption::Whole);
    let mut lines = SMALL.lines(&caption, WIDTH, 2);
    let dividers = chart.dividers.iter().enumerate().map(|(place, own)| {
        let from = format::dated_week(&own.week);
        format!(
            "{} New limits from {from}: {}",
            letter(place),
            own.what_changed
        )
    });
    let notes = (1..).zip(&chart.notes).map(|(number, own)| {
        let week = format::week_name(&own.week);
        let day = format::day(own.at.date_naive());
        format!("{number} {week} ({}, {day}): {}", own.by, own.said)
    });
    let mut marks: Vec<String> = dividers.chain(notes).collect();
    if marks.len() > MARKS {
        let left_out = marks.len() - (MARKS - 1);
        marks.drain(..left_out);
        lines.push(format!(
            "… and {left_out} before these, at the address below."
        ));
    }
    lines.extend(marks.iter().map(|mark| SMALL.cut(mark, WIDTH)));
    lines
}

/// Why there is no chart.
pub(super) fn instead(canvas: &Canvas<'_>, room: Room, records: &Records) -> Result<()> {
    let why = records.figure.reason.as_deref();
    let said = format!(
        "There is nothing to draw in these {}: {}.",
        format::counted(records.chart.points.len() as u64, "weeks"),
        why.unwrap_or("no week has a value")
    );
    let mut y = (room.top + room.bottom) / 2 - 24;
    for line in INSTEAD.lines(&said, WIDTH, 4) {
        INSTEAD.write(canvas, &line, (HPos::Left, (LEFT, y)))?;
        y += 34;
    }
    Ok(())
}

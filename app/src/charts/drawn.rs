//! What a process chart is made of, each part in its place: the page draws it as markup, the server as
//! a picture, and so both show the same.

use super::scale::{Place, Scale, neighbours};
use super::sparkline::{Look, look};
use crate::format::{self, Sample};
use crate::view::chart::{Chart, Limits};
use crate::view::figure::Figure;

/// All parts; places are in percent of the drawing's width and height.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    pub stretches: Vec<Stretch>,
    /// Where limits begin anew, and the letter under which the reason stands.
    pub dividers: Vec<(f64, String)>,
    pub notes: Vec<Note>,
    /// Between weeks with no missing one between them; none while there are five or fewer.
    pub lines: Vec<(Place, Place)>,
    pub dots: Vec<Dot>,
    /// The newest limits in words, each at its height.
    pub labels: Vec<(f64, String)>,
    pub weeks: Vec<Week>,
}

/// What some weeks are judged by.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    pub left: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
    pub centre: f64,
    /// The heights half-way to the limits.
    pub halfway: Vec<f64>,
    pub is_provisional: bool,
}

/// A week's point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    pub place: Place,
    pub look: Look,
    /// Whether it stood out when it was the newest.
    pub ringed: bool,
}

/// A week that something was said about.
#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    /// The number under which it stands.
    pub name: String,
    pub x: f64,
    /// The height of the week's point, if it has one.
    pub y: Option<f64>,
    /// Whether it stands in the second row above the chart, as the one before it is near.
    pub is_raised: bool,
}

/// A week that is named under the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Week {
    pub place: usize,
    pub name: String,
    /// Whether it gives way where there is little room.
    pub between: bool,
}

/// Wide enough for every week and all limits.
pub fn scale(chart: &Chart) -> Scale {
    let ranges = chart.limits.iter().flat_map(|limits| limits.normal_range);
    Scale::of_values(&chart.points, ranges)
}

/// The parts of a chart; nothing of one in which no week has a value.
pub fn drawn(figure: &Figure, chart: &Chart, scale: &Scale) -> Option<Drawn> {
    let places = scale.places(&chart.points);
    if places.is_empty() {
        return None;
    }
    let joined = places.len() > 5;
    let dot = |place: &Place| {
        let week = &chart.points.get(place.week)?.week;
        Some(Dot {
            place: *place,
            look: look(*place, (*week == figure.week).then_some(figure)),
            ringed: chart.signals.iter().any(|marked| marked.week == *week),
        })
    };
    let stretches = chart.limits.iter();
    let dividers = chart.dividers.iter().enumerate();
    Some(Drawn {
        stretches: stretches
            .filter_map(|limits| stretch(limits, chart, scale))
            .collect(),
        dividers: dividers
            .filter_map(|(place, own)| Some((scale.edge(column(chart, &own.week)?), letter(place))))
            .collect(),
        notes: notes(chart, scale),
        lines: neighbours(&places).filter(|_| joined).collect(),
        dots: places.iter().filter_map(dot).collect(),
        labels: labels(figure, chart, scale),
        weeks: weeks(chart),
    })
}

fn column(chart: &Chart, week: &str) -> Option<usize> {
    chart.points.iter().position(|point| point.week == week)
}

fn stretch(limits: &Limits, chart: &Chart, scale: &Scale) -> Option<Stretch> {
    let (from, to) = (column(chart, &limits.from)?, column(chart, &limits.to)?);
    let begins = chart.points.iter().position(|point| point.value.is_some());
    let [low, high] = limits.normal_range;
    // Halfway to a limit, as the rule has it: also where the limit itself is drawn at 0.
    let halfway = [-1.5, 1.5].map(|sigmas| limits.centre + sigmas * limits.sigma);
    let halfway = halfway.into_iter();
    Some(Stretch {
        left: scale.edge(from.max(begins?)),
        right: scale.edge(to + 1),
        top: scale.y(high),
        bottom: scale.y(low).max(scale.y(high)),
        centre: scale.y(limits.centre),
        halfway: halfway
            .filter(|value| low < *value && *value < high)
            .map(|value| scale.y(value))
            .collect(),
        is_provisional: limits.weeks < 12,
    })
}

/// What a divider is called, so that it is not taken for a note: A to Z, then AA.
///
/// ```
/// let names = [0, 25, 26, 51, 52].map(app::charts::drawn::letter);
/// assert_eq!(names, ["A", "Z", "AA", "AZ", "BA"]);
/// ```
pub fn letter(place: usize) -> String {
    const LETTERS: usize = 26;
    let last = char::from(b'A' + (place % LETTERS) as u8);
    match place / LETTERS {
        0 => last.to_string(),
        more => format!("{}{last}", letter(more - 1)),
    }
}

/// Notes are numbered in the order of their weeks.
fn notes(chart: &Chart, scale: &Scale) -> Vec<Note> {
    /// So many columns further on there is room beside a number, also in a year on a narrow page.
    const NEAR: usize = 2;
    let mut notes: Vec<Note> = Vec::new();
    let mut before = None;
    for (place, written) in chart.notes.iter().enumerate() {
        let Some(at) = column(chart, &written.week) else {
            continue;
        };
        let is_near = before.is_some_and(|before| at <= before + NEAR);
        notes.push(Note {
            name: (place + 1).to_string(),
            x: scale.x(at),
            y: chart.points[at].value.map(|value| scale.y(value)),
            is_raised: is_near && notes.last().is_some_and(|last| !last.is_raised),
        });
        before = Some(at);
    }
    notes
}

/// The newest limits by value, and the centre by name where there is room for it.
fn labels(figure: &Figure, chart: &Chart, scale: &Scale) -> Vec<(f64, String)> {
    let Some(limits) = chart.limits.last() else {
        return Vec::new();
    };
    let [low, high] = limits.normal_range;
    let sample = Sample(figure.sample);
    let [low_said, high_said] = format::limits(limits.normal_range, figure.unit, sample);
    let (top, middle, bottom) = (scale.y(high), scale.y(limits.centre), scale.y(low));
    if bottom - top < 10.0 {
        return Vec::new();
    }
    let mut labels = vec![(top, high_said), (bottom, low_said)];
    if middle - top > 10.0 && bottom - middle > 10.0 {
        let [said, _] = format::limits([limits.centre, limits.centre], figure.unit, sample);
        labels.insert(1, (middle, format!("average {said}")));
    }
    labels
}

/// Every fourth week, counted back from the shown one; of a year every eighth, of a few weeks each.
fn weeks(chart: &Chart) -> Vec<Week> {
    let count = chart.points.len();
    let every = match count {
        0..=12 => 1,
        13..=26 => 4,
        _ => 8,
    };
    let named = |(place, point): (usize, &crate::view::review::Point)| {
        let back = count - 1 - place;
        back.is_multiple_of(every).then(|| Week {
            place,
            name: point.week.rsplit('-').next().unwrap_or_default().to_owned(),
            between: !back.is_multiple_of(2 * every),
        })
    };
    let points = chart.points.iter().enumerate();
    points.filter_map(named).collect()
}

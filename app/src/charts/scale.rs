//! From weeks and values to places in a drawing, in percent of its width and height.

use crate::view::review::Point;

/// Where the points of one chart stand; value axis upwards, weeks to the right.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    low: f64,
    high: f64,
    weeks: usize,
    /// Where the columns begin and end.
    span: [f64; 2],
}

/// A point that has a value, in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    pub week: usize,
    pub x: f64,
    pub y: f64,
    pub hollow: bool,
}

impl Scale {
    /// Wide enough for every point and for the normal range.
    pub fn of(points: &[Point], normal_range: Option<[f64; 2]>) -> Self {
        Self::of_values(points, normal_range.into_iter().flatten())
    }

    /// Wide enough for every point and for these values.
    pub fn of_values(points: &[Point], others: impl Iterator<Item = f64>) -> Self {
        let values = points.iter().filter_map(|point| point.value);
        let all = values.chain(others);
        let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        Self {
            low,
            high,
            weeks: points.len(),
            span: [0.0, 100.0],
        }
    }

    /// The same heights for so many columns from one place to another.
    pub fn within(self, weeks: usize, span: [f64; 2]) -> Self {
        Self {
            weeks,
            span,
            ..self
        }
    }

    /// The lowest and the highest value that it holds.
    pub fn extent(&self) -> [f64; 2] {
        [self.low, self.high]
    }

    /// The middle of a week's column.
    pub fn x(&self, week: usize) -> f64 {
        self.along(week as f64 + 0.5)
    }

    /// The left edge of a week's column.
    pub fn edge(&self, week: usize) -> f64 {
        self.along(week as f64)
    }

    fn along(&self, columns: f64) -> f64 {
        let [left, right] = self.span;
        let share = columns / self.weeks.max(1) as f64;
        hundredths(left + (right - left) * share)
    }

    /// A value's height, measured from the top; the middle when all values are the same.
    ///
    /// ```
    /// use app::{charts::scale::Scale, view::review::Point};
    /// let point = |value| Point { week: "2026-W47".into(), value: Some(value), sample: 9, hollow: false };
    /// let scale = Scale::of(&[point(10.0), point(20.0)], None);
    /// assert_eq!([scale.y(20.0), scale.y(15.0), scale.y(10.0)], [8.0, 50.0, 92.0]);
    /// ```
    pub fn y(&self, value: f64) -> f64 {
        const MARGIN: f64 = 8.0;
        let extent = self.high - self.low;
        if extent <= 0.0 {
            return 50.0;
        }
        let share = (self.high - value) / extent;
        hundredths(MARGIN + share * (100.0 - 2.0 * MARGIN))
    }

    /// The points that have a value, each in its place.
    pub fn places(&self, points: &[Point]) -> Vec<Place> {
        let place = |(week, point): (usize, &Point)| {
            Some(Place {
                week,
                x: self.x(week),
                y: self.y(point.value?),
                hollow: point.hollow,
            })
        };
        points.iter().enumerate().filter_map(place).collect()
    }
}

/// Pairs of places with no missing week between them: the lines to draw.
pub fn neighbours(places: &[Place]) -> impl Iterator<Item = (Place, Place)> {
    places
        .windows(2)
        .filter(|pair| pair[0].week + 1 == pair[1].week)
        .map(|pair| (pair[0], pair[1]))
}

/// As text in percent, for an attribute.
pub fn percent(share: f64) -> String {
    format!("{share}%")
}

fn hundredths(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[Option<f64>]) -> Vec<Point> {
        let point = |value: &Option<f64>| Point {
            week: "2026-W47".to_owned(),
            value: *value,
            sample: 9,
            hollow: false,
        };
        values.iter().map(point).collect()
    }

    #[test]
    fn a_week_without_a_value_keeps_its_place_and_breaks_the_line() {
        let points = points(&[Some(1.0), None, Some(2.0), Some(3.0)]);
        let places = Scale::of(&points, None).places(&points);
        assert_eq!(
            places.iter().map(|place| place.x).collect::<Vec<_>>(),
            [12.5, 62.5, 87.5]
        );
        assert_eq!(neighbours(&places).count(), 1);
    }

    #[test]
    fn weeks_that_are_all_the_same_run_through_the_middle() {
        let points = points(&[Some(7.0), Some(7.0)]);
        assert_eq!(Scale::of(&points, None).y(7.0), 50.0);
    }
}

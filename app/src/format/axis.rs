//! Where an axis is marked, and how its marks are said: round numbers in the unit that its largest
//! value is said in.

use super::{Scale, THIN, signed};
use crate::view::figure::Unit;
use crate::view::money::named;

/// At most so many steps are aimed at.
const STEPS: f64 = 5.0;

/// The marks of an axis from one value to another, with their words, the lowest first.
///
/// ```
/// use app::{format::axis, view::figure::Unit};
/// let said = |range, unit| axis(range, unit).into_iter().map(|(_, said)| said).collect::<Vec<_>>();
/// assert_eq!(said([86_400.0, 388_800.0], Unit::Seconds), ["1\u{a0}day", "2\u{a0}days", "3\u{a0}days", "4\u{a0}days"]);
/// assert_eq!(said([0.0, 0.31], Unit::Ratio), ["0\u{202f}%", "10\u{202f}%", "20\u{202f}%", "30\u{202f}%"]);
/// assert_eq!(said([3.0, 3.0], Unit::Count), ["3"]);
/// ```
pub fn axis([low, high]: [f64; 2], unit: Unit) -> Vec<(f64, String)> {
    let scale = Scale::of(high, 2);
    let one = match unit {
        Unit::Count | Unit::Money(_) => 1.0,
        Unit::Ratio => 0.01,
        Unit::Seconds => scale.seconds,
    };
    let step = step((high - low) / one, unit);
    let places = (-step.log10().floor()).clamp(0.0, 6.0) as usize;
    let first = (low / one / step).ceil();
    // What is a hair beyond the end by rounding lies on it.
    let last = (high / one / step + 1e-9).floor();
    let marks = std::iter::successors(Some(first), |mark| Some(mark + 1.0));
    marks
        .take_while(|mark| *mark <= last)
        .map(|mark| {
            let amount = mark * step;
            let digits = signed(amount, &format!("{:.places$}", amount.abs()));
            let said = match unit {
                Unit::Count => digits,
                Unit::Money(currency) => named(&digits, currency),
                Unit::Ratio => format!("{digits}{THIN}%"),
                Unit::Seconds => scale.said(&digits),
            };
            (amount * one, said)
        })
        .collect()
}

/// One, two or five of a power of ten; a count is marked at whole numbers as far as it has some.
fn step(extent: f64, unit: Unit) -> f64 {
    if extent <= 0.0 {
        return 1.0;
    }
    let rough = extent / STEPS;
    let power = 10f64.powf(rough.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].map(|times| times * power);
    let step = steps.into_iter().find(|step| *step >= rough);
    let step = step.unwrap_or(10.0 * power);
    match unit {
        Unit::Count if extent >= 1.0 => step.max(1.0),
        _ => step,
    }
}

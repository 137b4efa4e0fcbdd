//! Numbers, durations, weeks and days as words: the one place for rounding.
//!
//! A value keeps two significant digits under 100 records and three from there on. Spaces inside
//! a number do not break; minus is a minus sign.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Utc, Weekday};

use crate::view::correction::Standing;
use crate::view::figure::{Figure, Unit};
use crate::view::money::named;

mod axis;

pub use axis::axis;

/// Between a number and its percent sign, and between thousands.
const THIN: char = '\u{202f}';

/// Between a number and its unit.
const FIXED: char = '\u{a0}';

/// What stands where there is no value.
pub const ABSENT: &str = "–";

/// How many records carry a value; decides its digits.
#[derive(Clone, Copy, Debug)]
pub struct Sample(pub u64);

impl Sample {
    fn digits(self) -> i32 {
        if self.0 < 100 { 2 } else { 3 }
    }
}

/// A figure's value in words; a ratio of fewer than twenty only as a fraction.
pub fn figure(figure: &Figure) -> Option<String> {
    let standing = Standing {
        value: figure.value,
        sample: figure.sample,
        numerator: figure.numerator,
        denominator: figure.denominator,
    };
    standing_in(&standing, figure.unit)
}

/// The same of a figure's value alone.
pub fn standing_in(figure: &Standing, unit: Unit) -> Option<String> {
    let shown = value(figure.value?, unit, Sample(figure.sample));
    Some(match (unit, figure.numerator, figure.denominator) {
        (Unit::Ratio, Some(part), Some(whole)) if whole < 20 => fraction(part, whole),
        _ => shown,
    })
}

/// Both parts of a ratio: "3 of 41".
pub fn fraction(part: u64, whole: u64) -> String {
    format!("{} of {}", count(part), count(whole))
}

/// A value with its unit.
///
/// ```
/// use app::{format::{value, Sample}, view::figure::Unit};
/// assert_eq!(value(181_440.0, Unit::Seconds, Sample(41)), "2.1\u{a0}days");
/// let euro = Unit::Money(app::view::money::Currency::parse("EUR"));
/// assert_eq!(value(1_234.5, euro, Sample(9)), "1\u{202f}234.50\u{a0}EUR");
/// assert_eq!(value(0.0421, euro, Sample(9)), "0.042\u{a0}EUR");
/// assert_eq!(value(0.0712, Unit::Ratio, Sample(140)), "7.12\u{202f}%");
/// ```
pub fn value(value: f64, unit: Unit, sample: Sample) -> String {
    match unit {
        Unit::Count if value.fract() == 0.0 => whole(value),
        Unit::Count => significant(value, sample.digits().max(-decimals(value, 0))),
        Unit::Ratio => format!("{}{THIN}%", significant(value * 100.0, sample.digits())),
        Unit::Money(currency) => named(&money(value), currency),
        Unit::Seconds => {
            let scale = Scale::of(value, sample.digits());
            scale.said(&scale.amount(value, sample))
        }
    }
}

/// An amount: cents where it is worth one, else two significant digits.
fn money(amount: f64) -> String {
    match amount.abs() {
        own if own >= 0.995 || own == 0.0 => signed(amount, &format!("{own:.2}")),
        _ => significant(amount, 2),
    }
}

/// Two bounds, each with its unit. Limits between counts are rounded inwards, so that a count lies
/// within the words exactly when it lies within the limits.
pub fn limits([low, high]: [f64; 2], unit: Unit, sample: Sample) -> [String; 2] {
    match unit {
        Unit::Count if low.ceil() <= high.floor() => [low.ceil(), high.floor()].map(whole),
        Unit::Count => [low, high].map(|bound| significant(bound, 3)),
        _ => [low, high].map(|bound| value(bound, unit, sample)),
    }
}

/// Two bounds as a range that names its unit once where both share it.
///
/// ```
/// use app::{format::{range, Sample}, view::figure::Unit};
/// assert_eq!(range([23.2, 45.9], Unit::Count, Sample(41)), "24–45");
/// ```
pub fn range(bounds: [f64; 2], unit: Unit, sample: Sample) -> String {
    let [low, high] = limits(bounds, unit, sample);
    const SPACES: [char; 2] = [THIN, FIXED];
    if unit == Unit::Count {
        return format!("{low}–{high}");
    }
    match (low.rsplit_once(SPACES), high.rsplit_once(SPACES)) {
        (Some((amount, a)), Some((_, b))) if is_same(a, b) || bounds[0] == 0.0 => {
            format!("{amount}–{high}")
        }
        _ => format!("{low}–{high}"),
    }
}

/// Whether two words name the same unit, of one or of many.
fn is_same(a: &str, b: &str) -> bool {
    a == b || (a, b) == ("day", "days")
}

/// By how much something is shorter or longer, from the bounds of a ratio that both lie on one side of
/// one: whole percentages, and factors from a doubling on.
///
/// ```
/// use app::format::change;
/// assert_eq!(change([0.52, 0.69]), "31 to 48\u{202f}% shorter");
/// assert_eq!(change([1.1, 1.35]), "10 to 35\u{202f}% longer");
/// assert_eq!(change([2.1, 3.4]), "2.1 to 3.4 times as long");
/// ```
pub fn change([low, high]: [f64; 2]) -> String {
    if low >= 2.0 {
        return format!(
            "{} to {} times as long",
            significant(low, 2),
            significant(high, 2)
        );
    }
    let percent = |ratio: f64| whole(((ratio - 1.0) * 100.0).abs());
    let [least, most, word] = match high < 1.0 {
        true => [percent(high), percent(low), "shorter".to_owned()],
        false => [percent(low), percent(high), "longer".to_owned()],
    };
    // What lies on one side of one is no zero.
    match (least.as_str(), most.as_str()) {
        ("0", "0") => format!("under 1{THIN}% {word}"),
        ("0", _) => format!("up to {most}{THIN}% {word}"),
        _ => format!("{least} to {most}{THIN}% {word}"),
    }
}

/// The two ends of a ratio around one: "between 12 % shorter and 20 % longer".
pub fn around([low, high]: [f64; 2]) -> String {
    let percent = |ratio: f64| whole(((ratio - 1.0) * 100.0).abs());
    format!(
        "between {}{THIN}% shorter and {}{THIN}% longer",
        percent(low.min(1.0)),
        percent(high.max(1.0))
    )
}

/// A ratio of two durations: "× 0.60".
pub fn factor(ratio: f64) -> String {
    format!("×{FIXED}{ratio:.2}")
}

/// A margin: "5 points".
pub fn counted_points(points: f64) -> String {
    match points {
        1.0 => "1 point".to_owned(),
        points => format!("{points} points"),
    }
}

/// A difference of two shares in percentage points, one decimal.
///
/// ```
/// assert_eq!(app::format::points(-0.0342), "\u{2212}3.4");
/// ```
pub fn points(difference: f64) -> String {
    let tenths = (difference * 1_000.0).round() / 10.0;
    signed(tenths, &format!("{:.1}", tenths.abs()))
}

/// A whole number, thousands apart.
///
/// ```
/// assert_eq!(app::format::count(12_345), "12\u{202f}345");
/// ```
pub fn count(number: u64) -> String {
    group(&number.to_string())
}

/// A number of things: "41 changes", "1 change", "no changes".
pub fn counted(number: u64, plural: &str) -> String {
    let noun = match number {
        1 => plural.strip_suffix('s').unwrap_or(plural),
        _ => plural,
    };
    match number {
        0 => format!("no {noun}"),
        _ => format!("{} {noun}", count(number)),
    }
}

/// How large something is, in powers of a thousand.
///
/// ```
/// assert_eq!(app::format::bytes(12_345_678), "12.3\u{a0}MB");
/// assert_eq!(app::format::bytes(7), "7\u{a0}bytes");
/// ```
pub fn bytes(bytes: u64) -> String {
    const NAMES: [&str; 5] = ["bytes", "kB", "MB", "GB", "TB"];
    if bytes < 1_000 {
        let name = if bytes == 1 { "byte" } else { NAMES[0] };
        return format!("{bytes}{FIXED}{name}");
    }
    let mut amount = bytes as f64;
    let mut place = 0;
    while rounded(amount, 3) >= 1_000.0 && place + 1 < NAMES.len() {
        amount /= 1_000.0;
        place += 1;
    }
    format!("{}{FIXED}{}", significant(amount, 3), NAMES[place])
}

/// The unit a duration is said in.
struct Scale {
    seconds: f64,
    name: &'static str,
}

impl Scale {
    /// The largest unit of which there is at least one, after rounding.
    fn of(seconds: f64, digits: i32) -> Self {
        const SCALES: [(f64, f64, &str); 3] =
            [(1.0, 60.0, "s"), (60.0, 60.0, "min"), (3_600.0, 24.0, "h")];
        SCALES
            .into_iter()
            .find(|(unit, carry, _)| rounded(seconds / unit, digits) < *carry)
            .map_or(
                Self {
                    seconds: 86_400.0,
                    name: "days",
                },
                |(seconds, _, name)| Self { seconds, name },
            )
    }

    /// At least one: what rounded up to this unit is said as one of it.
    fn amount(&self, seconds: f64, sample: Sample) -> String {
        let amount = seconds / self.seconds;
        let least = if self.seconds > 1.0 { 1.0 } else { 0.0 };
        significant(amount.max(least), sample.digits())
    }

    fn said(&self, amount: &str) -> String {
        match (amount, self.name) {
            ("1", "days") => format!("{amount}{FIXED}day"),
            (_, name) => format!("{amount}{FIXED}{name}"),
        }
    }
}

fn decimals(number: f64, digits: i32) -> i32 {
    if number == 0.0 {
        0
    } else {
        digits - 1 - number.abs().log10().floor() as i32
    }
}

fn rounded(number: f64, digits: i32) -> f64 {
    let factor = 10f64.powi(decimals(number, digits));
    (number * factor).round() / factor
}

/// A number with so many significant digits.
fn significant(number: f64, digits: i32) -> String {
    let number = rounded(number, digits);
    let places = decimals(number, digits).clamp(0, 6) as usize;
    signed(number, &format!("{:.places$}", number.abs()))
}

fn whole(number: f64) -> String {
    signed(number, &format!("{:.0}", number.abs()))
}

fn signed(number: f64, digits: &str) -> String {
    let sign = if number < 0.0 { "\u{2212}" } else { "" };
    format!("{sign}{}", group(digits))
}

fn group(text: &str) -> String {
    let (whole, fraction) = text
        .split_once('.')
        .map_or((text, None), |(w, f)| (w, Some(f)));
    let mut grouped = String::with_capacity(text.len() + 4);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(THIN);
        }
        grouped.push(digit);
    }
    if let Some(fraction) = fraction {
        grouped.push('.');
        grouped.push_str(fraction);
    }
    grouped
}

/// A day: "Mon 23 Nov 2026".
pub fn day(day: NaiveDate) -> String {
    day.format("%a %-d %b %Y").to_string()
}

/// An instant: "Mon 23 Nov 2026, 05:00 UTC".
pub fn instant(instant: DateTime<Utc>) -> String {
    instant.format("%a %-d %b %Y, %H:%M UTC").to_string()
}

/// An instant in somebody's own time: "Mon 23 Nov 2026, 06:00".
pub fn local(instant: DateTime<FixedOffset>) -> String {
    instant.format("%a %-d %b %Y, %H:%M").to_string()
}

/// An instant in the time of a place, which is named: "Mon 23 Nov 2026, 06:00 Berlin".
pub fn local_in(instant: DateTime<FixedOffset>, time_zone: &str) -> String {
    format!("{} {}", local(instant), place(time_zone))
}

/// How far the data reaches: "last data Mon 23 Nov 2026, 06:00 Berlin".
pub fn last_data(at: Option<DateTime<FixedOffset>>, time_zone: &str) -> String {
    match at {
        Some(at) => format!("last data {}", local_in(at, time_zone)),
        None => "no data received yet".to_owned(),
    }
}

/// "Europe/Berlin" as "Berlin"; a name without a place as it is.
pub fn place(time_zone: &str) -> String {
    let place = time_zone.rsplit('/').next().unwrap_or(time_zone);
    place.replace('_', " ")
}

/// An RFC 3339 instant as words, and unchanged when it is none.
pub fn instant_text(text: &str) -> String {
    parsed(text).map_or_else(|| text.to_owned(), instant)
}

fn parsed(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|at| at.with_timezone(&Utc))
}

/// A date written `2026-11-23` as a day in words, and unchanged when it is none.
pub fn date_text(text: &str) -> String {
    text.parse::<NaiveDate>()
        .map_or_else(|_| text.to_owned(), day)
}

/// A week with its days: "Week 47 · 16–22 Nov 2026".
///
/// ```
/// assert_eq!(app::format::week("2026-W53"), "Week 53 · 28 Dec 2026–3 Jan 2027");
/// ```
pub fn week(id: &str) -> String {
    match monday(id) {
        Some(first) => {
            let last = first + chrono::Days::new(6);
            format!("{} · {}", week_name(id), days(first, last))
        }
        None => id.to_owned(),
    }
}

/// A week's number in words, "Week 47"; the year is left to its days.
pub fn week_name(id: &str) -> String {
    match id.split_once("-W") {
        Some((_, number)) => format!("Week {}", number.trim_start_matches('0')),
        None => id.to_owned(),
    }
}

/// A week of any year, "week 7 of 2022".
pub fn dated_week(id: &str) -> String {
    match id.split_once("-W") {
        Some((year, number)) => format!("week {} of {year}", number.trim_start_matches('0')),
        None => id.to_owned(),
    }
}

/// A month written `2026-10` in words, "October 2026", and unchanged when it is none.
///
/// ```
/// assert_eq!(app::format::month("2026-10"), "October 2026");
/// ```
pub fn month(id: &str) -> String {
    format!("{id}-01")
        .parse::<NaiveDate>()
        .map_or_else(|_| id.to_owned(), |day| day.format("%B %Y").to_string())
}

/// Two days as a span, saying month and year once where they agree.
pub fn days(first: NaiveDate, last: NaiveDate) -> String {
    let opening = match (first.year() == last.year(), first.month() == last.month()) {
        (true, true) => "%-d",
        (true, false) => "%-d %b",
        (false, _) => "%-d %b %Y",
    };
    format!("{}–{}", first.format(opening), last.format("%-d %b %Y"))
}

/// The days from one week to another, both included.
///
/// ```
/// assert_eq!(app::format::days_of_weeks("2026-W44", "2026-W47"), "26 Oct–22 Nov 2026");
/// ```
pub fn days_of_weeks(from: &str, to: &str) -> String {
    match (monday(from), monday(to)) {
        (Some(first), Some(last)) => days(first, last + chrono::Days::new(6)),
        _ => format!("{from} to {to}"),
    }
}

/// Every week from one to another, both included, the oldest first.
///
/// ```
/// let weeks: Vec<_> = app::format::weeks("2026-W52", "2027-W01").collect();
/// assert_eq!(weeks, ["2026-W52", "2026-W53", "2027-W01"]);
/// ```
pub fn weeks(from: &str, to: &str) -> impl Iterator<Item = String> + use<> {
    let last = monday(to);
    let week = chrono::Days::new(7);
    let mondays = std::iter::successors(monday(from), move |day| day.checked_add_days(week));
    mondays
        .take_while(move |day| last.is_some_and(|last| *day <= last))
        .map(|day| day.format("%G-W%V").to_string())
}

fn monday(id: &str) -> Option<NaiveDate> {
    let (year, number) = id.split_once("-W")?;
    NaiveDate::from_isoywd_opt(year.parse().ok()?, number.parse().ok()?, Weekday::Mon)
}

#[cfg(test)]
mod tests;

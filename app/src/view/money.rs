//! Money: a decimal text with its currency, never a binary fraction, wherever it leaves the page.

use std::fmt::{self, Write as _};

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::figure::Unit;

/// A currency by its three letters.
///
/// ```
/// use app::view::money::Currency;
/// assert_eq!(Currency::parse("EUR").unwrap().to_string(), "EUR");
/// assert!(Currency::parse("euros").is_none());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub fn parse(text: &str) -> Option<Currency> {
        let letters: [u8; 3] = text.as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Currency(letters))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = self.0.iter();
        letters.try_for_each(|letter| f.write_char(char::from(*letter)))
    }
}

/// An amount as a decimal text, to six places and without zeros at the end.
///
/// ```
/// use app::view::money::decimal;
/// assert_eq!(decimal(0.412_3), "0.4123");
/// assert_eq!(decimal(12.0), "12");
/// assert_eq!(decimal(0.000_000_4), "0");
/// ```
pub fn decimal(amount: f64) -> String {
    let text = format!("{amount:.6}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    match text {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

/// An amount in words with its currency, where the company has named one.
///
/// ```
/// use app::view::money::{Currency, named};
/// assert_eq!(named("12.50", Currency::parse("EUR")), "12.50\u{a0}EUR");
/// assert_eq!(named("12.50", None), "12.50");
/// ```
pub fn named(amount: &str, currency: Option<Currency>) -> String {
    match currency {
        Some(currency) => format!("{amount}\u{a0}{currency}"),
        None => amount.to_owned(),
    }
}

/// An amount, or several, as it leaves the page: a number, and a decimal text where it is money.
pub(super) fn said(json: &mut serde_json::Value, unit: Unit) {
    let Unit::Money(_) = unit else { return };
    match json {
        serde_json::Value::Number(number) => {
            *json = number.as_f64().map(decimal).into();
        }
        serde_json::Value::Array(all) => all.iter_mut().for_each(|own| said(own, unit)),
        _ => {}
    }
}

/// A number, or a decimal text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Amount {
    Number(f64),
    Text(String),
}

impl Amount {
    fn read<E: Error>(self) -> Result<f64, E> {
        match self {
            Amount::Number(number) => Ok(number),
            Amount::Text(text) => text.parse().map_err(E::custom),
        }
    }
}

/// Reads an amount in either form.
pub(super) fn amount<'de, D: Deserializer<'de>>(from: D) -> Result<Option<f64>, D::Error> {
    let read = Option::<Amount>::deserialize(from)?;
    read.map(Amount::read).transpose()
}

/// Reads two amounts in either form.
pub(super) fn amounts<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[f64; 2]>, D::Error> {
    let read = Option::<[Amount; 2]>::deserialize(from)?;
    let Some([low, high]) = read else {
        return Ok(None);
    };
    Ok(Some([low.read()?, high.read()?]))
}

/// Writes a value that was made of plain numbers with its money as decimal texts.
pub(super) fn written<S: Serializer>(
    plain: Result<serde_json::Value, serde_json::Error>,
    (unit, members): (Unit, &[&str]),
    to: S,
) -> Result<S::Ok, S::Error> {
    let mut json = plain.map_err(serde::ser::Error::custom)?;
    for member in members {
        if let Some(own) = json.get_mut(*member) {
            said(own, unit);
        }
    }
    json.serialize(to)
}

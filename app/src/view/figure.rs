//! One number, with everything a reader needs to trust it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::money::{self, Currency};
use super::signal::{Rule, Signal};

/// What a value is counted in. Durations are seconds, ratios run from 0 to 1; money is named by its
/// currency, where the company has named one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Unit {
    Count,
    Seconds,
    Ratio,
    Money(Option<Currency>),
}

impl From<Unit> for String {
    fn from(unit: Unit) -> String {
        match unit {
            Unit::Count => "count".to_owned(),
            Unit::Seconds => "seconds".to_owned(),
            Unit::Ratio => "ratio".to_owned(),
            Unit::Money(Some(currency)) => currency.to_string(),
            Unit::Money(None) => "money".to_owned(),
        }
    }
}

impl TryFrom<String> for Unit {
    type Error = String;

    fn try_from(text: String) -> Result<Unit, String> {
        match text.as_str() {
            "count" => Ok(Unit::Count),
            "seconds" => Ok(Unit::Seconds),
            "ratio" => Ok(Unit::Ratio),
            "money" => Ok(Unit::Money(None)),
            currency => match Currency::parse(currency) {
                Some(currency) => Ok(Unit::Money(Some(currency))),
                None => Err(format!("{text:?} is no unit")),
            },
        }
    }
}

/// How far a figure may be trusted; the first that holds, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// There is no value.
    None,
    /// A source it needs is stale or failed.
    Stale,
    /// A source it needs is covered in part.
    Partial,
    /// A settled value was changed by later data.
    Restated,
    /// Its week has not settled yet.
    Maturing,
    /// Fewer than five records stand behind it.
    TooFew,
    /// Fewer than twenty usable weeks stand behind its normal range.
    Provisional,
    /// It holds an estimate.
    Estimated,
    /// None of the above.
    Exact,
}

/// A metric's value in one week, scope and segment. What is absent is `None`, never zero.
///
/// Serialises to the figure of the JSON contract, field for field; amounts of money as decimal texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Figure {
    pub metric: String,
    /// ISO week in the company's time zone, such as `2026-W47`.
    pub week: String,
    /// `company`, `service:SLUG` or `workflow:SLUG`.
    pub scope: String,
    /// `all`, `agent`, `assisted` or `unmarked`.
    pub segment: String,
    #[serde(deserialize_with = "money::amount")]
    pub value: Option<f64>,
    pub unit: Unit,
    /// How many records are listed behind the value.
    pub sample: u64,
    pub numerator: Option<u64>,
    pub denominator: Option<u64>,
    /// Nearest rank ⌈0.9 n⌉, for medians.
    #[serde(deserialize_with = "money::amount")]
    pub p90: Option<f64>,
    /// Bounds from what is unknown.
    #[serde(deserialize_with = "money::amount")]
    pub low: Option<f64>,
    #[serde(deserialize_with = "money::amount")]
    pub high: Option<f64>,
    /// Named parts of the value, in its unit.
    pub parts: Option<serde_json::Value>,
    /// 95 % interval of the value.
    #[serde(deserialize_with = "money::amounts")]
    pub interval: Option<[f64; 2]>,
    /// XmR limits from the weeks before this one, drawn within 0 (and, for ratios, 1).
    #[serde(deserialize_with = "money::amounts")]
    pub normal_range: Option<[f64; 2]>,
    pub signal: Signal,
    /// The rule that made the signal, when one did.
    pub rule: Option<Rule>,
    pub state: State,
    /// When this week's value stops moving by design (RFC 3339, UTC).
    pub settles: String,
    /// Why there is no value, or what is odd about it.
    pub reason: Option<String>,
    pub definition_version: u32,
    /// The list of the records behind the value, as an address below the site's root.
    pub records_url: String,
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Unit::Money(_) = self.unit else {
            return Figure::serialize(self, to);
        };
        let plain = Figure::serialize(self, serde_json::value::Serializer);
        let members = ["value", "p90", "low", "high", "interval", "normal_range"];
        money::written(plain, (self.unit, &members), to)
    }
}

impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Figure, D::Error> {
        Figure::deserialize(from)
    }
}

impl Figure {
    /// Of events so rare that the days between them are judged: how many days are usual, once enough
    /// gaps say so. None of all other figures.
    pub fn usual_days_between(&self) -> Option<Option<[f64; 2]>> {
        let usual = self.parts.as_ref()?.get("usual_days_between")?;
        Some(serde_json::from_value(usual.clone()).ok().flatten())
    }

    /// What stands behind its normal range, in the plural.
    pub fn behind(&self) -> &'static str {
        match self.usual_days_between() {
            Some(_) => "gaps",
            None => "weeks",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn money_leaves_as_decimal_text_and_comes_back() {
        let own = Figure {
            value: Some(0.1),
            unit: Unit::Money(Currency::parse("EUR")),
            normal_range: Some([0.05, 0.2]),
            ..samples::figure("cost_per_run", 0.1, Unit::Count, 9)
        };
        let json = serde_json::to_value(&own).unwrap();
        assert_eq!(
            (&json["value"], &json["unit"]),
            (&"0.1".into(), &"EUR".into())
        );
        assert_eq!(json["normal_range"], serde_json::json!(["0.05", "0.2"]));
        assert_eq!(serde_json::from_value::<Figure>(json).unwrap(), own);
    }

    #[test]
    fn money_of_no_currency_is_money_still() {
        let json = serde_json::to_value(Unit::Money(None)).unwrap();
        assert_eq!(json, "money");
        assert_eq!(
            serde_json::from_value::<Unit>(json).unwrap(),
            Unit::Money(None)
        );
        assert!(serde_json::from_value::<Unit>("euros".into()).is_err());
    }

    #[test]
    fn all_else_leaves_as_numbers() {
        let json =
            serde_json::to_value(samples::figure("change_size", 40.0, Unit::Count, 9)).unwrap();
        assert!(json["value"].is_number());
    }
}

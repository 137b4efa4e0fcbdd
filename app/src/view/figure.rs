//! One number, with everything a reader needs to trust it.

use serde::{Deserialize, Serialize};

use super::signal::{Rule, Signal};

/// What a value is counted in. Durations are seconds, ratios run from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Count,
    Seconds,
    Ratio,
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
/// Serialises to the figure of the JSON contract, field for field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    pub metric: String,
    /// ISO week in the company's time zone, such as `2026-W47`.
    pub week: String,
    /// `company`, `service:SLUG` or `workflow:SLUG`.
    pub scope: String,
    /// `all`, `agent`, `assisted` or `unmarked`.
    pub segment: String,
    pub value: Option<f64>,
    pub unit: Unit,
    /// How many records are listed behind the value.
    pub sample: u64,
    pub numerator: Option<u64>,
    pub denominator: Option<u64>,
    /// Nearest rank ⌈0.9 n⌉, for medians.
    pub p90: Option<f64>,
    /// Bounds from what is unknown.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Named parts of the value, in its unit.
    pub parts: Option<serde_json::Value>,
    /// 95 % interval of the value.
    pub interval: Option<[f64; 2]>,
    /// XmR limits from the weeks before this one, drawn within 0 (and, for ratios, 1).
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

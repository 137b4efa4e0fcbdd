//! A run of an agent as metrics see it.

/// What is settled about a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// None while it has not ended, or where nobody says how it did.
    pub outcome: Option<Outcome>,
    pub calls: i64,
    pub failed_calls: i64,
    /// In millionths of a millionth of the company's currency; none without a price.
    pub cost_pico: Option<i64>,
    /// Cached ones among them.
    pub input_tokens: i64,
    pub cached_tokens: i64,
    /// Whether a call did more than its agent's tier allows.
    pub is_above_tier: bool,
    /// Whether a policy denied it something.
    pub is_denied: bool,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Ok,
    Error,
    HandedOver,
}

impl Outcome {
    /// The outcome of this name.
    pub fn parse(text: &str) -> Option<Outcome> {
        match text {
            "ok" => Some(Outcome::Ok),
            "error" => Some(Outcome::Error),
            "handed_over" => Some(Outcome::HandedOver),
            _ => None,
        }
    }
}

/// Why a run has no part in what is said of outcomes.
pub const NO_OUTCOME: &str = "it has not ended, or nobody says how";

impl Run {
    /// One for this outcome, zero for another; why it has none.
    pub fn ended(&self, as_one: Outcome) -> Result<i64, &'static str> {
        let outcome = self.outcome.ok_or(NO_OUTCOME)?;
        Ok(i64::from(outcome == as_one))
    }
}

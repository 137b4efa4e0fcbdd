//! What a run cost, in the company's currency.
//!
//! Where prices are declared for a model, its tokens are priced by the one in force on the day on which
//! the run started; elsewhere the cost is taken as it was sent.

use chrono::{DateTime, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::store::registry::{ModelPrice, Registry};
use crate::store::runs::{Run, Tokens};

/// What a run cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Price {
    /// In millionths of a millionth of the company's currency.
    Of(i64),
    /// None that is known, and why.
    Unpriced(String),
}

pub(super) struct Prices<'a> {
    registry: &'a Registry,
}

/// Prices are for so many tokens.
const PER: i64 = 1_000_000;
/// What is smaller is rounded, half to even.
const PLACES: u32 = 12;

impl<'a> Prices<'a> {
    pub(super) fn of(registry: &'a Registry) -> Prices<'a> {
        Prices { registry }
    }

    pub(super) fn price(&self, run: &Run) -> Price {
        let day = DateTime::from_timestamp_millis(run.started_at)
            .unwrap_or_default()
            .date_naive();
        self.amount(run, day)
            .map_or_else(Price::Unpriced, Price::Of)
    }

    fn amount(&self, run: &Run, day: NaiveDate) -> Result<i64, String> {
        let priced = run
            .tokens
            .iter()
            .any(|own| self.of_model(&own.model, day).is_some());
        if priced {
            let mut sum = Decimal::ZERO;
            for own in &run.tokens {
                let cost = self.of_tokens(own, day)?;
                sum = sum.checked_add(cost).ok_or_else(too_much)?;
            }
            return pico(sum);
        }
        match (run.cost, &run.currency) {
            (Some(cost), Some(currency)) => pico(self.converted(cost, currency, day)?),
            _ if run.tokens.is_empty() => Err("no cost was sent".to_owned()),
            _ => Err("no price is known of its models, and no cost was sent".to_owned()),
        }
    }

    fn of_tokens(&self, own: &Tokens, day: NaiveDate) -> Result<Decimal, String> {
        let price = self
            .of_model(&own.model, day)
            .ok_or_else(|| format!("no price is known of {}", own.model))?;
        let fresh = own.input - own.cached_input;
        let parts = [
            (fresh, &price.input),
            (
                own.cached_input,
                price.cached_input.as_ref().unwrap_or(&price.input),
            ),
            (own.output, &price.output),
        ];
        let mut cost = Decimal::ZERO;
        for (tokens, price) in parts {
            let of =
                Decimal::from_str_exact(price).map_err(|_| format!("{price:?} is no price"))?;
            let of = Decimal::from(tokens).checked_mul(of);
            let of = of.and_then(|own| own.checked_div(Decimal::from(PER)));
            let sum = of.and_then(|own| cost.checked_add(own));
            cost = sum.ok_or_else(too_much)?;
        }
        self.converted(cost, &price.currency, day)
    }

    /// The newest price of a model that is in force on a day.
    fn of_model(&self, model: &str, day: NaiveDate) -> Option<&'a ModelPrice> {
        let own = self.registry.prices.iter().filter(|own| own.model == model);
        let in_force = own.filter(|own| is_in_force(&own.from, day));
        in_force.max_by(|one, other| one.from.cmp(&other.from))
    }

    fn converted(
        &self,
        amount: Decimal,
        currency: &str,
        day: NaiveDate,
    ) -> Result<Decimal, String> {
        let Some(own) = self.registry.company.currency.as_deref() else {
            return Err("the company has no currency yet".to_owned());
        };
        if currency == own {
            return Ok(amount);
        }
        let rates = self.registry.rates.iter();
        let rate = rates
            .filter(|rate| {
                rate.currency == currency && rate.to == own && is_in_force(&rate.from, day)
            })
            .max_by(|one, other| one.from.cmp(&other.from))
            .ok_or_else(|| format!("no rate from {currency} to {own} on {day}"))?;
        let rate = Decimal::from_str_exact(&rate.rate.to_string())
            .map_err(|_| format!("{} is no rate", rate.rate))?;
        amount.checked_mul(rate).ok_or_else(too_much)
    }
}

fn is_in_force(from: &str, day: NaiveDate) -> bool {
    from.parse::<NaiveDate>().is_ok_and(|from| from <= day)
}

fn pico(amount: Decimal) -> Result<i64, String> {
    let rounded = amount.round_dp_with_strategy(PLACES, RoundingStrategy::MidpointNearestEven);
    let scaled = rounded.checked_mul(Decimal::from(10_i64.pow(PLACES)));
    scaled
        .and_then(|own| {
            i64::try_from(own.trunc().mantissa() / 10_i128.pow(own.trunc().scale())).ok()
        })
        .ok_or_else(too_much)
}

fn too_much() -> String {
    "it costs more than can be counted".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::registry::{Company, Rate};

    fn registry() -> Registry {
        let price = |model: &str, from: &str, input: &str| ModelPrice {
            model: model.to_owned(),
            currency: "USD".to_owned(),
            input: input.to_owned(),
            cached_input: Some("0.3".to_owned()),
            output: "15".to_owned(),
            from: from.to_owned(),
        };
        Registry {
            company: Company {
                currency: Some("EUR".to_owned()),
                ..Company::default()
            },
            rates: vec![Rate {
                currency: "USD".to_owned(),
                to: "EUR".to_owned(),
                rate: 0.5,
                from: "1970-01-01".to_owned(),
            }],
            prices: vec![price("m", "1970-01-01", "3"), price("m", "1971-01-01", "6")],
            ..Registry::default()
        }
    }

    fn of(models: &[&str], cost: Option<(&str, &str)>) -> Price {
        let tokens = |model: &&str| Tokens {
            model: (*model).to_owned(),
            input: 1_000,
            cached_input: 400,
            output: 100,
        };
        let run = Run {
            tokens: models.iter().map(tokens).collect(),
            cost: cost.map(|(amount, _)| amount.parse().unwrap()),
            currency: cost.map(|(_, currency)| currency.to_owned()),
            ..Run::default()
        };
        Prices::of(&registry()).price(&run)
    }

    #[test]
    fn tokens_are_priced_by_what_was_in_force_and_cached_ones_apart() {
        // (600 × 3 + 400 × 0.3 + 100 × 15) ÷ 1,000,000 = 0.00342 USD.
        assert_eq!(of(&["m"], None), Price::Of(1_710_000_000));
    }

    #[test]
    fn a_model_without_a_price_leaves_the_run_unpriced_though_others_have_one() {
        assert!(matches!(
            of(&["m", "n"], Some(("1", "EUR"))),
            Price::Unpriced(_)
        ));
    }

    #[test]
    fn what_costs_more_than_can_be_counted_is_unpriced() {
        let huge = "79228162514264337593543950335";
        for cost in [(huge, "USD"), (huge, "EUR")] {
            let unpriced = Price::Unpriced(too_much());
            assert_eq!(of(&[], Some(cost)), unpriced);
        }
        let mut registry = registry();
        registry.prices[1].input = "70000000000000000000000".to_owned();
        let tokens = Tokens {
            model: "m".to_owned(),
            input: i64::MAX,
            cached_input: 0,
            output: 0,
        };
        let run = Run {
            started_at: 400 * 86_400_000,
            tokens: vec![tokens],
            ..Run::default()
        };
        let price = Prices::of(&registry).price(&run);
        assert_eq!(price, Price::Unpriced(too_much()));
    }

    #[test]
    fn without_any_price_the_cost_is_taken_as_sent() {
        assert_eq!(of(&["n"], Some(("0.1", "EUR"))), Price::Of(100_000_000_000));
        assert_eq!(of(&[], Some(("0.1", "USD"))), Price::Of(50_000_000_000));
        assert!(matches!(of(&[], Some(("0.1", "GBP"))), Price::Unpriced(_)));
        assert!(matches!(of(&["n"], None), Price::Unpriced(_)));
    }
}

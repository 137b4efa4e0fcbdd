//! What executives decide about the answer: the margin, the baseline, the two metrics. Weeks that are
//! frozen keep what was said of them.

use std::str::FromStr;

use serde_json::{Value, json};

use super::{By, Error, keep, refused};
use crate::figures;
use crate::metrics::answer::spans::{BASELINE_FROM, Span as Weeks};
use crate::metrics::catalogue;
use crate::metrics::week::Week;
use crate::store::acts::decided::{BASELINE, COMPANY, DECIDING, MARGIN};
use crate::store::registry::{self, Company, Deciding, Kind, Registry, Span};
use crate::store::{Db, to_json};

/// What is decided, as it was typed.
#[derive(Clone, Copy, Debug)]
pub enum Decision<'a> {
    /// In percentage points.
    Margin { points: &'a str },
    /// Two weeks; both empty for the weeks before the first agent.
    Baseline { from: &'a str, to: &'a str },
    /// Ids of metrics.
    Deciding { speed: &'a str, quality: &'a str },
}

impl Decision<'_> {
    /// The kind of its act.
    fn kind(&self) -> &'static str {
        match self {
            Decision::Margin { .. } => MARGIN,
            Decision::Baseline { .. } => BASELINE,
            Decision::Deciding { .. } => DECIDING,
        }
    }

    /// What stands of it.
    fn of(&self, company: &Company) -> Value {
        match self {
            Decision::Margin { .. } => json!(company.margin_points),
            Decision::Baseline { .. } => json!(company.baseline),
            Decision::Deciding { .. } => json!(company.deciding),
        }
    }
}

/// Sets what is decided from now on, or says why not.
pub async fn decide(db: &Db, decision: Decision<'_>, by: By<'_>) -> Result<(), Error> {
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    let registry = registry::load(&mut tx).await?;
    let company = decided(&registry, decision, by.now_ms)?;
    let change = [decision.of(&registry.company), decision.of(&company)];
    if change[0] == change[1] {
        return refused("That is what stands already.");
    }
    let body = to_json("the company", &company)?;
    registry::put(&mut tx, Kind::Company, "company", &body).await?;
    keep(&mut tx, by, (decision.kind(), COMPANY), change).await?;
    Ok(tx.commit().await?)
}

/// The company as it is to be.
fn decided(registry: &Registry, decision: Decision<'_>, now_ms: i64) -> Result<Company, Error> {
    let mut company = registry.company.clone();
    match decision {
        Decision::Margin { points } => company.margin_points = Some(margin(points)?),
        Decision::Baseline { from, to } => {
            let calendar = figures::calendar(&registry.company);
            let latest = calendar.week_of(now_ms).previous();
            company.baseline = baseline([from, to], latest)?;
        }
        Decision::Deciding { speed, quality } => {
            company.deciding = Some(deciding(speed, quality)?);
        }
    }
    Ok(company)
}

fn margin(typed: &str) -> Result<f64, Error> {
    let points = typed.trim().replace(',', ".").parse::<f64>();
    match points {
        Ok(points) if points > 0.0 && points < 100.0 => Ok(points),
        _ => refused(format!(
            "A margin is a number of percentage points above 0 and below 100, such as 5; {:?} is none.",
            typed.trim()
        )),
    }
}

fn baseline([from, to]: [&str; 2], latest: Week) -> Result<Option<Span>, Error> {
    let [from, to] = [from.trim(), to.trim()];
    if from.is_empty() && to.is_empty() {
        return Ok(None);
    }
    let week = |typed: &str| {
        Week::from_str(typed).map_err(|error| Error::Refused(format!("{typed:?} is {error}.")))
    };
    let span = Weeks {
        from: week(from)?,
        to: week(to)?,
    };
    if span.from > span.to {
        return refused(format!(
            "A baseline cannot end in {to}, before it begins in {from}."
        ));
    }
    if span.to > latest {
        return refused(format!(
            "A baseline holds complete weeks; the latest is {latest}, and {to} comes after it."
        ));
    }
    let weeks = span.length();
    if weeks < BASELINE_FROM as u64 {
        let weeks = if weeks == 1 {
            "1 week".to_owned()
        } else {
            format!("{weeks} weeks")
        };
        return refused(format!(
            "A baseline has at least {BASELINE_FROM} weeks; from {from} to {to} there are {weeks}."
        ));
    }
    Ok(Some(Span {
        from: span.from.to_string(),
        to: span.to.to_string(),
    }))
}

fn deciding(speed: &str, quality: &str) -> Result<Deciding, Error> {
    let metric = |id: &str| {
        catalogue::metric(id).ok_or_else(|| Error::Refused(format!("There is no metric {id:?}.")))
    };
    let (speed, quality) = (metric(speed)?, metric(quality)?);
    if !speed.is_duration() {
        return refused(format!(
            "{} cannot decide on speed: that takes a median of durations.",
            speed.name
        ));
    }
    if !quality.is_bad_share() {
        return refused(format!(
            "{} cannot decide on quality: that takes a share of records, and of those that went wrong.",
            quality.name
        ));
    }
    Ok(Deciding {
        speed: speed.id.to_owned(),
        quality: quality.id.to_owned(),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn week(text: &str) -> Week {
        text.parse().unwrap()
    }

    #[test]
    fn a_margin_is_a_number_of_points() {
        for (typed, points) in [("5", 5.0), (" 2.5 ", 2.5), ("0,5", 0.5)] {
            assert_eq!(margin(typed).unwrap(), points);
        }
        for typed in ["", "five", "0", "-1", "100", "NaN", "inf", "5 %"] {
            let why = margin(typed).unwrap_err().to_string();
            assert!(why.contains("percentage points"), "{typed}: {why}");
        }
    }

    #[test]
    fn a_baseline_is_twelve_complete_weeks_or_more_or_the_usual_one() {
        let said = |from, to| baseline([from, to], week("2026-W47"));
        assert_eq!(said("", " ").unwrap(), None);
        let kept = said(" 2025-W49", "2026-W08 ").unwrap().unwrap();
        assert_eq!(
            (kept.from.as_str(), kept.to.as_str()),
            ("2025-W49", "2026-W08")
        );
        for (from, to, why) in [
            ("2026-W01", "", "not a week"),
            ("last year", "2026-W20", "not a week"),
            ("2026-W20", "2026-W01", "before it begins"),
            ("2026-W10", "2026-W20", "there are 11 weeks"),
            ("2026-W20", "2026-W48", "the latest is 2026-W47"),
        ] {
            let refused = said(from, to).unwrap_err().to_string();
            assert!(refused.contains(why), "{from} {to}: {refused}");
        }
    }

    #[test]
    fn speed_is_a_median_of_durations_and_quality_a_share_that_went_wrong() {
        assert!(deciding("pr_cycle_time", "deployment_rework_rate").is_ok());
        for (speed, quality, why) in [
            ("change_size", "change_fail_rate", "median of durations"),
            ("change_lead_time", "incident_frequency", "share of records"),
            ("change_lead_time", "agent_share", "went wrong"),
            ("lines_of_code", "change_fail_rate", "no metric"),
        ] {
            let refused = deciding(speed, quality).unwrap_err().to_string();
            assert!(refused.contains(why), "{refused}");
        }
    }
}

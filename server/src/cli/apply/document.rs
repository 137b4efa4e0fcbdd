//! The registry as a TOML document: what it may say, and what it says wrongly.

mod hop;

use std::collections::BTreeSet;
use std::str::FromStr;

use anyhow::{Context, anyhow, bail};
use chrono::NaiveDate;
use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde::Deserialize;

use crate::auth::role::Role;
use crate::connections::declared;
use crate::metrics::freeze_time::FreezeTime;
use crate::metrics::week::Week;
use crate::store::registry::{
    Agent, Company, Deciding, ModelPrice, Rate, Registry, Service, Source, Span, Tool, Workflow,
    ZoneFrom,
};

/// A registry file. Unknown keys are refused by name.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub company: Option<CompanyTable>,
    #[serde(default)]
    pub person: Vec<Person>,
    #[serde(default)]
    pub service: Vec<Service>,
    #[serde(default)]
    workflow: Vec<Workflow>,
    #[serde(default)]
    agent: Vec<Agent>,
    #[serde(default)]
    pub tool: Vec<Tool>,
    #[serde(default)]
    pub rate: Vec<Rate>,
    #[serde(default)]
    pub price: Vec<ModelPrice>,
    #[serde(default)]
    source: Vec<Source>,
}

/// The `[company]` table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyTable {
    name: Option<String>,
    /// IANA name, such as `Europe/Berlin`.
    time_zone: Option<String>,
    /// The week a new time zone applies from.
    time_zone_from: Option<String>,
    currency: Option<String>,
    freeze: Option<String>,
    margin_points: Option<f64>,
    baseline: Option<Span>,
    deciding: Option<Deciding>,
}

/// A `[[person]]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub email: String,
    pub name: Option<String>,
    pub role: String,
}

impl Document {
    /// Reads a document; an error names the line and its key.
    pub fn parse(text: &str) -> anyhow::Result<Document> {
        toml::from_str(text).map_err(|error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start);
            let number = text.get(..at).unwrap_or(text).matches('\n').count() + 1;
            let line = text.lines().nth(number - 1).unwrap_or_default().trim();
            // What an unknown key holds is not repeated: it may be a secret in the wrong place.
            let is_unknown = error.message().starts_with("unknown field");
            let shown = match line.split_once('=').filter(|_| is_unknown) {
                Some((key, _)) => format!("{key}= …"),
                None => line.to_owned(),
            };
            anyhow!("line {number} ({shown:.80}): {}", error.message())
        })
    }

    /// Finds what cannot be right, before anything is written.
    pub fn check(&self, known: &Registry) -> anyhow::Result<()> {
        unique(
            "service",
            self.service.iter().map(|service| service.slug.as_str()),
        )?;
        unique(
            "workflow",
            self.workflow.iter().map(|workflow| workflow.slug.as_str()),
        )?;
        unique("agent", self.agent.iter().map(|agent| agent.id.as_str()))?;
        unique("tool", self.tool.iter().map(|tool| tool.name.as_str()))?;
        self.rates()?;
        self.prices()?;
        unique(
            "person",
            self.person.iter().map(|person| person.email.as_str()),
        )?;
        unique(
            "source",
            self.source.iter().map(|source| source.name.as_str()),
        )?;
        self.sources()?;
        for slug in self
            .service
            .iter()
            .map(|service| &service.slug)
            .chain(self.workflow.iter().map(|w| &w.slug))
        {
            check_slug(slug)?;
        }
        paths_once(&self.services_after(known))?;
        let services: BTreeSet<&str> = self
            .service
            .iter()
            .chain(&known.services)
            .map(|s| s.slug.as_str())
            .collect();
        let workflows: BTreeSet<&str> = self
            .workflow
            .iter()
            .chain(&known.workflows)
            .map(|w| w.slug.as_str())
            .collect();
        for workflow in &self.workflow {
            if let Some(unknown) = workflow
                .services
                .iter()
                .find(|slug| !services.contains(slug.as_str()))
            {
                bail!(
                    "workflow {} covers the service {unknown:?}, which is not registered; add [[service]] slug = {unknown:?}, or mend the name",
                    workflow.slug
                );
            }
            check_thresholds(workflow)?;
            hop::check(workflow)?;
        }
        for agent in &self.agent {
            if let Some(unknown) = agent
                .workflow
                .as_deref()
                .filter(|slug| !workflows.contains(slug))
            {
                bail!(
                    "agent {} works for the workflow {unknown:?}, which is not registered; add [[workflow]] slug = {unknown:?}, or mend the name",
                    agent.id
                );
            }
        }
        let freeze = self.company.as_ref().and_then(|own| own.freeze.as_deref());
        if let Some(time) = freeze {
            FreezeTime::from_str(time).with_context(|| format!("freeze {time:?}"))?;
        }
        for person in &self.person {
            if !person.email.contains('@') {
                bail!("person {:?} has no e-mail address", person.email);
            }
            Role::from_str(&person.role).with_context(|| format!("person {}", person.email))?;
        }
        Ok(())
    }

    /// Refuses a rate that converts nothing.
    fn rates(&self) -> anyhow::Result<()> {
        let keys: Vec<String> = self.rate.iter().map(Rate::key).collect();
        unique("rate", keys.iter().map(String::as_str))?;
        for rate in &self.rate {
            if rate.from.parse::<NaiveDate>().is_err() {
                bail!(
                    "rate {}: from {:?} is no day such as \"2026-11-01\"",
                    rate.key(),
                    rate.from
                );
            }
            if !rate.rate.is_finite() || rate.rate <= 0.0 {
                bail!(
                    "rate {}: {} is no rate; it must be above zero",
                    rate.key(),
                    rate.rate
                );
            }
        }
        Ok(())
    }

    /// Refuses a price that prices nothing.
    fn prices(&self) -> anyhow::Result<()> {
        let keys: Vec<String> = self.price.iter().map(ModelPrice::key).collect();
        unique("price", keys.iter().map(String::as_str))?;
        for own in &self.price {
            if own.from.parse::<NaiveDate>().is_err() {
                bail!(
                    "price {}: from {:?} is no day such as \"2026-11-01\"",
                    own.key(),
                    own.from
                );
            }
            let amounts = [
                Some(&own.input),
                own.cached_input.as_ref(),
                Some(&own.output),
            ];
            for amount in amounts.into_iter().flatten() {
                let read = Decimal::from_str_exact(amount);
                if read.is_err() || read.is_ok_and(|own| own.is_sign_negative()) {
                    bail!(
                        "price {}: {amount:?} is no price such as \"2.50\"",
                        own.key()
                    );
                }
            }
        }
        Ok(())
    }

    /// The services as they will stand: those of the file, and the others that are known.
    fn services_after<'a>(&'a self, known: &'a Registry) -> Vec<&'a Service> {
        let named: BTreeSet<&str> = self.service.iter().map(|own| own.slug.as_str()).collect();
        let others = known.services.iter();
        let others = others.filter(|other| !named.contains(other.slug.as_str()));
        self.service.iter().chain(others).collect()
    }

    /// The sources as they are to be.
    pub fn sources(&self) -> anyhow::Result<Vec<Source>> {
        let declared = self.source.iter().map(declared);
        Ok(declared.collect::<Result<_, _>>()?)
    }

    /// The workflows as they are to be: a tier or baseline that is set already stays.
    pub fn workflows(&self, known: &Registry, kept: &mut Vec<String>) -> Vec<Workflow> {
        let onto = |new: &Workflow| {
            let mut new = new.clone();
            if let Some(old) = known.workflows.iter().find(|old| old.slug == new.slug) {
                let name = format!("workflow {}", new.slug);
                let others = [
                    ("tier", keep(&mut new.tier, &old.tier, &None)),
                    ("baseline", keep(&mut new.baseline, &old.baseline, &None)),
                    (
                        "deciding metrics",
                        keep(&mut new.deciding, &old.deciding, &None),
                    ),
                ];
                let others = others.into_iter().filter(|(_, differs)| *differs);
                kept.extend(others.map(|(what, _)| stays(&format!("{name}: {what}"), None)));
            }
            new
        };
        self.workflow.iter().map(onto).collect()
    }

    /// The agents as they are to be: a tier that is set already stays.
    pub fn agents(&self, known: &Registry, kept: &mut Vec<String>) -> Vec<Agent> {
        let onto = |new: &Agent| {
            let mut new = new.clone();
            let old = known.agents.iter().find(|old| old.id == new.id);
            if old.is_some_and(|old| keep(&mut new.tier, &old.tier, &None)) {
                kept.push(stays(&format!("agent {}: tier", new.id), None));
            }
            new
        };
        self.agent.iter().map(onto).collect()
    }
}

impl CompanyTable {
    /// The company as it is to be: what the table does not name stays, and so does what only an
    /// executive changes once it is set.
    pub fn onto(
        &self,
        old: &Company,
        decided: &Decided,
        kept: &mut Vec<String>,
    ) -> anyhow::Result<Company> {
        let mut new = Company {
            name: self.name.clone().or_else(|| old.name.clone()),
            currency: self.currency.clone().or_else(|| old.currency.clone()),
            freeze: self.freeze.clone().or_else(|| old.freeze.clone()),
            margin_points: self.margin_points,
            baseline: self.baseline.clone(),
            deciding: self.deciding.clone(),
            time_zones: self.time_zones(old)?,
            generated_seed: old.generated_seed,
            story: old.story.clone(),
        };
        let mut stays = |what: &str, by: &Option<String>| kept.push(stays(what, by.as_deref()));
        if keep(&mut new.margin_points, &old.margin_points, &decided.margin) {
            stays("company: margin", &decided.margin);
        }
        if keep(&mut new.baseline, &old.baseline, &decided.baseline) {
            stays("company: baseline", &decided.baseline);
        }
        if keep(&mut new.deciding, &old.deciding, &decided.deciding) {
            stays("company: deciding metrics", &decided.deciding);
        }
        Ok(new)
    }

    fn time_zones(&self, old: &Company) -> anyhow::Result<Vec<ZoneFrom>> {
        let mut zones = old.time_zones.clone();
        let Some(zone) = self.time_zone.as_deref() else {
            return Ok(zones);
        };
        if Tz::from_str(zone).is_err() {
            bail!("time_zone {zone:?} is not known; use an IANA name such as \"Europe/Berlin\"");
        }
        if zones.last().is_some_and(|last| last.zone == zone) {
            return Ok(zones);
        }
        let from = self.time_zone_from.clone();
        if let Some(week) = from.as_deref() {
            Week::from_str(week).with_context(|| format!("time_zone_from {week:?}"))?;
        }
        match (zones.last(), &from) {
            (Some(last), None) => bail!(
                "the company's time zone is {}; to change it, say from which week on: time_zone_from = \"2026-W47\"",
                last.zone
            ),
            (Some(last), Some(week)) if last.from.as_ref().is_some_and(|last| last >= week) => {
                bail!("time_zone_from {week:?} does not come after the last change of time zone")
            }
            _ => zones.push(ZoneFrom {
                zone: zone.to_owned(),
                from,
            }),
        }
        Ok(zones)
    }
}

/// Who decided what in the page and when, in words; none where nobody did.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    pub margin: Option<String>,
    pub baseline: Option<String>,
    pub deciding: Option<String>,
}

/// Keeps what was set before or decided in the page; true when the file says otherwise.
fn keep<T: Clone + PartialEq>(
    new: &mut Option<T>,
    old: &Option<T>,
    decided: &Option<String>,
) -> bool {
    if old.is_none() && decided.is_none() {
        return false;
    }
    let differs = new.is_some() && new != old;
    new.clone_from(old);
    differs
}

/// "company: margin (set already; an executive changes it in the page)".
fn stays(what: &str, decided: Option<&str>) -> String {
    let why = decided.unwrap_or("set already");
    format!("{what} ({why}; an executive changes it in the page)")
}

fn unique<'a>(what: &str, keys: impl Iterator<Item = &'a str>) -> anyhow::Result<()> {
    let mut seen = BTreeSet::new();
    for key in keys {
        if !seen.insert(key) {
            bail!("{what} {key:?} stands in the file twice; join the two tables");
        }
    }
    Ok(())
}

/// Refuses a path that two services of one repository claim: what is changed there would be the work
/// of both. Services that name no repository are taken to share one.
fn paths_once(services: &[&Service]) -> anyhow::Result<()> {
    for (at, one) in services.iter().enumerate() {
        let beside = |other: &&&Service| {
            let mut shared = other.repositories.iter();
            shared.any(|name| one.repositories.contains(name))
                || (one.repositories.is_empty() && other.repositories.is_empty())
        };
        for other in services[at + 1..].iter().filter(beside) {
            let mut own = one.paths.iter().map(|path| folder(path));
            if let Some(path) = own.find(|path| other.paths.iter().any(|has| folder(has) == *path))
            {
                bail!(
                    "the services {} and {} both claim the path {path:?}; leave it to one of them, or name the repositories of each",
                    one.slug,
                    other.slug
                );
            }
        }
    }
    Ok(())
}

/// A path without what only says that it is a folder.
fn folder(path: &str) -> &str {
    path.trim_end_matches('*').trim_matches('/')
}

/// Refuses a threshold that no share of cases can stand against.
fn check_thresholds(workflow: &Workflow) -> anyhow::Result<()> {
    for suite in &workflow.suite {
        let Some(threshold) = suite.threshold_ratio else {
            continue;
        };
        if !(0.0..=1.0).contains(&threshold) {
            bail!(
                "workflow {}: the suite {} has threshold_ratio = {threshold}; it is a share of cases, from 0 to 1",
                workflow.slug,
                suite.name
            );
        }
    }
    Ok(())
}

/// Refuses what cannot name a service or workflow.
pub fn check_slug(slug: &str) -> anyhow::Result<()> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    if slug.is_empty() || slug.len() > 100 || !slug.chars().all(fits) {
        bail!("{slug:?} is no slug; use letters, digits, '-', '_', '.' or '/', at most 100");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_that_is_no_share_is_refused_with_its_suite() {
        let refusal = |threshold: &str| {
            let text = format!(
                "[[workflow]]\nslug = \"buying\"\n[[workflow.suite]]\nname = \"tone\"\nkind = \"regression\"\nthreshold_ratio = {threshold}"
            );
            let checked = Document::parse(&text).unwrap().check(&Registry::default());
            checked.err().map(|error| error.to_string())
        };
        assert_eq!((refusal("0.0"), refusal("1.0")), (None, None));
        for (threshold, said) in [("95.0", "95"), ("-0.1", "-0.1"), ("nan", "NaN")] {
            let whole = format!(
                "workflow buying: the suite tone has threshold_ratio = {said}; it is a share of cases, from 0 to 1"
            );
            assert_eq!(refusal(threshold), Some(whole));
        }
    }

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let error = Document::parse("[company]\nnmae = \"x\"")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("nmae") && error.contains("line 2"),
            "{error}"
        );
    }

    #[test]
    fn a_workflow_over_an_unknown_service_is_refused_with_what_to_do() {
        let document =
            Document::parse("[[workflow]]\nslug = \"w\"\nservices = [\"shop\"]").unwrap();
        let error = document
            .check(&Registry::default())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("\"shop\"") && error.contains("[[service]]"),
            "{error}"
        );
    }

    #[test]
    fn a_tier_that_is_set_stays_and_is_said() {
        let parse =
            |tier| Document::parse(&format!("[[workflow]]\nslug = \"w\"\ntier = {tier}")).unwrap();
        let known = Registry {
            workflows: parse(1).workflow,
            ..Registry::default()
        };
        let mut kept = Vec::new();
        let workflows = parse(2).workflows(&known, &mut kept);
        assert_eq!(workflows[0].tier, known.workflows[0].tier);
        assert_eq!(kept.len(), 1);
    }

    #[test]
    fn a_new_time_zone_needs_the_week_it_applies_from() {
        let zone = |text: &str| {
            Document::parse(&format!("[company]\n{text}"))
                .unwrap()
                .company
                .unwrap()
        };
        let berlin = zone("time_zone = \"Europe/Berlin\"")
            .onto(&Company::default(), &Decided::default(), &mut Vec::new())
            .unwrap();
        assert!(
            zone("time_zone = \"Asia/Tokyo\"")
                .onto(&berlin, &Decided::default(), &mut Vec::new())
                .is_err()
        );
        let both = zone("time_zone = \"Asia/Tokyo\"\ntime_zone_from = \"2026-W10\"").onto(
            &berlin,
            &Decided::default(),
            &mut Vec::new(),
        );
        assert_eq!(both.unwrap().time_zones.len(), 2);
    }
}

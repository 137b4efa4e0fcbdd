//! Defects that people find: in production or before, some in a place that nobody noted, some twice,
//! and some that are none.

use serde_json::Value;

use super::chance::Chance;
use super::changes;
use super::company::{Site, Week};
use super::hours::{DAY, HOUR, rfc3339};
use super::incidents::Cause;
use super::object::object;
use super::truth::facts::{Fact, Place};

pub(super) struct Defect {
    id: String,
    /// None for one of the whole company.
    service: Option<String>,
    title: String,
    found: i64,
    place: Option<Place>,
    /// When the place was noted, if it was later than the defect itself.
    noted: Option<i64>,
    resolution: Option<&'static str>,
    introduced_by: Option<Cause>,
}

/// What a defect may come from: a cause, and the scopes that cover it.
pub(super) type Origin = (Cause, Vec<String>);

/// The defects found at a service in a week. Where more deployments fail, more of them are found in
/// production.
pub(super) fn of_week(
    site: &Site,
    (merged, origins): (usize, &[Origin]),
    chance: &mut Chance,
) -> (Vec<Defect>, Vec<Fact>) {
    let merged = merged as f64;
    let finds = [
        (Some(Place::Production), None, site.week.failing),
        (Some(Place::PreRelease), None, 0.08),
        (None, None, 0.03),
        (Some(Place::Production), Some("duplicate"), 0.015),
        (Some(Place::PreRelease), Some("not_a_defect"), 0.015),
    ];
    let (mut defects, mut facts) = (Vec::new(), Vec::new());
    for (place, resolution, each) in finds {
        for _ in 0..chance.poisson(each * merged) {
            let number = defects.len() + 1;
            let mut defect = Defect {
                id: format!("{}-defect-{}-{number}", site.service.slug, site.week.index),
                service: Some(site.service.slug.clone()),
                title: format!(
                    "Wrong result around {}",
                    chance.one(&site.service.domain.things)
                ),
                resolution,
                ..Defect::drawn(site.week, place, chance)
            };
            let scopes = defect.come_from(site, origins, chance);
            facts.extend(defect.fact(scopes));
            defects.push(defect);
        }
    }
    (defects, facts)
}

/// A defect of the company as a whole.
pub(super) fn of_company(
    week: &Week,
    number: usize,
    chance: &mut Chance,
) -> (Defect, Option<Fact>) {
    let place = [Place::Production, Place::PreRelease][chance.below(2)];
    let defect = Defect {
        id: format!("company-defect-{}-{number}", week.index),
        title: "A page reads wrongly".to_owned(),
        ..Defect::drawn(week, Some(place), chance)
    };
    let fact = defect.fact(vec!["company".to_owned()]);
    (defect, fact)
}

impl Defect {
    /// Of what has no place, some is noted days later, as far as that lies in the generated weeks.
    fn drawn(week: &Week, mut place: Option<Place>, chance: &mut Chance) -> Defect {
        let found = changes::some_time(week, chance);
        let mut noted = None;
        if place.is_none() && chance.happens(0.4) {
            noted = Some(found + chance.between(DAY, 12 * DAY)).filter(|at| *at < week.known_until);
            place = noted.map(|_| Place::Production);
        }
        Defect {
            id: String::new(),
            service: None,
            title: String::new(),
            found,
            place,
            noted,
            resolution: chance.happens(0.1).then_some("wont_fix"),
            introduced_by: None,
        }
    }

    /// Draws where it comes from; answers the scopes in which it counts.
    fn come_from(&mut self, site: &Site, origins: &[Origin], chance: &mut Chance) -> Vec<String> {
        if !origins.is_empty() && chance.happens(0.5) {
            let (cause, scopes) = chance.one(origins);
            self.introduced_by = Some(cause.clone());
            return scopes.clone();
        }
        if chance.happens(0.2) {
            let release = format!("{}.{}", site.week.index / 10 + 1, site.week.index % 10);
            self.introduced_by = Some(("release", release));
        }
        site.company.around(site.service)
    }

    fn fact(&self, scopes: Vec<String>) -> Option<Fact> {
        let is_none = matches!(self.resolution, Some("duplicate" | "not_a_defect"));
        let place = self.place.filter(|_| !is_none)?;
        let at = self.found;
        Some(Fact::Defect { at, scopes, place })
    }

    /// As its source sends it at the end of a week, and again once its place is noted.
    pub(super) fn records(&self, week_ends: i64) -> (Value, Option<(i64, Value)>) {
        match self.noted {
            None => (self.version(self.found, self.place), None),
            Some(noted) if noted < week_ends => (self.version(noted, self.place), None),
            Some(noted) => {
                let then = self.version(noted, self.place);
                (self.version(self.found, None), Some((noted, then)))
            }
        }
    }

    fn version(&self, updated_at: i64, place: Option<Place>) -> Value {
        let mut record = object([
            ("id", self.id.as_str().into()),
            ("title", self.title.as_str().into()),
            ("found_at", rfc3339(self.found).into()),
            ("updated_at", rfc3339(updated_at).into()),
        ]);
        let texts = [
            ("service", self.service.clone()),
            ("found_in", place.map(|place| place.as_str().to_owned())),
            ("resolution", self.resolution.map(str::to_owned)),
            (
                "resolved_at",
                self.resolution.map(|_| rfc3339(self.found + HOUR)),
            ),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                record[name] = text.into();
            }
        }
        if let Some((kind, id)) = &self.introduced_by {
            record["introduced_by"] = object([(kind, id.as_str().into())]);
        }
        record
    }
}

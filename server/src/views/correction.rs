//! One thing that can be put right: what stands, what else could, and what a word over it would move.

use app::backend::Reader;
use app::view::correction::{
    Asked, Candidate, Choice, Correction, Kind, MovedFigure, MovedWeek, Outcome, Standing,
};

use super::answering::closed;
use super::figure::{records_url, unit};
use super::people::Names;
use super::records::deployment_title;
use super::scope::Scope;
use super::{Error, Result, metric, rfc3339};
use crate::corrections::{self, Subject};
use crate::figures::{self, Difference};
use crate::store::corrections::{self as stored, AS_FOUND};
use crate::store::figures::Figure;
use crate::store::links::deployments;
use crate::store::registry::{self, Registry};
use crate::store::{Db, Tx, changes, defects, from_json, incidents};

/// How many deployments before an incident are offered as its cause.
const CANDIDATES: i64 = 8;

/// The kind of this name, as pages know it.
pub fn kind(name: &str) -> Option<Kind> {
    Some(match corrections::Kind::parse(name)? {
        corrections::Kind::Change => Kind::Change,
        corrections::Kind::Deployment => Kind::Deployment,
        corrections::Kind::Incident => Kind::Incident,
        corrections::Kind::Defect => Kind::Defect,
    })
}

/// The page of one thing.
pub async fn page(db: &Db, name: &str, id: &str, reader: &Reader) -> Result<Correction> {
    let not_found = || Error::NotFound(format!("{name} {id:?}"));
    let (asked, shown) = corrections::Kind::parse(name)
        .zip(kind(name))
        .ok_or_else(not_found)?;
    let mut tx = db.read().await?;
    let subject = corrections::find(&mut tx, asked, id).await?;
    let subject = subject.ok_or_else(not_found)?;
    let registry = registry::load(&mut tx).await?;
    let made = stored::of(&mut tx, name, id).await?;
    let is_corrected = made.first().is_some_and(|newest| newest.value != AS_FOUND);
    let dris = registry.dris_of_workflows(&subject.workflows);
    let names = Names::load(&mut tx).await?;
    let (title, url) = title(&mut tx, (subject.kind, &subject.id)).await?;
    Ok(Correction {
        kind: shown,
        id: id.to_owned(),
        title,
        url,
        at: subject.at_ms.map(rfc3339),
        evidence: from_json("evidence", &subject.evidence)?,
        choices: choices(&mut tx, &subject, is_corrected).await?,
        made: made.into_iter().map(super::corrections::made).collect(),
        closed_to_reader: closed(reader, &dris, &names),
        asked: None,
        service: subject.service,
        stands: subject.stands,
        reason: subject.reason,
    })
}

/// The title of a thing, and its address at its source.
pub(super) async fn title(
    tx: &mut Tx,
    (kind, id): (corrections::Kind, &str),
) -> Result<(Option<String>, Option<String>)> {
    Ok(match kind {
        corrections::Kind::Change => {
            let found = changes::find(tx, &[id]).await?.into_iter().next();
            found.map_or((None, None), |row| (row.title, row.url))
        }
        corrections::Kind::Deployment => {
            let found = deployments::listed(tx, id).await?;
            found.map_or((None, None), |listed| {
                (Some(deployment_title(&listed)), listed.url)
            })
        }
        corrections::Kind::Incident => {
            let found = incidents::find(tx, &[id]).await?.into_iter().next();
            found.map_or((None, None), |row| (row.title, row.url))
        }
        corrections::Kind::Defect => {
            let found = defects::find(tx, &[id]).await?.into_iter().next();
            found.map_or((None, None), |row| (row.title, None))
        }
    })
}

/// What can be answered: the kind's values, the deployments before an incident, and what was found,
/// once a person has said otherwise.
async fn choices(tx: &mut Tx, subject: &Subject, is_corrected: bool) -> Result<Vec<Choice>> {
    let mut choices = Vec::new();
    if let (corrections::Kind::Incident, Some(at_ms)) = (subject.kind, subject.at_ms) {
        let last = (at_ms, CANDIDATES);
        for listed in deployments::listed_before(tx, &subject.service, last).await? {
            choices.push(Choice {
                deployment: Some(Candidate {
                    title: deployment_title(&listed),
                    finished_at: rfc3339(listed.ended.link.finished_at),
                }),
                value: listed.ended.link.deployment_id,
            });
        }
    }
    let words = subject.kind.values().iter().copied();
    choices.extend(
        words
            .chain(is_corrected.then_some(AS_FOUND))
            .map(|value| Choice {
                value: value.to_owned(),
                deployment: None,
            }),
    );
    Ok(choices)
}

/// What becomes of a word that was sent: the weeks it would move, or why it is not taken.
pub async fn tried(
    db: &Db,
    tried: std::result::Result<Vec<Difference>, corrections::Error>,
    (value, reason): (&str, &str),
) -> Result<Asked> {
    let outcome = match tried {
        Ok(differences) => {
            let mut tx = db.read().await?;
            let registry = registry::load(&mut tx).await?;
            let told = told(&mut tx, differences).await?;
            Outcome::WouldMove(moved(&told, &registry)?)
        }
        Err(corrections::Error::Refused(why)) => Outcome::Refused(why),
        Err(corrections::Error::NotFound) => {
            return Err(Error::NotFound("what was to be put right".to_owned()));
        }
        Err(corrections::Error::Store(error)) => return Err(error.into()),
    };
    Ok(Asked {
        value: value.to_owned(),
        reason: reason.to_owned(),
        outcome,
    })
}

/// Those of figures that are told: of what nothing is known nothing is.
async fn told(tx: &mut Tx, differences: Vec<Difference>) -> Result<Vec<Difference>> {
    let arrived = figures::arrived(tx).await?;
    let mut told = Vec::with_capacity(differences.len());
    for difference in differences {
        let Some(named) = difference.either() else {
            continue;
        };
        let metric = metric(&named.metric)?;
        if figures::still_awaited(metric, &arrived).is_empty() {
            told.push(difference);
        }
    }
    Ok(told)
}

/// Differences by week, the company's before those of its parts.
fn moved(differences: &[Difference], registry: &Registry) -> Result<Vec<MovedWeek>> {
    let mut weeks: Vec<MovedWeek> = Vec::new();
    for difference in differences {
        let Some(named) = difference.either() else {
            continue;
        };
        if weeks.last().is_none_or(|last| last.week != named.week) {
            weeks.push(MovedWeek {
                week: named.week.clone(),
                figures: Vec::new(),
                by_segment: 0,
            });
        }
        let Some(week) = weeks.last_mut() else {
            continue;
        };
        if named.segment == "all" {
            week.figures.push(figure(named, difference, registry)?);
        } else {
            week.by_segment += 1;
        }
    }
    Ok(weeks)
}

fn figure(named: &Figure, difference: &Difference, registry: &Registry) -> Result<MovedFigure> {
    let metric = metric(&named.metric)?;
    let scope = Scope::parse(Some(&named.scope), registry);
    Ok(MovedFigure {
        name: metric.name.to_owned(),
        records_noun: metric.records_noun.to_owned(),
        scope_name: scope.map_or_else(|_| named.scope.clone(), |scope| scope.name),
        unit: unit(metric.unit, &registry.company),
        before: difference.before.as_ref().map(standing),
        after: difference.after.as_ref().map(standing),
        records_url: records_url(&named.metric, &named.week, &named.scope, &named.segment),
    })
}

/// What stands for a stored figure.
pub fn standing(figure: &Figure) -> Standing {
    let count = |stored: i64| u64::try_from(stored).unwrap_or(0);
    Standing {
        value: figure.value,
        sample: count(figure.sample),
        numerator: figure.numerator.map(count),
        denominator: figure.denominator.map(count),
    }
}

//! What is found for what was typed: pages, workflows, services, metrics and weeks by their names, and
//! records by their id or by a link to where they came from.

use app::backend::{Reader, RecordsQuery, Role, WorkflowQuery};
use app::routes;
use app::view::search::{Place, PlaceKind, Search};

use super::people::Names;
use super::scope::Scope;
use super::{Error, Result, correction};
use crate::corrections::{self, Kind};
use crate::figures;
use crate::metrics::catalogue::CATALOGUE;
use crate::metrics::week::Week;
use crate::store::links::{artifacts, runs};
use crate::store::registry::{self, Registry};
use crate::store::{Db, Tx, addresses};

/// How many places are shown.
const SHOWN: usize = 12;
/// How long what is typed may be, in bytes; a link may be long.
const TYPED_BYTES: usize = 2_000;
/// How many records of a kind may share an address and be shown.
const AT_ONE_ADDRESS: i64 = 5;

/// The places, the best first. Nothing typed: where most go.
pub async fn search(db: &Db, typed: &str, (reader, now_ms): (&Reader, i64)) -> Result<Search> {
    if typed.len() > TYPED_BYTES {
        return Err(Error::BadRequest(format!(
            "what is looked for has {} bytes; at most {TYPED_BYTES} are read",
            typed.len()
        )));
    }
    let typed = typed.trim();
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let names = Names::load(&mut tx).await?;
    let latest = figures::calendar(&registry.company)
        .week_of(now_ms)
        .previous();
    let mut places = records(&mut tx, typed).await?;
    places.extend(week(typed, latest));
    places.extend(named((&registry, &names), reader, typed));
    places.truncate(SHOWN);
    Ok(Search {
        query: typed.to_owned(),
        places,
    })
}

/// Records of this id, or else those at the longest beginning of this link.
async fn records(tx: &mut Tx, typed: &str) -> Result<Vec<Place>> {
    let mut found = Vec::new();
    if typed.is_empty() || typed.contains(char::is_whitespace) {
        return Ok(found);
    }
    for kind in Kind::ALL {
        if corrections::find(tx, kind, typed).await?.is_some() {
            found.push(record(tx, (kind, typed)).await?);
        }
    }
    found.extend(work_of_agents(tx, typed).await?);
    for found_at in at_link(tx, typed).await? {
        if let Some(kind) = Kind::parse(&found_at.kind) {
            found.push(record(tx, (kind, &found_at.id)).await?);
        }
    }
    Ok(found)
}

/// The run of this id, and what stands under this reference and is no change.
async fn work_of_agents(tx: &mut Tx, typed: &str) -> Result<Vec<Place>> {
    let runs = runs::find(tx, &[typed]).await?;
    let run = runs.into_iter().map(|own| ("run".to_owned(), own.run_id));
    let landed = artifacts::of_references(tx, &[typed]).await?.into_iter();
    let landed = landed.filter(|own| own.kind != "change");
    let found = run.chain(landed.map(|own| (own.kind, own.reference)));
    Ok(found
        .map(|(kind, id)| Place {
            kind: PlaceKind::Record,
            name: format!("{kind} {id}"),
            url: routes::receipt(&kind, &id),
        })
        .collect())
}

async fn at_link(tx: &mut Tx, link: &str) -> Result<Vec<addresses::Addressed>> {
    let mut found = addresses::at(tx, &beginnings(link), AT_ONE_ADDRESS).await?;
    let longest = found.iter().map(|own| own.url.len()).max();
    found.retain(|own| Some(own.url.len()) == longest);
    Ok(found)
}

/// The link and what it begins with, without query and fragment: a page of a pull request's files is
/// below the pull request.
fn beginnings(link: &str) -> Vec<&str> {
    let Some(host) = routes::external(link).and_then(|_| link.find("://")) else {
        return Vec::new();
    };
    let path_at = link[host + 3..].find('/').map(|at| host + 3 + at);
    let path_at = path_at.unwrap_or(link.len());
    let mut found = vec![link];
    let bare = link.split(['?', '#']).next().unwrap_or(link);
    found.push(bare);
    let slashes = bare.rmatch_indices('/').map(|(at, _)| at);
    for at in slashes.take_while(|at| *at > path_at) {
        found.push(&bare[..at]);
    }
    found.dedup();
    found
}

async fn record(tx: &mut Tx, (kind, id): (Kind, &str)) -> Result<Place> {
    let (title, _) = correction::title(tx, (kind, id)).await?;
    Ok(Place {
        kind: PlaceKind::Record,
        name: title.unwrap_or_else(|| id.to_owned()),
        url: routes::receipt(kind.as_str(), id),
    })
}

/// The review of a week that is named whole or by its number, which is never a week to come.
fn week(typed: &str, latest: Week) -> Option<Place> {
    let typed = typed.to_ascii_uppercase();
    let number = ["WEEK ", "W"]
        .iter()
        .find_map(|word| typed.strip_prefix(word));
    let named = format!("-W{:0>2}", number.unwrap_or(&typed).trim());
    let recent = || {
        let mut back = std::iter::successors(Some(latest), |week| Some(week.previous())).take(53);
        back.find(|week| week.to_string().ends_with(&named))
    };
    let whole = typed.parse().ok();
    let week = whole.or_else(recent).filter(|week| *week <= latest)?;
    Some(Place {
        kind: PlaceKind::Week,
        name: format!("Review of {week}"),
        url: routes::review(Some(&week.to_string()), None),
    })
}

/// What has a name that holds every word of what was typed: first the names that begin with it.
fn named((registry, names): (&Registry, &Names), reader: &Reader, typed: &str) -> Vec<Place> {
    let only_by_name = services(registry).chain(metrics());
    let all = pages(registry, reader)
        .into_iter()
        .chain(workflows(registry, names))
        .chain(only_by_name.filter(|_| !typed.is_empty()));
    let mut ranked: Vec<(u8, Place)> = all
        .filter_map(|(also, place)| Some((rank(&place.name, &also, typed)?, place)))
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, place)| place).collect()
}

fn rank(name: &str, also: &str, typed: &str) -> Option<u8> {
    let (name, typed) = (name.to_lowercase(), typed.to_lowercase());
    let text = format!("{name} {}", also.to_lowercase());
    let holds_all = typed.split_whitespace().all(|word| text.contains(word));
    holds_all.then_some(if name.starts_with(&typed) {
        0
    } else if text.contains(&format!(" {typed}")) {
        1
    } else {
        2
    })
}

/// Each place, with what else it may be called.
type Named = (String, Place);

fn pages(registry: &Registry, reader: &Reader) -> Vec<Named> {
    let corrects = matches!(reader.role, Role::Dri | Role::Operator);
    let generated = registry.company.generated_seed.is_some();
    let pages = [
        ("Review", routes::review(None, None), true),
        ("Workflows", routes::WORKFLOWS.to_owned(), true),
        ("Actions", routes::ACTIONS.to_owned(), true),
        ("Sources", routes::SOURCES.to_owned(), true),
        ("Settings", routes::SETTINGS.to_owned(), true),
        ("To put right", routes::CORRECTIONS.to_owned(), corrects),
        (
            "How the answer is reached",
            routes::definition("answer"),
            true,
        ),
        (
            "What is really true here",
            routes::DEMO.to_owned(),
            generated,
        ),
        ("Keys", routes::KEYS.to_owned(), true),
    ];
    let shown = pages.into_iter().filter(|(_, _, shown)| *shown);
    let page = |(name, url, _)| (String::new(), place(PlaceKind::Page, name, url));
    shown.map(page).collect()
}

/// Called as well by the name and the address of who answers for them.
fn workflows(registry: &Registry, names: &Names) -> Vec<Named> {
    let all = registry.workflows.iter().map(|own| {
        let url = routes::workflow(&own.slug, &WorkflowQuery::default());
        let name = own.name.as_deref().unwrap_or(&own.slug);
        let dri = own.dri.as_deref().unwrap_or_default();
        let also = format!("{} {dri} {}", own.slug, names.of(dri));
        (also, place(PlaceKind::Workflow, name, url))
    });
    all.collect()
}

fn services(registry: &Registry) -> impl Iterator<Item = Named> {
    registry.services.iter().map(|own| {
        let scope = Scope::of_service(own);
        let url = routes::review(None, Some(&scope.id));
        (
            own.slug.clone(),
            place(PlaceKind::Service, &scope.name, url),
        )
    })
}

fn metrics() -> impl Iterator<Item = Named> {
    CATALOGUE.iter().map(|metric| {
        let url = routes::records(metric.id, &RecordsQuery::default());
        (
            metric.id.to_owned(),
            place(PlaceKind::Metric, metric.name, url),
        )
    })
}

fn place(kind: PlaceKind, name: &str, url: String) -> Place {
    Place {
        kind,
        name: name.to_owned(),
        url,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_below_a_pull_request_leads_to_the_pull_request() {
        let link = "https://forge.example/a/b/pull/7/files?w=1#diff";
        let found = beginnings(link);
        assert_eq!(found.first(), Some(&link));
        assert!(found.contains(&"https://forge.example/a/b/pull/7"));
        assert_eq!(found.last(), Some(&"https://forge.example/a"));
        assert!(beginnings("pull/7").is_empty());
    }

    #[test]
    fn a_number_is_the_latest_week_of_that_number() {
        let latest: Week = "2026-W10".parse().unwrap();
        let named = |typed| week(typed, latest).map(|place| place.name);
        assert_eq!(named("w9").as_deref(), Some("Review of 2026-W09"));
        for typed in ["47", "Week 47", "week  47"] {
            assert_eq!(named(typed).as_deref(), Some("Review of 2025-W47"));
        }
        assert_eq!(named("2026-w10").as_deref(), Some("Review of 2026-W10"));
        assert_eq!(named("2026-W11"), None);
        assert_eq!(named("w"), None);
    }

    #[test]
    fn names_that_begin_with_what_was_typed_come_first() {
        assert_eq!(
            rank("Change lead time", "change_lead_time", "Change l"),
            Some(0)
        );
        assert_eq!(
            rank("Change lead time", "change_lead_time", "lead"),
            Some(1)
        );
        assert_eq!(
            rank("Change lead time", "change_lead_time", "time lead"),
            Some(2)
        );
        assert_eq!(rank("Change lead time", "change_lead_time", "cost"), None);
    }
}

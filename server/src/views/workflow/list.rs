//! All workflows, each with its answer, and the services that none of them covers.

use app::backend::Reader;
use app::view::workflow::{Listed, Workflows};

use super::{Asked, shown_answer, week};
use crate::store::Db;
use crate::store::registry::{self, Registry};
use crate::views::Result;
use crate::views::exceptions::{exceptions, watched};
use crate::views::freshness::Sources;
use crate::views::people::Names;
use crate::views::review::SPARKLINE_WEEKS;
use crate::views::scope::Scope;

/// The page of all workflows in the latest complete week.
pub(in crate::views) async fn list(db: &Db, (reader, now_ms): (&Reader, i64)) -> Result<Workflows> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let (week, _) = week(&registry, None, now_ms)?;
    let sources = Sources::load(&mut tx, &registry, now_ms).await?;
    let names = Names::load(&mut tx).await?;
    let mut workflows = Vec::with_capacity(registry.workflows.len());
    for own in &registry.workflows {
        let scope = Scope::of_workflow(own);
        let asked = Asked {
            registry: &registry,
            scope: &scope,
            week,
            now_ms,
            sources: &sources,
        };
        let answer = shown_answer(&mut tx, asked).await?;
        let watched = watched(&mut tx, &registry, now_ms, (&scope, week, SPARKLINE_WEEKS)).await?;
        let standing_out = exceptions(&watched, week).found.len();
        workflows.push(Listed {
            slug: own.slug.clone(),
            name: scope.name,
            dri: own.dri.as_ref().map(|email| names.of(email)),
            tier: own.tier.map(super::about::tier),
            pattern: own
                .pattern
                .map(|pattern| super::about::pattern_and_risk(pattern).0.to_owned()),
            sentence: answer.sentence,
            standing_out: u32::try_from(standing_out).unwrap_or(u32::MAX),
        });
    }
    workflows.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Workflows {
        week: week.to_string(),
        workflows,
        uncovered: uncovered(&registry),
        may_create: reader.is_operator(),
    })
}

fn uncovered(registry: &Registry) -> Vec<String> {
    let is_covered = |service: &&registry::Service| {
        let mut workflows = registry.workflows.iter();
        !workflows.any(|own| own.services.contains(&service.slug))
    };
    let services = registry.services.iter().filter(is_covered);
    services
        .map(|service| Scope::of_service(service).name)
        .collect()
}

//! Figures and their records, through the same views that pages and exports show.

use app::backend::RecordsQuery;
use app::view::figure::Figure;
use server::metrics::week::Week;
use server::store::{Db, registry};
use server::views::figure::{Ask, Series};
use server::views::records::{Asked, Lists, Part, lists};
use server::views::{metric, parse_week, scope};

/// Later than every record of the suite, so that every week has settled.
pub const NOW_MS: i64 = 1_800_000_000_000;

/// Names one figure.
#[derive(Clone, Copy, Debug)]
pub struct Name<'a> {
    pub metric: &'a str,
    pub scope: &'a str,
    pub segment: &'a str,
    pub week: &'a str,
}

/// A figure of the company and all segments.
pub fn company<'a>(metric: &'a str, week: &'a str) -> Name<'a> {
    Name {
        metric,
        scope: "company",
        segment: "all",
        week,
    }
}

/// The judged figure.
pub async fn figure(db: &Db, name: Name<'_>) -> Figure {
    let week = parse_week(name.week).unwrap();
    series(db, name).await.figure(week)
}

/// The figures of a week and of those before it.
pub async fn series(db: &Db, name: Name<'_>) -> Series {
    let week = parse_week(name.week).unwrap();
    let mut tx = db.read().await.unwrap();
    let registry = registry::load(&mut tx).await.unwrap();
    let ask = Ask {
        metric: metric(name.metric).unwrap(),
        scope: name.scope,
        segment: scope::segment(Some(name.segment)).unwrap(),
        from: Week::FIRST,
        to: week,
    };
    Series::load(&mut tx, &registry, NOW_MS, ask).await.unwrap()
}

/// The records behind it, and those of its week that it leaves out.
pub async fn records(db: &Db, name: Name<'_>) -> Lists {
    let mut tx = db.read().await.unwrap();
    let registry = registry::load(&mut tx).await.unwrap();
    let query = RecordsQuery {
        week: Some(name.week.to_owned()),
        scope: Some(name.scope.to_owned()),
        segment: Some(name.segment.to_owned()),
        ..RecordsQuery::default()
    };
    let asked = Asked::read(name.metric, &query, &registry, NOW_MS).unwrap();
    lists(&mut tx, &asked, Part::WHOLE).await.unwrap()
}

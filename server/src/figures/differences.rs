//! Which stored figures something changes: everything that is behind is linked and computed within
//! one transaction, whose keeper decides whether it stays.

use std::collections::BTreeMap;

use super::{Because, link_next, week};
use crate::store::figures::{self as stored, Figure};
use crate::store::{self, Tx};

/// A figure before and after; none where there was or is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub before: Option<Figure>,
    pub after: Option<Figure>,
}

impl Difference {
    /// Whichever is there, for its names.
    pub fn either(&self) -> Option<&Figure> {
        self.after.as_ref().or(self.before.as_ref())
    }
}

/// Catches up with everything that is behind and answers the figures that changed by it, oldest week
/// first.
pub async fn differences(tx: &mut Tx, because: &Because) -> store::Result<Vec<Difference>> {
    while link_next(tx).await? {}
    let mut found = Vec::new();
    for week in stored::touched(tx).await? {
        let before = stored::of_week(tx, &week).await?;
        stored::take(tx, &week).await?;
        week::compute(tx, &week, because).await?;
        found.extend(differing(before, stored::of_week(tx, &week).await?));
    }
    Ok(found)
}

/// The figures of one week that are not the same on both sides, by name.
fn differing(before: Vec<Figure>, after: Vec<Figure>) -> Vec<Difference> {
    let name = |figure: &Figure| {
        (
            figure.metric.clone(),
            figure.scope.clone(),
            figure.segment.clone(),
        )
    };
    let mut pairs: BTreeMap<_, Difference> = BTreeMap::new();
    for figure in before {
        let pair = Difference {
            after: None,
            before: Some(figure.clone()),
        };
        pairs.insert(name(&figure), pair);
    }
    for figure in after {
        let pair = pairs.entry(name(&figure)).or_insert(Difference {
            before: None,
            after: None,
        });
        pair.after = Some(figure);
    }
    let mut pairs: Vec<Difference> = pairs.into_values().collect();
    pairs.retain(|pair| pair.before != pair.after);
    pairs
}

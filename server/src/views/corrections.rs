//! What waits for a person's word, and what has been put right.

use app::view::correction::{Corrections, Made, MadeOf, Open, Waiting};

use super::{Result, rfc3339};
use crate::store::corrections::{self, Correction};
use crate::store::links::{defects, incidents};
use crate::store::{Db, Tx};

/// How many of each the lists show.
const SHOWN: i64 = 100;

/// The lists, the latest first.
pub async fn page(db: &Db) -> Result<Corrections> {
    let mut tx = db.read().await?;
    Ok(Corrections {
        incidents: incidents(&mut tx).await?,
        defects: defects(&mut tx).await?,
        made: corrections::latest(&mut tx, SHOWN)
            .await?
            .into_iter()
            .filter_map(made_of)
            .collect(),
    })
}

async fn incidents(tx: &mut Tx) -> Result<Waiting> {
    let (first, count) = incidents::open(tx, SHOWN).await?;
    let open = first.into_iter().map(|listed| Open {
        id: listed.link.incident_id,
        title: listed.title,
        service: listed.link.service,
        at: rfc3339(listed.link.started_at),
        reason: listed.link.reason,
    });
    Ok(Waiting {
        first: open.collect(),
        count: u64::try_from(count).unwrap_or(0),
    })
}

async fn defects(tx: &mut Tx) -> Result<Waiting> {
    let (first, count) = defects::open(tx, SHOWN).await?;
    let open = first.into_iter().map(|listed| Open {
        id: listed.link.defect_id,
        title: listed.title,
        service: listed.link.service,
        at: rfc3339(listed.link.found_at),
        reason: None,
    });
    Ok(Waiting {
        first: open.collect(),
        count: u64::try_from(count).unwrap_or(0),
    })
}

fn made_of(correction: Correction) -> Option<MadeOf> {
    Some(MadeOf {
        kind: super::correction::kind(&correction.kind)?,
        id: correction.subject_id.clone(),
        made: made(correction),
    })
}

/// A correction as pages show it.
pub(super) fn made(correction: Correction) -> Made {
    Made {
        at: rfc3339(correction.made_at),
        by: correction.made_by,
        was: correction.was,
        value: correction.value,
        reason: correction.reason,
    }
}

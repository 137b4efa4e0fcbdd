//! Deliveries of events that did not arrive: GitHub sends none again by itself, and keeps them for three
//! days. Only an app may ask for its own.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::Failure;
use super::api::{Answer, Api, PAGE};

/// An event that was sent, or that was tried.
#[derive(Debug, Deserialize)]
struct Delivery {
    id: u64,
    /// The same for every try.
    guid: String,
    delivered_at: DateTime<Utc>,
    #[serde(default)]
    status_code: u16,
}

impl Delivery {
    fn arrived(&self) -> bool {
        (200..300).contains(&self.status_code)
    }
}

/// Asks for what did not arrive since an instant.
pub(super) async fn ask_again(api: &Api, since: DateTime<Utc>) -> Result<(), Failure> {
    let Some(app) = api.as_app() else {
        return Ok(());
    };
    let sent = sent(&app, since).await?;
    let arrived: BTreeSet<&str> = sent
        .iter()
        .filter(|own| own.arrived())
        .map(|own| own.guid.as_str())
        .collect();
    let mut asked = BTreeSet::new();
    let mut outcome = Ok(());
    for own in &sent {
        if arrived.contains(own.guid.as_str()) || !asked.insert(own.guid.as_str()) {
            continue;
        }
        let path = format!("/app/hook/deliveries/{}/attempts", own.id);
        // One that is not sent again does not keep the others from it.
        outcome = outcome.and(app.post(&app.under_base(&path)).await);
    }
    outcome
}

/// What was sent since an instant, the newest first.
async fn sent(app: &Api, since: DateTime<Utc>) -> Result<Vec<Delivery>, Failure> {
    let mut sent = Vec::new();
    let mut next = Some(app.under_base(&format!("/app/hook/deliveries?per_page={PAGE}")));
    while let Some(path) = next {
        let Answer::Changed(page) = app.get::<Vec<Delivery>>(&path, None).await? else {
            break;
        };
        let is_last = page.body.iter().any(|own| own.delivered_at < since);
        sent.extend(
            page.body
                .into_iter()
                .filter(|own| own.delivered_at >= since),
        );
        next = page.next.filter(|_| !is_last);
    }
    Ok(sent)
}

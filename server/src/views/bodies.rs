//! What went into a run and came out, for those who answer for it.

use std::collections::HashMap;

use app::backend::Reader;
use app::view::bodies::{Bodies, Body, Step};

use super::answering::closed;
use super::people::Names;
use super::{Error, Result, rfc3339};
use crate::store::links::runs as links;
use crate::store::registry;
use crate::store::runs::{self, Call, Recorded, Run};
use crate::store::{Db, from_json, trace_bodies};

/// The most calls that are listed.
const CALLS: usize = 50;

/// The page of a run.
pub async fn page(db: &Db, id: &str, reader: &Reader) -> Result<Bodies> {
    let mut tx = db.read().await?;
    let found = runs::find(&mut tx, &[id]).await?.pop();
    let run = found
        .ok_or_else(|| Error::NotFound(format!("the run {id:?} among all records that came")))?;
    let registry = registry::load(&mut tx).await?;
    let link = links::find(&mut tx, &[id]).await?.pop();
    let workflows: Vec<String> = match link {
        Some(link) => from_json("workflows", &link.workflows)?,
        None => Vec::new(),
    };
    let names = Names::load(&mut tx).await?;
    let agent = registry.agent(&run.agent).and_then(|own| own.name.clone());
    let page = Bodies {
        run: id.to_owned(),
        title: format!("Run of {}", agent.as_deref().unwrap_or(&run.agent)),
        closed_to_reader: closed(reader, &registry.dris_of_workflows(&workflows), &names),
        ..Bodies::default()
    };
    if page.closed_to_reader.is_some() {
        return Ok(page);
    }
    let calls = || run.calls.iter().take(CALLS);
    let of_calls = calls().flat_map(|own| [&own.input, &own.output, &own.error]);
    let all = [&run.input, &run.output].into_iter().chain(of_calls);
    let hashes: Vec<&str> = all
        .filter_map(|own| own.as_ref()?.sha256.as_deref())
        .collect();
    let kept = trace_bodies::of_run(&mut tx, id, &hashes).await?;
    let texts: Texts = kept.into_iter().map(|own| (own.sha256, own.text)).collect();
    let steps = std::iter::once(whole(&run, &texts)).chain(calls().map(|own| call(own, &texts)));
    Ok(Bodies {
        steps: steps.filter(|own| !own.bodies.is_empty()).collect(),
        more: run.calls.len().saturating_sub(CALLS) as u64,
        ..page
    })
}

type Texts = HashMap<String, String>;

fn whole(run: &Run, texts: &Texts) -> Step {
    Step {
        name: "The run".to_owned(),
        started_at: rfc3339(run.started_at),
        bodies: bodies(&[("input", &run.input), ("output", &run.output)], texts),
    }
}

fn call(own: &Call, texts: &Texts) -> Step {
    let all = [
        ("input", &own.input),
        ("output", &own.output),
        ("error", &own.error),
    ];
    Step {
        name: own.name.clone(),
        started_at: rfc3339(own.started_at),
        bodies: bodies(&all, texts),
    }
}

/// Those that are recorded.
fn bodies(all: &[(&str, &Option<Recorded>)], texts: &Texts) -> Vec<Body> {
    let there = all
        .iter()
        .filter_map(|(name, own)| Some((name, own.as_ref()?)));
    let body = |(name, own): (&&str, &Recorded)| Body {
        name: (*name).to_owned(),
        size: own.size.unsigned_abs(),
        text: own
            .sha256
            .as_ref()
            .and_then(|hash| texts.get(hash))
            .cloned(),
    };
    there.map(body).collect()
}

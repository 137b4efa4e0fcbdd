//! What may be declared of a source: a system that is read, or one whose records are pushed.

use std::str::FromStr;

use crate::connectors;
use crate::ingest::StreamName;
use crate::metrics::freshness::Rhythm;
use crate::store::registry::Source;

/// The kind whose records are pushed or imported.
const PUSH: &str = "push";
/// The longest name, as a record may carry it.
const MAX_NAME_BYTES: usize = 512;

/// Why a source cannot be declared so, in a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

macro_rules! bail {
    ($($said:tt)*) => {
        return Err(Refused(format!($($said)*)))
    };
}

/// The source as it is to be, its lists in order.
///
/// # Errors
/// The first thing that cannot be so.
pub fn declared(declared: &Source) -> Result<Source, Refused> {
    let name = &declared.name;
    if name.trim().is_empty() || name.len() > MAX_NAME_BYTES || name.contains('\0') {
        bail!("a source needs a name, what its records carry as source, of at most 512 bytes");
    }
    let known = || {
        let kinds = connectors::KINDS.iter().map(|kind| kind.name);
        kinds.collect::<Vec<_>>().join(", ")
    };
    match declared.kind.as_str() {
        PUSH => pushed(declared)?,
        kind if connectors::kind(kind).is_some() => connected(declared)?,
        kind => bail!(
            "source {name}: Onehop does not read {kind:?} by itself yet, only {}; with kind = \"push\" its records can be pushed or imported",
            known()
        ),
    }
    for stream in &declared.streams {
        if let Err(unknown) = StreamName::from_str(stream) {
            bail!("source {name}: {unknown}");
        }
    }
    if let Some(rhythm) = &declared.rhythm
        && let Err(unknown) = Rhythm::from_str(rhythm)
    {
        bail!("source {name}: {rhythm:?}: {unknown}");
    }
    let mut source = declared.clone();
    for list in [
        &mut source.streams,
        &mut source.organisations,
        &mut source.repositories,
    ] {
        list.sort_unstable();
        list.dedup();
    }
    Ok(source)
}

/// What a pushed source has no use for is refused, so that nobody thinks it is read.
fn pushed(source: &Source) -> Result<(), Refused> {
    let keys = [
        ("base_url", source.base_url.is_some()),
        ("organisations", !source.organisations.is_empty()),
        ("repositories", !source.repositories.is_empty()),
        ("token_env", source.token_env.is_some()),
        ("token_file", source.token_file.is_some()),
        ("app_id", source.app_id.is_some()),
        ("installation_id", source.installation_id.is_some()),
        ("webhook_secret_env", source.webhook_secret_env.is_some()),
        ("deployed_by", !source.deployed_by.is_empty()),
        ("incident_labels", !source.incident_labels.is_empty()),
        ("defect_labels", !source.defect_labels.is_empty()),
        ("since", source.since.is_some()),
    ];
    match keys.into_iter().find(|(_, is_given)| *is_given) {
        Some((key, _)) => bail!(
            "source {}: {key} is for sources that Onehop reads by itself; leave it out",
            source.name
        ),
        None => Ok(()),
    }
}

fn connected(source: &Source) -> Result<(), Refused> {
    let name = &source.name;
    if source.organisations.is_empty() && source.repositories.is_empty() {
        bail!("source {name}: name organisations or repositories (\"owner/name\") to read");
    }
    let odd = |text: &&String| !is_path(text);
    let names = source.organisations.iter().chain(&source.repositories);
    if let Some(odd) = names.clone().find(odd) {
        bail!("source {name}: {odd:?} is no name of an organisation or a repository");
    }
    if let Some(odd) = source
        .repositories
        .iter()
        .find(|own| own.split('/').count() != 2)
    {
        bail!("source {name}: {odd:?} is no repository; write owner/name");
    }
    let holds_password = |own: &String| own.contains('@') || own.contains('?');
    if source.base_url.as_ref().is_some_and(holds_password) {
        bail!(
            "source {name}: base_url is an address alone, https://HOST/PATH; a token goes into token_env or token_file"
        );
    }
    let is_web = |own: &String| own.starts_with("http://") || own.starts_with("https://");
    if source.base_url.as_ref().is_some_and(|own| !is_web(own)) {
        bail!("source {name}: base_url begins with https:// (or http://)");
    }
    let names = [
        ("token_env", &source.token_env),
        ("webhook_secret_env", &source.webhook_secret_env),
    ];
    for (key, value) in names {
        if value.as_ref().is_some_and(|own| !is_variable(own)) {
            bail!(
                "source {name}: {key} names a variable of the environment, in capitals, such as GITHUB_TOKEN; the secret itself is the variable's value"
            );
        }
    }
    if source.token_env.is_some() && source.token_file.is_some() {
        bail!("source {name}: name token_env or token_file, not both");
    }
    if source.app_id.is_some() != source.installation_id.is_some() {
        bail!("source {name}: an app is named by app_id and installation_id together");
    }
    let known = |own: &&String| {
        let named = own
            .strip_prefix("workflow:")
            .is_some_and(|name| !name.is_empty());
        !named && !["deployments", "releases"].contains(&own.as_str())
    };
    if let Some(odd) = source.deployed_by.iter().find(known) {
        bail!(
            "source {name}: {odd:?} deploys nothing; write deployments, releases or workflow:NAME"
        );
    }
    if let Some(since) = &source.since
        && since.parse::<chrono::NaiveDate>().is_err()
    {
        bail!("source {name}: since is a day such as 2026-01-01");
    }
    Ok(())
}

/// A secret that was put in the name's place is none, and is not repeated.
fn is_variable(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    !text.is_empty() && text.chars().all(plain)
}

/// What may stand in an address as it is.
fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    text.split('/')
        .all(|part| !part.is_empty() && part != "." && part != ".." && part.chars().all(plain))
}

//! What the form of a workflow begins with.

use app::backend::Reader;
use app::view::workflow_form::{Sent, WorkflowForm};

use crate::store::Db;
use crate::store::registry::{self, Workflow};
use crate::views::answering::answers;
use crate::views::scope::Scope;
use crate::views::{Error, Result};

/// The form of a new workflow, or of one that is there; none for a reader who may not.
pub async fn form(db: &Db, slug: Option<&str>, reader: &Reader) -> Result<Option<WorkflowForm>> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let own = match slug {
        Some(slug) => Some(
            registry
                .workflow(slug)
                .ok_or_else(|| Error::NotFound(format!("workflow {slug:?} in the registry")))?,
        ),
        None => None,
    };
    let dris: Vec<&str> = own.and_then(|own| own.dri.as_deref()).into_iter().collect();
    if !answers(reader, &dris) {
        return Ok(None);
    }
    let mut services: Vec<(String, String)> = registry
        .services
        .iter()
        .map(|service| (service.slug.clone(), Scope::of_service(service).name))
        .collect();
    services.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(Some(WorkflowForm {
        slug: slug.map(str::to_owned),
        sent: own.map(stands).unwrap_or_default(),
        services,
        may_own: reader.is_operator(),
        refused: None,
    }))
}

fn stands(own: &Workflow) -> Sent {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let pattern = own.pattern.map(|pattern| serde_json::json!(pattern));
    Sent {
        slug: own.slug.clone(),
        name: text(&own.name),
        dri: text(&own.dri),
        services: own.services.clone(),
        pattern: pattern
            .and_then(|pattern| pattern.as_str().map(str::to_owned))
            .unwrap_or_default(),
        tier: own
            .tier
            .map(|tier| u8::from(tier).to_string())
            .unwrap_or_default(),
        escalation: text(&own.escalation),
        playbook: text(&own.playbook),
        playbook_practised_on: text(&own.playbook_practised_on),
        rules: text(&own.rules),
    }
}

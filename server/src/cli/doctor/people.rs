//! Who may sign in.

use super::{Case, Finding, counted};
use crate::auth::role::Role;
use crate::store::accounts::people;

/// Whether anybody may administer this Onehop.
pub(super) async fn operators(case: &Case<'_>) -> anyhow::Result<Finding> {
    let everyone = people::list(&mut case.db.read().await?).await?;
    let operator = Role::Operator.to_string();
    let operators = everyone.iter().filter(|one| one.role == operator).count();
    let says = match everyone.len() {
        1 => "1 person may sign in".to_owned(),
        all => format!("{all} people may sign in"),
    };
    let found = Finding::well(
        "people",
        format!("{says}, {} among them.", counted(operators, "operator")),
    );
    Ok(match operators {
        0 => found.fault("Add one: `onehop user add EMAIL --role operator`."),
        _ => found,
    })
}

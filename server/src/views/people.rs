//! People as pages name them: by the name in the registry, else by their e-mail.

use std::collections::BTreeMap;

use crate::store::accounts::people;
use crate::store::{Result, Tx};

/// Everyone's name, by e-mail in lower case.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    pub async fn load(tx: &mut Tx) -> Result<Names> {
        let named = people::list(tx).await?.into_iter();
        let named = named.filter(|person| !person.name.is_empty());
        Ok(Names(
            named.map(|person| (person.email, person.name)).collect(),
        ))
    }

    /// What somebody is called.
    pub fn of(&self, email: &str) -> String {
        let name = self.0.get(&email.to_lowercase());
        name.map_or_else(|| email.to_owned(), String::clone)
    }
}

//! Who may sign in and as what, what scripts sign in with, and one's own sessions. There is always an
//! operator: the last one is neither removed nor given another role.

use serde_json::{Value, json};

use super::{By, Error, keep, refused};
use crate::auth::role::{Role, Scope};
use crate::auth::secret::Secret;
use crate::auth::{self, sign_in, token};
use crate::store::accounts::people::{self, Person};
use crate::store::accounts::{sessions, tokens};
use crate::store::{Db, Tx};

/// The most characters that a token's name may have.
const NAME_CHARACTERS: usize = 100;

/// Adds a person, who is not there yet, and makes the link that signs them in once.
pub async fn add(
    db: &Db,
    (email, role): (&str, &str),
    by: By<'_>,
) -> Result<(String, Secret), Error> {
    let role = parse::<Role>(role)?;
    let Some(email) = auth::email(email) else {
        return refused(format!(
            "{:?} is not an e-mail address; use one like ada@example.org.",
            email.trim()
        ));
    };
    let mut tx = begin(db).await?;
    if let Some(person) = people::find(&mut tx, &email).await? {
        return refused(format!(
            "{email} is here already, as {}; make them a new link, or change the role.",
            person.role
        ));
    }
    let link = sign_in::invite_within(&mut tx, &email, role, by.now_ms).await?;
    let added = [Value::Null, json!({"role": role.to_string()})];
    keep(&mut tx, by, ("person_added", &subject(&email)), added).await?;
    tx.commit().await?;
    Ok((email, link))
}

/// Makes a new link for somebody who is there.
pub async fn new_link(db: &Db, email: &str, by: By<'_>) -> Result<Secret, Error> {
    let mut tx = begin(db).await?;
    let person = known(&mut tx, email).await?;
    let role = person.role.parse::<Role>().map_err(auth::Error::from)?;
    let link = sign_in::invite_within(&mut tx, &person.email, role, by.now_ms).await?;
    let made = [Value::Null, Value::Null];
    keep(
        &mut tx,
        by,
        ("sign_in_link_made", &subject(&person.email)),
        made,
    )
    .await?;
    tx.commit().await?;
    Ok(link)
}

/// Gives a person another role.
pub async fn change_role(db: &Db, (email, role): (&str, &str), by: By<'_>) -> Result<(), Error> {
    let role = parse::<Role>(role)?.to_string();
    let mut tx = begin(db).await?;
    let person = known(&mut tx, email).await?;
    if person.role == role {
        return refused(format!("{} has this role already.", person.email));
    }
    keep_an_operator(&mut tx, &person).await?;
    let roles = [json!({"role": person.role}), json!({"role": role})];
    let subject = subject(&person.email);
    people::put(&mut tx, &Person { role, ..person }).await?;
    keep(&mut tx, by, ("role_changed", &subject), roles).await?;
    Ok(tx.commit().await?)
}

/// Removes a person with their links and sessions.
pub async fn remove(db: &Db, email: &str, by: By<'_>) -> Result<(), Error> {
    let mut tx = begin(db).await?;
    let person = known(&mut tx, email).await?;
    keep_an_operator(&mut tx, &person).await?;
    people::remove(&mut tx, &person.email).await?;
    let gone = [json!({"role": person.role}), Value::Null];
    keep(
        &mut tx,
        by,
        ("person_removed", &subject(&person.email)),
        gone,
    )
    .await?;
    Ok(tx.commit().await?)
}

/// Makes a token and hands it out, this once.
pub async fn make_token(db: &Db, (name, scope): (&str, &str), by: By<'_>) -> Result<Secret, Error> {
    let scope = parse::<Scope>(scope)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS || name.contains(char::is_control)
    {
        return refused(format!(
            "A token needs a name of at most {NAME_CHARACTERS} characters, such as the script that uses it."
        ));
    }
    let mut tx = begin(db).await?;
    let Some(secret) = token::create_within(&mut tx, name, scope, by.now_ms).await? else {
        return refused(format!(
            "There is a token named {name:?}; choose another name, or revoke that one first."
        ));
    };
    let made = [Value::Null, json!({"scope": scope.to_string()})];
    keep(&mut tx, by, ("token_made", &format!("token:{name}")), made).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Takes a token back.
pub async fn revoke_token(db: &Db, name: &str, by: By<'_>) -> Result<(), Error> {
    let mut tx = begin(db).await?;
    if !tokens::revoke(&mut tx, name, by.now_ms).await? {
        return refused(format!("No token named {name:?} is in use."));
    }
    let revoked = [json!({"name": name}), Value::Null];
    keep(
        &mut tx,
        by,
        ("token_revoked", &format!("token:{name}")),
        revoked,
    )
    .await?;
    Ok(tx.commit().await?)
}

/// How many letters of a session's hash name it: enough to tell one's own apart.
pub const SESSION_LETTERS: usize = 16;

/// Ends one of a person's own sessions, named by the first letters of its hash.
pub async fn end_session(db: &Db, id: &str, by: By<'_>) -> Result<(), Error> {
    let mut tx = begin(db).await?;
    let own = sessions::of_person(&mut tx, by.email).await?;
    let named =
        |session: &&sessions::Session| session.token_hash.get(..SESSION_LETTERS) == Some(id);
    let Some(session) = own.iter().find(named) else {
        return refused("This session has ended already.");
    };
    sessions::remove(&mut tx, &session.token_hash).await?;
    let ended = [json!({"session": id}), Value::Null];
    keep(&mut tx, by, ("session_ended", &subject(by.email)), ended).await?;
    Ok(tx.commit().await?)
}

/// One after the other, so that none of two overlooks what the other does to the last operators.
async fn begin(db: &Db) -> Result<Tx, Error> {
    let mut tx = db.write().await?;
    tx.lock_acts().await?;
    Ok(tx)
}

fn parse<T: std::str::FromStr<Err = auth::role::UnknownWord>>(word: &str) -> Result<T, Error> {
    word.parse()
        .map_err(|error: auth::role::UnknownWord| Error::Refused(format!("{error}.")))
}

async fn known(tx: &mut Tx, email: &str) -> Result<Person, Error> {
    match people::find(tx, &email.trim().to_lowercase()).await? {
        Some(person) => Ok(person),
        None => refused(format!(
            "There is nobody with the address {:?}.",
            email.trim()
        )),
    }
}

/// Refuses to lose a person who is the only operator.
async fn keep_an_operator(tx: &mut Tx, person: &Person) -> Result<(), Error> {
    let operator = Role::Operator.to_string();
    let all = people::list(tx).await?;
    let operators = all.iter().filter(|one| one.role == operator).count();
    if person.role == operator && operators < 2 {
        return refused(format!(
            "{} is the last operator; make somebody else one first.",
            person.email
        ));
    }
    Ok(())
}

fn subject(email: &str) -> String {
    format!("person:{email}")
}

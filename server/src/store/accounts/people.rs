//! People by e-mail address.

use crate::store::db::on;
use crate::store::{Result, Tx};

/// Someone who may sign in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Person {
    /// In lower case.
    pub email: String,
    pub name: String,
    pub role: String,
    pub created_at: i64,
    /// When they last did.
    pub signed_in_at: Option<i64>,
}

/// Adds a person, or gives the one who is there this role; the name is kept when `name` is empty.
pub async fn put(tx: &mut Tx, person: &Person) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO people (email, name, role, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (email) DO UPDATE SET
             role = excluded.role,
             name = CASE WHEN excluded.name = '' THEN people.name ELSE excluded.name END",
    )
    .bind(&person.email)
    .bind(&person.name)
    .bind(&person.role)
    .bind(person.created_at)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The person with this address.
pub async fn find(tx: &mut Tx, email: &str) -> Result<Option<Person>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT email, name, role, created_at, signed_in_at FROM people WHERE email = $1",
    )
    .bind(email)
    .fetch_optional(conn)
    .await)?)
}

/// Everyone, by address.
pub async fn list(tx: &mut Tx) -> Result<Vec<Person>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT email, name, role, created_at, signed_in_at FROM people ORDER BY email",
    )
    .fetch_all(conn)
    .await)?)
}

/// The password's hash, when the person is there and has set one.
pub async fn password_hash(tx: &mut Tx, email: &str) -> Result<Option<String>> {
    let found: Option<Option<String>> = on!(tx, conn => sqlx::query_scalar(
        "SELECT password_hash FROM people WHERE email = $1",
    )
    .bind(email)
    .fetch_optional(conn)
    .await)?;
    Ok(found.flatten())
}

/// Keeps a new password's hash.
pub async fn set_password_hash(tx: &mut Tx, email: &str, hash: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("UPDATE people SET password_hash = $2 WHERE email = $1")
        .bind(email)
        .bind(hash)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Notes that somebody signed in.
pub async fn note_sign_in(tx: &mut Tx, email: &str, now: i64) -> Result<()> {
    on!(tx, conn => sqlx::query("UPDATE people SET signed_in_at = $2 WHERE email = $1")
        .bind(email)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Removes a person with their links and sessions; false when nobody had this address.
pub async fn remove(tx: &mut Tx, email: &str) -> Result<bool> {
    on!(tx, conn => sqlx::query("DELETE FROM sessions WHERE email = $1")
        .bind(email)
        .execute(conn)
        .await
        .map(|_| ()))?;
    on!(tx, conn => sqlx::query("DELETE FROM sign_in_links WHERE email = $1")
        .bind(email)
        .execute(conn)
        .await
        .map(|_| ()))?;
    let removed = on!(tx, conn => sqlx::query("DELETE FROM people WHERE email = $1")
        .bind(email)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(removed > 0)
}

//! Writing acts again, so that a person who is erased is not named in them.

use super::{Kept, after};
use crate::store::db::on;
use crate::store::{Result, Tx};

/// What was written again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rewritten {
    /// The number of the first act that says something else now; each from it on has another hash.
    pub first: Option<i64>,
    /// How many say something else.
    pub rows: u64,
}

/// Has every act say what `clean` makes of it, and ties the chain anew from the first that it changes
/// on. An act that was not as it was written stays so: its hash is left as it is. Whoever calls holds
/// the lock of the acts.
pub async fn rewrite(tx: &mut Tx, clean: &dyn Fn(&mut Kept)) -> Result<Rewritten> {
    let mut done = Rewritten::default();
    let (mut last, mut old_hash, mut new_hash) = (0, String::new(), String::new());
    loop {
        let rows = after(tx, last).await?;
        if rows.is_empty() {
            return Ok(done);
        }
        for old in rows {
            let mut new = old.clone();
            clean(&mut new);
            if new != old {
                done.rows += 1;
                done.first.get_or_insert(old.number);
            }
            if done.first.is_some() && old.hash == old.hashed_after(&old_hash) {
                new.hash = new.hashed_after(&new_hash);
            }
            if new != old {
                replace(tx, &new).await?;
            }
            (last, old_hash, new_hash) = (old.number, old.hash, new.hash);
        }
    }
}

async fn replace(tx: &mut Tx, act: &Kept) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "UPDATE acts SET by_whom = $1, subject = $2, before = $3, after = $4, hash = $5 WHERE number = $6",
    )
    .bind(&act.by_whom)
    .bind(&act.subject)
    .bind(&act.before)
    .bind(&act.after)
    .bind(&act.hash)
    .bind(act.number)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

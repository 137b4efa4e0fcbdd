//! Work that nobody asks for: what is behind, who holds which lease, what freezes when.

use super::{Case, Finding, counted, instant};
use crate::figures;
use crate::freeze;
use crate::metrics::freeze_time::FreezeTime;
use crate::store::{self, Tx, figures as stored, jobs, touched, walks, weeks};

/// Whether anything is still to be linked or computed.
pub(super) async fn is_behind(tx: &mut Tx) -> store::Result<bool> {
    Ok(walks::next(tx).await?.is_some()
        || touched::any(tx).await?
        || !stored::touched(tx).await?.is_empty())
}

/// What waits to be linked and computed; a server works it off behind the pushes.
pub(super) async fn backlog(case: &Case<'_>) -> anyhow::Result<Finding> {
    let mut tx = case.db.read().await?;
    let to_do = "A server that runs catches up by itself; else `onehop recompute` does.";
    if let Some(walk) = walks::next(&mut tx).await? {
        let says = format!(
            "a walk that links all changes again is under way, or was broken off, after {}.",
            counted(walk.changes.unsigned_abs() as usize, "change")
        );
        return Ok(Finding::well("backlog", says).notice(to_do));
    }
    let weeks = stored::touched(&mut tx).await?.len();
    if weeks > 0 || touched::any(&mut tx).await? {
        let says = format!("the figures of {} are behind.", counted(weeks, "week"));
        return Ok(Finding::well("backlog", says).notice(to_do));
    }
    Ok(Finding::well("backlog", "all that came is in the figures."))
}

/// Leases that ran out in somebody's hands, and jobs that failed.
pub(super) async fn jobs(case: &Case<'_>) -> anyhow::Result<Finding> {
    let all = jobs::all(&mut case.db.read().await?).await?;
    if let Some(failed) = all.iter().find(|job| job.failures > 0) {
        let times = counted(failed.failures.unsigned_abs() as usize, "time");
        let why = failed.last_error.as_deref().unwrap_or("no reason is known");
        let says = format!("{} failed {times} in a row ({why}).", failed.name);
        return Ok(Finding::well("jobs", says)
            .fault("It is tried again each minute; mend the reason that it gives."));
    }
    let left = all.iter().find(|job| {
        job.holder.is_some() && job.lease_until.is_none_or(|until| until <= case.now_ms)
    });
    Ok(match left {
        Some(job) => Finding::well(
            "jobs",
            format!("{} was left by a server that was killed.", job.name),
        )
        .notice("The next server over this database takes it over within a minute."),
        None => Finding::well("jobs", "none has failed, and none was left undone."),
    })
}

/// How long after its time a week may still not be frozen.
const PATIENCE_MS: i64 = 3_600_000;

/// The last freeze, the next one, and weeks that should be frozen by now.
pub(super) async fn freezes(case: &Case<'_>) -> anyhow::Result<Finding> {
    let last = weeks::all(&mut case.db.read().await?).await?.pop();
    let company = &case.registry.company;
    let calendar = figures::calendar(company);
    let time = FreezeTime::of(company.freeze.as_deref());
    let this = calendar.week_of(case.now_ms);
    let next = [this.previous(), this]
        .into_iter()
        .map(|week| (week, time.at_ms(&calendar, week)))
        .find(|(_, at_ms)| *at_ms > case.now_ms);
    let last = last.map_or("none is frozen yet".to_owned(), |week| {
        format!("{week} is frozen")
    });
    let next = next.map(|(week, at_ms)| format!("; {week} freezes on {}", instant(at_ms)));
    let is_generated = company.generated_seed.is_some();
    let next = next.filter(|_| !is_generated).unwrap_or_default();
    let found = Finding::well("freezes", format!("{last}{next}."));
    let overdue = freeze::due(case.db, case.now_ms - PATIENCE_MS).await?;
    Ok(match overdue.first() {
        Some(week) => found.fault(format!(
            "{week} should be frozen by now: run `onehop serve`, or `onehop freeze --week {week}`."
        )),
        None => found,
    })
}

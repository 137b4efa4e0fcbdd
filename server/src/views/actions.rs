//! Actions as pages show them: the whole list, and what a review brings back.

use app::backend::{Reader, Role};
use app::view::actions::{Action, Actions, Done, Form, FromLastWeek, Listed, Owner};
use app::view::review::Place;
use chrono::NaiveDate;

use super::Result;
use super::people::Names;
use super::review::local;
use super::scope::Scope;
use crate::actions::today;
use crate::figures;
use crate::metrics::week::{Calendar, Week};
use crate::store::accounts::people;
use crate::store::actions::{self as stored, Action as Stored, Shown};
use crate::store::registry::{self, Registry};
use crate::store::{self, Db, Tx};

/// How many of those done the list shows.
const DONE_SHOWN: i64 = 100;
/// How many a review shows.
const SHOWN_IN_REVIEW: usize = 7;

/// The whole list, with the form for those who may add.
pub async fn page(db: &Db, reader: &Reader, now_ms: i64) -> Result<Actions> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let reading = Reading::at(&mut tx, &registry, now_ms).await?;
    let listed = |own: Stored| Listed {
        may_mark: may_mark(&own, reader),
        action: reading.action(own),
    };
    let open = stored::open(&mut tx).await?.into_iter().map(listed);
    let done = stored::done(&mut tx, DONE_SHOWN)
        .await?
        .into_iter()
        .map(listed);
    Ok(Actions {
        open: open.collect(),
        done: done.collect(),
        form: match reader.role {
            Role::Executive => Some(form(&mut tx, &reading).await?),
            _ => None,
        },
        asked: None,
    })
}

/// Whether somebody may mark an action done or open: its owner, and executives.
pub fn may_mark(action: &Stored, reader: &Reader) -> bool {
    reader.role == Role::Executive || action.owner == reader.email
}

/// Who may mark an action, in words, when this reader may not.
pub async fn closed(db: &Db, number: i64, reader: &Reader) -> Result<Option<String>> {
    let mut tx = db.read().await?;
    let found = stored::find(&mut tx, number).await?;
    let action = found.ok_or_else(|| super::Error::NotFound(format!("action {number}")))?;
    if may_mark(&action, reader) {
        return Ok(None);
    }
    let owner = Names::load(&mut tx).await?.of(&action.owner);
    Ok(Some(format!("executives and its owner, {owner}")))
}

async fn form(tx: &mut Tx, reading: &Reading<'_>) -> Result<Form> {
    let owners = people::list(tx).await?.into_iter().map(|person| Owner {
        name: reading.names.of(&person.email),
        email: person.email,
    });
    let workflows = reading.registry.workflows.iter().map(Scope::of_workflow);
    let places = std::iter::once(Scope::company(reading.registry)).chain(workflows);
    Ok(Form {
        owners: owners.collect(),
        places: places
            .map(|scope| Place {
                scope: scope.id,
                name: scope.name,
            })
            .collect(),
        today: reading.today,
    })
}

/// What a review brings back: of the company every action, of a workflow its own, of a service none.
pub async fn from_last_week(
    tx: &mut Tx,
    registry: &Registry,
    (week, scope): (Week, &Scope),
    now_ms: i64,
) -> store::Result<Option<FromLastWeek>> {
    if scope.id.starts_with("service:") {
        return Ok(None);
    }
    let reading = Reading::at(tx, registry, now_ms).await?;
    let asked = Shown {
        scope: Some(scope.id.as_str()).filter(|scope| *scope != "company"),
        week: &week.to_string(),
        done_since_ms: reading.calendar.start_ms(week.previous()),
    };
    let mut found = stored::shown(tx, asked).await?;
    let more = found.len().saturating_sub(SHOWN_IN_REVIEW);
    found.truncate(SHOWN_IN_REVIEW);
    Ok(Some(FromLastWeek {
        shown: found.into_iter().map(|own| reading.action(own)).collect(),
        more: more as u64,
    }))
}

/// What is needed to say an action in words.
struct Reading<'a> {
    registry: &'a Registry,
    calendar: Calendar,
    names: Names,
    today: NaiveDate,
}

impl Reading<'_> {
    async fn at<'a>(
        tx: &mut Tx,
        registry: &'a Registry,
        now_ms: i64,
    ) -> store::Result<Reading<'a>> {
        let calendar = figures::calendar(&registry.company);
        Ok(Reading {
            registry,
            today: today(&calendar, now_ms),
            calendar,
            names: Names::load(tx).await?,
        })
    }

    fn action(&self, own: Stored) -> Action {
        let due = own.due.parse().unwrap_or_default();
        let scope = Scope::parse(Some(&own.scope), self.registry);
        let done = own.done_at.zip(own.done_by).map(|(at_ms, by)| Done {
            by: self.names.of(&by),
            at: local(&self.calendar, self.calendar.week_of(at_ms), at_ms),
        });
        Action {
            number: own.number,
            said: own.said,
            owner: self.names.of(&own.owner),
            due,
            overdue: done.is_none() && due < self.today,
            scope_name: scope.map_or_else(|_| own.scope.clone(), |scope| scope.name),
            scope: own.scope,
            week: own.week,
            done,
        }
    }
}

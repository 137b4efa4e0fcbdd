//! What was decided to be done, by whom, until when.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use super::review::Place;

/// What `/actions` shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Actions {
    /// By due day.
    pub open: Vec<Listed>,
    /// The latest first.
    pub done: Vec<Listed>,
    /// What the form offers; none for whoever may not add.
    pub form: Option<Form>,
    /// What was sent and not taken.
    pub asked: Option<Asked>,
}

/// An action of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    pub action: Action,
    /// Whether this reader may mark it done or open.
    pub may_mark: bool,
}

/// One action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    pub number: i64,
    pub said: String,
    pub owner: String,
    pub due: NaiveDate,
    /// Open after its due day.
    pub overdue: bool,
    /// `company` or `workflow:SLUG`, and its name in words.
    pub scope: String,
    pub scope_name: String,
    /// The week it was decided in.
    pub week: String,
    /// None while it is open.
    pub done: Option<Done>,
}

/// That it was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    pub by: String,
    /// In the company's time.
    pub at: DateTime<FixedOffset>,
}

/// What a review shows of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FromLastWeek {
    /// The open ones by due day, then those done.
    pub shown: Vec<Action>,
    /// How many more there are.
    pub more: u64,
}

/// What can be chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    pub owners: Vec<Owner>,
    pub places: Vec<Place>,
    /// The first day it may be due.
    pub today: NaiveDate,
}

/// Somebody who may own one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    pub email: String,
    pub name: String,
}

/// What was sent, to be sent again, and why it was not taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub said: String,
    pub owner: String,
    pub due: String,
    pub scope: String,
    pub refused: String,
}

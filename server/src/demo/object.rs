//! JSON objects, put together member by member.
//!
//! Made for speed: a million records are built this way.

use serde_json::{Map, Value};

pub(super) fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    let mut object = Map::new();
    for (name, value) in members {
        object.insert(name.to_owned(), value);
    }
    Value::Object(object)
}

/// Adds the members that are known.
pub(super) fn add_known<const N: usize>(record: &mut Value, members: [(&str, Option<Value>); N]) {
    for (name, value) in members {
        if let Some(value) = value {
            record[name] = value;
        }
    }
}

/// An account, as records name authors.
pub(super) fn account(id: &str, kind: Option<&str>) -> Value {
    let mut account = Map::new();
    account.insert("id".to_owned(), id.into());
    if let Some(kind) = kind {
        account.insert("kind".to_owned(), kind.into());
    }
    Value::Object(account)
}

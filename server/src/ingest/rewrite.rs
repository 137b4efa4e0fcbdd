//! Writing a kept record again with other texts in it, in the same canonical form.

use std::borrow::Cow;

use super::json::Json;

/// Where a text stands in a record.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The member that holds it, also within a list.
    pub member: &'a str,
    /// Whether that is a member of the record itself.
    pub is_outermost: bool,
}

/// A JSON text, each of whose texts is what `text` makes of it; none when it is no JSON.
pub fn rewritten(record: &str, text: &dyn Fn(Place<'_>, &str) -> String) -> Option<String> {
    let mut record: Json<'_> = serde_json::from_str(record).ok()?;
    let outermost = Place {
        member: "",
        is_outermost: true,
    };
    write(&mut record, outermost, text);
    serde_json::to_string(&record).ok()
}

fn write(value: &mut Json<'_>, place: Place<'_>, text: &dyn Fn(Place<'_>, &str) -> String) {
    match value {
        Json::Text(own) => *own = Cow::Owned(text(place, own)),
        Json::List(items) => items.iter_mut().for_each(|item| write(item, place, text)),
        Json::Object(members) => {
            // The record is in no member.
            let is_outermost = place.member.is_empty();
            for (member, value) in members {
                let place = Place {
                    member,
                    is_outermost,
                };
                write(value, place, text);
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

//! Reading JSON of any size without holding it: lists and objects are handed on one by one.
//!
//! What is wrong is said with its place and what was expected there, never with what stands there.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::Unreadable;
use super::tally::name;

/// What a whole file says.
pub fn parse<'de, T: Deserialize<'de>>(bytes: &'de [u8]) -> Result<T, Unreadable> {
    serde_json::from_slice(bytes).map_err(|error| unreadable(&error))
}

/// What a part of a file says, its place said by whoever asks.
pub fn part<'de, T: Deserialize<'de>>(raw: &'de RawValue) -> Result<T, Unreadable> {
    serde_json::from_str(raw.get()).map_err(|error| Unreadable::new(reason(&error.to_string())))
}

/// An error in a whole file, with its line and column.
pub fn unreadable(error: &serde_json::Error) -> Unreadable {
    let reason = match error.classify() {
        Category::Eof => "it ends too early".to_owned(),
        Category::Data => reason(&error.to_string()),
        Category::Syntax | Category::Io => "this cannot be read as JSON".to_owned(),
    };
    Unreadable::new(reason).at(format_args!(
        "line {}, column {}",
        error.line(),
        error.column()
    ))
}

/// What was expected, without what was found.
fn reason(said: &str) -> String {
    let said = said.rsplit_once(" at line ").map_or(said, |(said, _)| said);
    let key = |before: &str| {
        let key = said.strip_prefix(before)?;
        let key = key.split_once("`, ").map_or(key, |(key, _)| key);
        Some(name(key.trim_end_matches('`')).unwrap_or_default())
    };
    if let Some(key) = key("unknown field `") {
        format!("the key \"{key}\" is not known")
    } else if let Some(key) = key("missing field `") {
        format!("the key \"{key}\" is missing")
    } else if let Some(key) = key("duplicate field `") {
        format!("the key \"{key}\" is there twice")
    } else if let Some((_, expected)) = said.rsplit_once(", expected ") {
        format!("expected {expected}")
    } else {
        "this is not of the form it should have".to_owned()
    }
}

/// What must be an object: alone, a structure would be read from a list of its values too.
pub struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(value: D) -> Result<Object<T>, D::Error> {
        value.deserialize_map(ObjectOf(PhantomData))
    }
}

struct ObjectOf<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectOf<T> {
    type Value = Object<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(object)).map(Object)
    }
}

/// Hands the items of a list on one by one; what goes wrong is said with the number of the item.
pub fn each<'de, T: Deserialize<'de>>(
    list: &'de RawValue,
    item: &str,
    take: impl FnMut(T) -> Result<(), Unreadable>,
) -> Result<(), Unreadable> {
    let (mut seen, mut refused) = (0, None);
    let each = Each {
        seen: &mut seen,
        refused: &mut refused,
        take,
        item: PhantomData,
    };
    let read = serde_json::Deserializer::from_str(list.get()).deserialize_seq(each);
    read.map_err(|error| {
        let reason = refused.unwrap_or_else(|| Unreadable::new(reason(&error.to_string())));
        if seen == 0 {
            reason.at(format_args!("its {item}s"))
        } else {
            reason.at(format_args!("{item} {seen}"))
        }
    })
}

struct Each<'t, T, F> {
    seen: &'t mut u64,
    refused: &'t mut Option<Unreadable>,
    take: F,
    item: PhantomData<T>,
}

impl<'de, T, F> Visitor<'de> for Each<'_, T, F>
where
    T: Deserialize<'de>,
    F: FnMut(T) -> Result<(), Unreadable>,
{
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        *self.seen = 1;
        while let Some(item) = list.next_element()? {
            if let Err(refusal) = (self.take)(item) {
                *self.refused = Some(refusal);
                return Err(A::Error::custom("refused"));
            }
            *self.seen += 1;
        }
        Ok(())
    }
}

/// Hands the entries of an object on one by one, keys that are there twice too.
pub fn entries<'de>(
    object: &'de RawValue,
    take: impl FnMut(&str, &'de RawValue),
) -> Result<(), Unreadable> {
    serde_json::Deserializer::from_str(object.get())
        .deserialize_map(Entries(take))
        .map_err(|error| Unreadable::new(reason(&error.to_string())))
}

struct Entries<F>(F);

impl<'de, F: FnMut(&str, &'de RawValue)> Visitor<'de> for Entries<F> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<(), A::Error> {
        while let Some((key, value)) = object.next_entry::<String, &RawValue>()? {
            (self.0)(&key, value);
        }
        Ok(())
    }
}

/// What an object holds under a key; nothing when it is no object.
pub fn field<'de>(object: &'de RawValue, key: &str) -> Option<&'de RawValue> {
    let mut found = None;
    let read = entries(object, |own, value| {
        if own == key {
            found = Some(value);
        }
    });
    read.ok().and(found)
}

/// A text; nothing when it is something else.
pub fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// The text that an object, if there is one, holds under `category`.
pub fn category(metadata: Option<&RawValue>) -> Option<String> {
    text(field(metadata?, "category")?).filter(|text| !text.trim().is_empty())
}

/// The numbers that Python writes and JSON does not know, each made `null`.
pub fn without_constants(bytes: &[u8]) -> Cow<'_, [u8]> {
    const CONSTANTS: [&[u8]; 3] = [b"NaN", b"Infinity", b"-Infinity"];
    let (mut clean, mut kept, mut at, mut in_text) = (Vec::new(), 0, 0, false);
    while at < bytes.len() {
        let rest = &bytes[at..];
        let constant = CONSTANTS.iter().find(|word| rest.starts_with(word));
        match (rest[0], constant) {
            (b'\\', _) if in_text => at += 2,
            (b'"', _) => {
                in_text = !in_text;
                at += 1;
            }
            (_, Some(word)) if !in_text => {
                clean.extend_from_slice(&bytes[kept..at]);
                clean.extend_from_slice(b"null");
                at += word.len();
                kept = at;
            }
            _ => at += 1,
        }
    }
    if kept == 0 {
        return Cow::Borrowed(bytes);
    }
    clean.extend_from_slice(&bytes[kept..]);
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Pair {
        #[allow(dead_code)]
        count: u64,
    }

    fn said(text: &str) -> String {
        parse::<Pair>(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place_and_without_what_stands_there() {
        assert_eq!(
            said(r#"{"count": "a secret, expected by nobody"}"#),
            "line 1, column 40: expected u64"
        );
        assert_eq!(
            said("{\n\"secret\": 1}"),
            "line 2, column 8: the key \"secret\" is not known"
        );
        assert_eq!(said("{}"), "line 1, column 2: the key \"count\" is missing");
        assert_eq!(
            said(r#"{"count": 1, "count": 2}"#),
            "line 1, column 20: the key \"count\" is there twice"
        );
        assert_eq!(said("{"), "line 1, column 1: it ends too early");
        assert_eq!(said("<"), "line 1, column 1: this cannot be read as JSON");
    }

    #[test]
    fn an_object_is_not_read_from_a_list() {
        assert!(parse::<Pair>(b"[1]").is_ok());
        let error = parse::<Object<Pair>>(b"[1]").err();
        assert_eq!(
            error.map(|error| error.to_string()),
            Some("line 1, column 0: expected an object".to_owned())
        );
    }

    #[test]
    fn an_item_of_a_list_is_named_by_its_number() {
        let list: &RawValue = parse(b"[1, 2, -3]").unwrap();
        let error = each(list, "case", |_: u64| Ok(())).unwrap_err();
        assert_eq!(error.to_string(), "case 3: expected u64");
        let error = each(list, "case", |_: i64| Err(Unreadable::new("no"))).unwrap_err();
        assert_eq!(error.to_string(), "case 1: no");
        let object: &RawValue = parse(b"{}").unwrap();
        let error = each(object, "case", |_: i64| Ok(())).unwrap_err();
        assert_eq!(error.to_string(), "its cases: expected a list");
    }

    #[test]
    fn a_category_that_is_no_text_is_none() {
        let of = |text: &str| category(Some(parse(text.as_bytes()).unwrap()));
        assert_eq!(of(r#"{"category": "tone"}"#), Some("tone".to_owned()));
        for text in [
            r#"{"category": 3}"#,
            r#"{"category": ""}"#,
            "[]",
            "null",
            "{}",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn pythons_numbers_become_null_and_texts_stay() {
        let clean =
            |text: &str| String::from_utf8(without_constants(text.as_bytes()).into()).unwrap();
        assert_eq!(
            clean(r#"[NaN, -Infinity, Infinity, "NaN \" NaN"]"#),
            r#"[null, null, null, "NaN \" NaN"]"#
        );
        assert_eq!(clean("\"\\"), "\"\\");
    }
}

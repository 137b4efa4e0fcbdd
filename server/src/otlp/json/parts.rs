//! What OTLP's JSON is made of: texts, numbers that may come as text, and lists of which the first are read.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Text, borrowed where it holds no escapes.
#[derive(Default, Deserialize)]
pub(super) struct Text<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

pub(super) fn text(own: Option<Text<'_>>) -> Cow<'_, str> {
    own.unwrap_or_default().0
}

/// A number, or text that holds one.
#[derive(Clone, Copy, Default)]
pub(super) struct Number(pub(super) i128);

impl Number {
    pub(super) fn unsigned(own: Option<Number>) -> u64 {
        u64::try_from(own.unwrap_or_default().0).unwrap_or(0)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Number, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Number;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number")
            }
            fn visit_u64<E>(self, own: u64) -> Result<Number, E> {
                Ok(Number(own.into()))
            }
            fn visit_i64<E>(self, own: i64) -> Result<Number, E> {
                Ok(Number(own.into()))
            }
            fn visit_f64<E>(self, own: f64) -> Result<Number, E> {
                Ok(Number(own as i128))
            }
            fn visit_str<E>(self, own: &str) -> Result<Number, E> {
                Ok(Number(own.trim().parse().unwrap_or(0)))
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// A number, or one of the words for what is none.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Double<'a> {
    Number(f64),
    Word(#[serde(borrow)] Cow<'a, str>),
}

/// The first of a list, as many as `MOST`, and how many there are beyond them.
pub(super) struct First<T, const MOST: usize>(pub(super) Vec<T>, pub(super) usize);

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for First<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read<T, const MOST: usize>(First<T, MOST>);
        impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for Read<T, MOST> {
            type Value = First<T, MOST>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let First(mut read, mut beyond) = self.0;
                while read.len() < MOST {
                    match list.next_element()? {
                        Some(own) => read.push(own),
                        None => return Ok(First(read, beyond)),
                    }
                }
                while list.next_element::<IgnoredAny>()?.is_some() {
                    beyond += 1;
                }
                Ok(First(read, beyond))
            }
        }
        deserializer.deserialize_seq(Read(First(Vec::new(), 0)))
    }
}

//! The shapes inside a review.

use app::view::answer::Word;
use app::view::explanation::Cause;
use app::view::freshness::Freshness;
use serde_json::{Value, json};

use super::{
    Shape, day, either, flag, instant, list, named, number, object, or_null, pair, text, whole,
    words,
};

/// A review, and what stands in it.
pub fn shapes() -> Vec<Shape> {
    vec![
        ("Review", review()),
        ("Source", source()),
        ("Answer", answer()),
        ("Side", side()),
        ("Spans", spans()),
        ("Compared", compared()),
        ("Exceptions", exceptions()),
        ("Exception", exception()),
        ("Explanation", explanation()),
        ("Hops", hops()),
        ("Hop", hop()),
        ("FromLastWeek", from_last_week()),
        ("Action", action()),
        ("Row", row()),
        ("Freeze", freeze()),
        ("Restatement", restatement()),
        ("Standing", standing()),
    ]
}

fn review() -> Value {
    let group = object(&[("name", text()), ("rows", list(named("Row")))]);
    let acts_head = object(&[("number", whole()), ("hash", text())]);
    let place = object(&[("scope", text()), ("name", text())]);
    object(&[
        ("week", text()),
        ("first_day", day()),
        ("last_day", day()),
        ("previous_week", or_null(text())),
        ("next_week", or_null(text())),
        ("newest_week", or_null(text())),
        ("scope", text()),
        ("scope_name", text()),
        ("data_as_of", or_null(instant())),
        ("time_zone", text()),
        ("sources", list(named("Source"))),
        ("answer", named("Answer")),
        ("exceptions", named("Exceptions")),
        ("hops", or_null(named("Hops"))),
        ("actions", or_null(named("FromLastWeek"))),
        ("groups", list(group)),
        ("freeze", named("Freeze")),
        ("restatements", list(named("Restatement"))),
        ("acts_head", or_null(acts_head)),
        ("elsewhere", list(place)),
        ("generated", or_null(object(&[("seed", whole())]))),
    ])
}

fn source() -> Value {
    let freshness = words(&[
        Freshness::Fresh,
        Freshness::Late,
        Freshness::Stale,
        Freshness::Partial,
        Freshness::NeverLoaded,
    ]);
    object(&[
        ("name", text()),
        ("freshness", freshness),
        ("reason", or_null(text())),
    ])
}

fn answer() -> Value {
    object(&[
        ("sentence", text()),
        ("reason", text()),
        ("beside", list(text())),
        ("missing", list(text())),
        ("speed", named("Side")),
        ("quality", named("Side")),
        ("margin_points", number()),
    ])
}

fn side() -> Value {
    let word = words(&[
        Word::Faster,
        Word::Slower,
        Word::NoVisibleChange,
        Word::Sloppier,
        Word::NoSloppier,
        Word::CantTell,
    ]);
    object(&[
        ("metric", text()),
        ("name", text()),
        ("records_noun", text()),
        ("word", word),
        ("spans", or_null(named("Spans"))),
        ("compared", or_null(named("Compared"))),
        ("why_not", or_null(text())),
    ])
}

fn spans() -> Value {
    let span = object(&[("from", text()), ("to", text()), ("records", whole())]);
    object(&[("recent", span.clone()), ("baseline", span)])
}

fn compared() -> Value {
    let durations = object(&[
        ("ratio", number()),
        ("low", number()),
        ("high", number()),
        ("level_percent", number()),
    ]);
    let shares = object(&[
        ("recent", pair(whole())),
        ("baseline", pair(whole())),
        ("sloppier", pair(number())),
        ("sloppier_percent", number()),
        ("no_sloppier", pair(number())),
        ("no_sloppier_percent", number()),
    ]);
    either(&[
        object(&[("durations", durations)]),
        object(&[("shares", shares)]),
    ])
}

fn exceptions() -> Value {
    object(&[("watched", whole()), ("found", list(named("Exception")))])
}

fn exception() -> Value {
    object(&[
        ("scope_name", text()),
        ("name", text()),
        ("figure", named("Figure")),
        ("records_noun", text()),
        ("usable_weeks", whole()),
        ("since", text()),
        ("owner", or_null(text())),
        ("is_always_told", flag()),
        ("explanation", or_null(named("Explanation"))),
    ])
}

fn explanation() -> Value {
    object(&[
        ("week", text()),
        ("cause", words(&[Cause::KnownCause, Cause::StillLooking])),
        ("said", text()),
        ("by", text()),
        ("at", instant()),
    ])
}

fn hops() -> Value {
    object(&[
        ("rows", list(named("Hop"))),
        ("more", whole()),
        ("left_out", whole()),
        ("unmeasured", list(text())),
    ])
}

fn hop() -> Value {
    object(&[
        ("workflow", text()),
        ("agent", named("Row")),
        ("business", named("Row")),
        ("expected", or_null(text())),
        ("word", or_null(text())),
    ])
}

fn from_last_week() -> Value {
    object(&[("shown", list(named("Action"))), ("more", whole())])
}

fn action() -> Value {
    let done = object(&[("by", text()), ("at", instant())]);
    object(&[
        ("number", whole()),
        ("said", text()),
        ("owner", text()),
        ("due", day()),
        ("overdue", flag()),
        ("scope", text()),
        ("scope_name", text()),
        ("week", text()),
        ("done", or_null(done)),
    ])
}

fn row() -> Value {
    let point = object(&[
        ("week", text()),
        ("value", or_null(number())),
        ("sample", whole()),
        ("hollow", flag()),
    ]);
    object(&[
        ("name", text()),
        ("figure", named("Figure")),
        ("records_noun", text()),
        ("points", list(point)),
        ("usable_weeks", whole()),
        ("settles_on", day()),
        ("definition_url", text()),
    ])
}

fn freeze() -> Value {
    either(&[
        object(&[("frozen", instant())]),
        object(&[("freezes", instant())]),
        json!({"const": "never"}),
    ])
}

fn restatement() -> Value {
    object(&[
        ("name", text()),
        ("unit", named("Unit")),
        ("before", or_null(named("Standing"))),
        ("after", or_null(named("Standing"))),
        ("at", instant()),
        ("reason", text()),
        ("records_url", text()),
    ])
}

fn standing() -> Value {
    object(&[
        ("value", or_null(number())),
        ("sample", whole()),
        ("numerator", or_null(whole())),
        ("denominator", or_null(whole())),
    ])
}

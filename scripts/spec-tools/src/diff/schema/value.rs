//! One value: the type that reads it today, and the type that the new schema has for it.

use serde_json::{Value, json};

use super::{Part, Schemas, Use};
use crate::diff::finding::{Place, new};
use crate::diff::limits::{self, Move};
use crate::diff::place::{locate, target};
use crate::diff::rule::Rule;
use crate::pointer;
use crate::prepare::reading::{Read, Reading};

impl Schemas<'_, '_> {
    pub(super) fn value(&mut self, older: &Part, newer: &Part, was: &Read, is: &Read, at: &Use) {
        use Reading::{Any, Bool, Choice, Enum, Float, Integer, List, Map, Struct, Tagged, Text, Timestamp, Uuid};
        match (&was.reading, &is.reading) {
            (Any, Any) => {}
            (Any, _) => {
                self.add(Rule::TypeUnread, self.at(newer, "type"), format!("it was any value, is {}", told(is)));
            }
            (Uuid, Uuid) | (Timestamp, Timestamp) | (Bool, Bool) => {}
            (Text, Text | Uuid | Timestamp | Enum(_)) => self.text(newer, was, is, at),
            (Enum(known), Enum(values)) => self.values(newer, known, values),
            (Enum(_), Text | Uuid | Timestamp) => {
                self.add(Rule::EnumOpened, self.at(newer, "type"), format!("it was an enumeration, is {}", told(is)));
            }
            (Uuid | Timestamp, Text | Uuid | Timestamp | Enum(_)) => {
                let found = format!("it was {}, is {}", told(was), told(is));
                self.add(Rule::FormatChanged, self.at(newer, "format"), found);
            }
            (Integer(..), Integer(..)) => self.integer(newer, was, is, at),
            (Float, Integer(..)) => {
                self.add(Rule::TypeNarrower, self.at(newer, "type"), "it was a number, is an integer");
                self.limits(newer, was, is, at);
            }
            (Float, Float) => {
                self.limits(newer, was, is, at);
                self.format(newer, was, is);
            }
            (List(items), List(others)) => {
                self.limits(newer, was, is, at);
                let old = self.below(true, older, items, "items");
                let new = self.below(false, newer, others, "items");
                self.compare(&old, &new, &held(at));
            }
            (Map(Some(values)), Map(Some(others))) => {
                self.limits(newer, was, is, at);
                let old = self.below(true, older, values, "additionalProperties");
                let new = self.below(false, newer, others, "additionalProperties");
                self.compare(&old, &new, &held(at));
            }
            (Map(None), Map(None)) => self.limits(newer, was, is, at),
            (Map(None), Map(Some(_)) | Struct) => {
                self.add(Rule::TypeUnread, self.at(newer, "type"), format!("it was any object, is {}", told(is)));
                self.limits(newer, was, is, at);
            }
            (Struct, Struct) => self.members(older, newer, was, is, at),
            // The last declared member went; what says that there are none declares as much.
            (Struct, Map(None)) if is.flat.contains_key("properties") => self.members(older, newer, was, is, at),
            (Tagged(tag, known), Tagged(other, forms)) => {
                self.tagged(newer, (tag.as_str(), known.as_slice()), (other, forms));
            }
            (Choice(known), Choice(forms)) => self.choice(older, newer, known, forms),
            (Choice(known), _) if self.only(older, newer, known) => {}
            _ => {
                let found = format!("it was {}, is {}", told(was), told(is));
                self.add(Rule::TypeChanged, self.at(newer, "type"), found);
            }
        }
    }

    fn text(&mut self, part: &Part, was: &Read, is: &Read, at: &Use) {
        self.limits(part, was, is, at);
        self.pattern(part, was, is, at);
        match is.reading {
            Reading::Text => self.format(part, was, is),
            _ => self.add(Rule::TypeNarrower, self.at(part, "type"), format!("it was a text, is {}", told(is))),
        }
    }

    fn pattern(&mut self, part: &Part, was: &Read, is: &Read, at: &Use) {
        let (old, new) = (was.flat.get("pattern"), is.flat.get("pattern"));
        if old == new {
            return;
        }
        let checked = limits::checked_pattern(&was.flat).filter(|_| at.checked);
        let still_fits = match (&checked, &is.reading) {
            (None, _) => true,
            (Some(pattern), Reading::Enum(values)) => values.iter().all(|value| pattern.is_match(value)),
            (Some(_), _) => false,
        };
        let rule = if still_fits { Rule::PatternNew } else { Rule::PatternChanged };
        let told =
            |pattern: Option<&Value>| pattern.map_or_else(|| "none".to_owned(), |pattern| format!("`{pattern}`"));
        self.add(rule, self.at(part, "pattern"), format!("`pattern` was {}, is {}", told(old), told(new)));
    }

    fn format(&mut self, part: &Part, was: &Read, is: &Read) {
        let (old, new) = (was.flat.get("format"), is.flat.get("format"));
        if old != new {
            let told =
                |format: Option<&Value>| format.map_or_else(|| "none".to_owned(), |format| format!("`{format}`"));
            let found = format!("`format` was {}, is {}", told(old), told(new)).replace('"', "");
            self.add(Rule::FormatUnread, self.at(part, "format"), found);
        }
    }

    fn values(&mut self, part: &Part, known: &[String], values: &[String]) {
        for value in values.iter().filter(|value| !known.contains(value)) {
            self.add(Rule::EnumValueNew, self.at(part, "enum"), format!("`{value}` is new"));
        }
        for value in known.iter().filter(|value| !values.contains(value)) {
            self.add(Rule::EnumValueGone, self.at(part, "enum"), format!("`{value}` is gone"));
        }
    }

    fn integer(&mut self, part: &Part, was: &Read, is: &Read, at: &Use) {
        let (Reading::Integer(least, greatest), Reading::Integer(..)) = (&was.reading, &is.reading) else { return };
        let (lower, upper) = (range(is).0, range(is).1);
        let before = range(was);
        let outside = lower < *least || upper > *greatest;
        if outside && (lower < before.0 || upper > before.1) {
            let found = format!("it was {}, is {}", told(was), told(is));
            self.add(Rule::NumberWider, self.at(part, "format"), found);
        } else {
            self.format(part, was, is);
        }
        self.limits(part, was, is, at);
    }

    fn limits(&mut self, part: &Part, was: &Read, is: &Read, at: &Use) {
        for moved in limits::moved(was, is) {
            let rule = match moved.way {
                // A form that has lengths of its own says nothing of them.
                Move::Tighter if !is.flat.contains_key(moved.keyword) => continue,
                Move::Tighter => Rule::LimitTightened,
                Move::Looser if at.checked => Rule::LimitLoosened,
                Move::Looser => Rule::LimitUnchecked,
            };
            let told = |read: &Read| limits::told(&read.flat, moved.keyword);
            let found = format!("`{}` was {}, is {}", moved.keyword, told(was), told(is));
            self.add(rule, self.at(part, moved.keyword), found);
        }
    }

    /// The place of a keyword in the new document.
    pub(super) fn at(&self, part: &Part, keyword: &str) -> Place {
        new(&locate(self.new, &part.pointer, &[keyword]))
    }

    /// The schema behind a keyword of a part.
    fn below(&self, is_old: bool, part: &Part, value: &Value, keyword: &str) -> Part {
        let document = if is_old { self.old } else { self.new };
        Part { value: value.clone(), pointer: locate(document, &part.pointer, &[keyword]) }
    }

    /// The component of this name.
    pub(super) fn component(&self, is_old: bool, name: &str) -> Part {
        let pointer = pointer::child("/components/schemas", name);
        let document = if is_old { self.old } else { self.new };
        let pointer = target(document, &pointer);
        Part { value: json!({ "$ref": format!("#{pointer}") }), pointer }
    }
}

/// How what a list or map holds is used.
fn held(at: &Use) -> Use {
    Use { checked: at.holds_checked, ..Use::default() }
}

/// The integers that a schema allows.
fn range(read: &Read) -> (i128, i128) {
    let Reading::Integer(least, greatest) = read.reading else { return (i128::MIN, i128::MAX) };
    let bound = |key: &str| {
        read.flat.get(key).and_then(|value| value.as_i64().map(i128::from).or(value.as_u64().map(i128::from)))
    };
    (bound("minimum").map_or(least, |own| own.max(least)), bound("maximum").map_or(greatest, |own| own.min(greatest)))
}

/// A type in words.
fn told(read: &Read) -> String {
    let format = read.flat.get("format").and_then(Value::as_str);
    let with = |kind: &str| format.map_or_else(|| kind.to_owned(), |format| format!("{kind} ({format})"));
    match &read.reading {
        Reading::Any => "any value".to_owned(),
        Reading::Text | Reading::Uuid | Reading::Timestamp => with("a text"),
        Reading::Enum(_) => "an enumeration".to_owned(),
        Reading::Integer(..) => with("an integer"),
        Reading::Float => "a number".to_owned(),
        Reading::Bool => "true or false".to_owned(),
        Reading::List(_) => "a list".to_owned(),
        Reading::Map(Some(_)) => "a map".to_owned(),
        Reading::Map(None) => "any object".to_owned(),
        Reading::Struct => "an object with members".to_owned(),
        Reading::Tagged(tag, _) => format!("one of several forms by `{tag}`"),
        Reading::Choice(_) => "one of several forms".to_owned(),
    }
}

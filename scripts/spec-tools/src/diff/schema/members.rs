//! The members of an object, matched by the names under which they are sent.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Part, Schemas, Use};
use crate::diff::finding::{new, old};
use crate::diff::place::locate;
use crate::diff::rule::Rule;
use crate::pointer;
use crate::prepare::reading::Read;

struct Member<'v> {
    name: &'v str,
    schema: &'v Value,
    aliases: Vec<&'v str>,
    required: bool,
    place: String,
}

impl Schemas<'_, '_> {
    pub(super) fn members(&mut self, older: &Part, newer: &Part, was: &Read, is: &Read, at: &Use) {
        let before = members(self.old, older, &was.flat);
        let after = members(self.new, newer, &is.flat);
        for member in &before {
            match matching(member, &after) {
                Some(later) => self.member(member, later, at),
                None => self.gone(member, &before, &after, at),
            }
        }
        for member in &after {
            self.added(member, &before, &after);
        }
        if was.flat.get("additionalProperties") != is.flat.get("additionalProperties") {
            let place = locate(self.new, &newer.pointer, &["additionalProperties"]);
            self.add(Rule::MoreMembers, new(&place), "`additionalProperties` changes beside declared members");
        }
    }

    fn member(&mut self, member: &Member<'_>, later: &Member<'_>, at: &Use) {
        let (name, place) = (member.name, later.place.as_str());
        let path = self.path(at, name);
        if later.name != name {
            let found = format!("`{name}` is sent as `{}`, one of its aliases", later.name);
            self.add(Rule::MemberByAlias, new(place), found);
        }
        if member.required && !later.required {
            self.add(Rule::MemberOptional, new(place), format!("`{name}` is no longer required"));
            self.weakened(path.as_ref(), place, name);
        } else if later.required && !member.required {
            self.add(Rule::MemberRequired, new(place), format!("`{name}` is required now"));
        }
        for alias in later.aliases.iter().filter(|alias| **alias != name && !member.aliases.contains(alias)) {
            let found = format!("`{name}` may be sent as `{alias}`");
            self.add(Rule::MemberAliasNew, new(place), found);
        }
        for alias in member.aliases.iter().filter(|alias| **alias != later.name && !later.aliases.contains(alias)) {
            self.add(Rule::MemberAliasGone, new(place), format!("`{name}` is no longer sent as `{alias}`"));
        }
        let part = |member: &Member<'_>| Part { value: member.schema.clone(), pointer: member.place.clone() };
        let used = Use { path, checked: true, holds_checked: true, optional: !member.required };
        self.compare(&part(member), &part(later), &used);
    }

    fn gone(&mut self, member: &Member<'_>, before: &[Member<'_>], after: &[Member<'_>], at: &Use) {
        let name = member.name;
        let is_new = |later: &&Member<'_>| before.iter().all(|member| !answers(member, later.name));
        let respelled = after.iter().filter(is_new).find(|later| bare(later.name) == bare(name));
        if let Some(later) = respelled {
            let found = format!("`{name}` is now spelled `{}`", later.name);
            self.add(Rule::MemberRespelled, new(&later.place), found);
        } else if member.required {
            self.add(Rule::MemberGone, old(&member.place), format!("`{name}`, which was required, is gone"));
        } else {
            self.add(Rule::MemberOptionalGone, old(&member.place), format!("`{name}` is gone"));
        }
        let path = self.path(at, name);
        if path.as_ref().is_some_and(|path| self.identity.contains(path)) {
            self.add(Rule::EventIdWeak, old(&member.place), format!("`{name}` names the event, and is gone"));
        }
    }

    fn added(&mut self, later: &Member<'_>, before: &[Member<'_>], after: &[Member<'_>]) {
        // What an old member answers to is either that member, or sent beside it.
        match before.iter().find(|member| answers(member, later.name)) {
            Some(member) if matching(member, after).is_some_and(|found| found.name != later.name) => {
                let found = format!("`{}` is an alias of `{}`, and both are sent", later.name, member.name);
                self.add(Rule::MemberTwice, new(&later.place), found);
            }
            Some(_) => {}
            None if before
                .iter()
                .any(|member| bare(member.name) == bare(later.name) && matching(member, after).is_none()) => {}
            None => {
                let kind = if later.required { "always there" } else { "may be there" };
                self.add(Rule::MemberNew, new(&later.place), format!("`{}` is new, {kind}", later.name));
            }
        }
    }

    /// Where a member stands in the event, as long as that is on the way to a part of its identity.
    fn path(&self, at: &Use, name: &str) -> Option<String> {
        let path = pointer::child(at.path.as_ref()?, name);
        let leads = |part: &String| *part == path || part.starts_with(&format!("{path}/"));
        self.identity.iter().any(leads).then_some(path)
    }

    fn weakened(&mut self, path: Option<&String>, place: &str, name: &str) {
        if path.is_some_and(|path| self.identity.contains(path)) {
            self.add(Rule::EventIdWeak, new(place), format!("`{name}` names the event, and may be missing"));
        }
    }
}

fn members<'v>(document: &crate::document::Document, part: &Part, flat: &'v Map<String, Value>) -> Vec<Member<'v>> {
    let required: BTreeSet<&str> =
        flat.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = flat.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| Member {
            name,
            schema,
            aliases: schema
                .get("x-webhook-aliases")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect(),
            required: required.contains(name.as_str()),
            place: locate(document, &part.pointer, &["properties", name]),
        })
        .collect()
}

/// The member that is sent where the old one was: by its name, else by one of its aliases.
fn matching<'m, 'v>(member: &Member<'_>, after: &'m [Member<'v>]) -> Option<&'m Member<'v>> {
    after
        .iter()
        .find(|later| later.name == member.name)
        .or_else(|| after.iter().find(|later| answers(member, later.name)))
}

/// Whether the reader takes a value of this name for this member.
fn answers(member: &Member<'_>, name: &str) -> bool {
    member.name == name || member.aliases.contains(&name)
}

/// A name without what people spell differently.
fn bare(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

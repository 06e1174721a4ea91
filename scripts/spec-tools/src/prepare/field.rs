//! From an object's members to the fields of a struct, with what serde, validator and utoipa must be told of each.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Value};

use super::model::{Check, Field, Pattern, Struct};
use super::name::{self, Unique};
use super::types::{ANY, Kind, Models, Type};
use super::{docs, limits, schema};

/// A member of an object.
struct Member<'v> {
    /// The struct that it is a field of.
    owner: &'v str,
    /// Its name in JSON.
    wire: &'v str,
    /// Its name in Rust.
    name: String,
    schema: &'v Value,
    flat: Cow<'v, Map<String, Value>>,
    required: bool,
}

impl Member<'_> {
    fn nullable(&self, found: &Type) -> bool {
        // A value of any kind may be null, too; only where it may also be absent does that make a difference.
        if found.text == ANY { !self.required } else { schema::is_nullable(&self.flat) }
    }

    /// Whether null and absent have to be told apart, which one `Option` cannot.
    fn told_apart(&self, found: &Type) -> bool {
        !self.required && self.nullable(found)
    }
}

impl Models<'_> {
    /// The fields for the members of an object.
    pub(super) fn structure(&mut self, flat: &Map<String, Value>, owner: &str) -> Struct {
        let required: HashSet<&str> =
            flat.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let (mut names, mut statics) = (Unique::default(), Unique::default());
        let lenient = self.lenient;
        let mut made =
            Struct { fields: Vec::new(), patterns: Vec::new(), checks: Vec::new(), rest: Vec::new(), lenient };
        for (wire, schema) in flat.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let wanted = schema.get("x-rust-name").and_then(Value::as_str).unwrap_or(wire);
            let name = names.take(&name::snake(wanted));
            let (flat, required) = (self.spec.flatten(schema), required.contains(wire.as_str()));
            let member = Member { owner, wire, name, schema, flat, required };
            let found = self.type_of(schema, &format!("{owner}{}", name::pascal(wire)));
            let pattern = self.pattern(&member, &found, &mut statics);
            let (check, item_pattern) = self.check_of_items(&member, &found, &mut statics);
            made.fields.push(self.field(member, found, pattern.as_ref(), check.as_ref()));
            made.patterns.extend(pattern.into_iter().chain(item_pattern));
            made.checks.extend(check);
        }
        let open = flat.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false));
        if lenient || open || flat.contains_key("patternProperties") {
            made.rest.push(names.take("others"));
        }
        made
    }

    fn field(&self, member: Member<'_>, found: Type, pattern: Option<&Pattern>, check: Option<&Check>) -> Field {
        let lenient = self.lenient;
        let any = found.text == ANY;
        let nullable = member.nullable(&found);
        let optional = !member.required || nullable;
        let told_apart = lenient || member.told_apart(&found);
        let wrapped = |text: &str| if optional { format!("Option<{text}>") } else { text.to_owned() };

        let mut serde = Vec::new();
        if name::plain(&member.name) != member.wire {
            serde.push(format!("rename = {}", name::literal(member.wire)));
        }
        let aliases = member.schema.get("x-webhook-aliases").and_then(Value::as_array);
        for alias in aliases.into_iter().flatten().filter_map(Value::as_str) {
            serde.push(format!("alias = {}", name::literal(alias)));
        }
        if told_apart {
            serde.push("default".to_owned());
            if !lenient {
                serde.push("deserialize_with = \"crate::member::exact\"".to_owned());
            }
            serde.push("skip_serializing_if = \"crate::Member::is_absent\"".to_owned());
        } else if !member.required {
            serde.push("skip_serializing_if = \"Option::is_none\"".to_owned());
        } else if nullable {
            // Without this, serde takes a missing member for null.
            serde.push("deserialize_with = \"serde::Deserialize::deserialize\"".to_owned());
        }

        let mut utoipa = Vec::new();
        if found.told != found.text || told_apart {
            utoipa.push(format!("value_type = {}", if any { found.told.clone() } else { wrapped(&found.told) }));
        }
        utoipa.extend(found.attributes.iter().cloned());
        if member.required && (nullable || lenient) {
            utoipa.push("required = true".to_owned());
        }
        if optional && !nullable {
            utoipa.push("nullable = false".to_owned());
        }
        utoipa.extend(limits::told(&member.flat, found.kind));

        let mut validate = Vec::new();
        if !lenient {
            validate = limits::checked(&member.flat, found.kind);
            validate.extend(pattern.map(|pattern| format!("regex(path = *{})", pattern.name)));
            validate.extend(check.map(|check| format!("custom(function = {})", check.name)));
            validate.extend((found.nested && !(told_apart && found.kind == Kind::Map)).then(|| "nested".to_owned()));
        }

        let joined = |parts: Vec<String>| if parts.is_empty() { vec![] } else { vec![parts.join(", ")] };
        Field {
            docs: self.field_docs(&member),
            name: member.name,
            r#type: if told_apart { format!("crate::Member<{}>", found.text) } else { wrapped(&found.text) },
            serde: joined(serde),
            validate: joined(validate),
            schema: joined(utoipa),
            part: found.part,
        }
    }

    /// What the member's schema says of it, else what the component that it refers to says of itself.
    fn field_docs(&self, member: &Member<'_>) -> Vec<String> {
        let component = schema::referenced(member.schema).and_then(|component| self.spec.component(component));
        let target = component.map(|component| self.spec.flatten(component)).unwrap_or_default();
        let told = [&member.flat, &target].map(|flat| docs::lines(schema::described(flat)));
        let found = told.into_iter().find(|lines| !lines.is_empty());
        found.unwrap_or_else(|| vec![format!("The member {}.", docs::code(member.wire))])
    }

    /// The regular expression of a text, if Rust can check it.
    fn pattern(&mut self, member: &Member<'_>, found: &Type, statics: &mut Unique) -> Option<Pattern> {
        self.pattern_of(member, &member.flat, found.kind, statics)
    }

    fn pattern_of(
        &mut self,
        member: &Member<'_>,
        flat: &Map<String, Value>,
        kind: Kind,
        statics: &mut Unique,
    ) -> Option<Pattern> {
        let Member { owner, wire, .. } = member;
        let pattern = flat.get("pattern").and_then(Value::as_str).filter(|_| kind == Kind::Text && !self.lenient)?;
        if let Err(error) = regex::Regex::new(pattern) {
            let reason = error.to_string().lines().last().unwrap_or_default().to_owned();
            self.warnings.push(format!("{owner}.{wire}: the pattern {pattern:?} is not checked: {reason}"));
            return None;
        }
        Some(Pattern { name: statics.take(&name::shouty(wire)), literal: name::literal(pattern) })
    }
    /// The function that checks what a list or map holds, and the pattern that it needs.
    fn check_of_items(
        &mut self,
        member: &Member<'_>,
        found: &Type,
        statics: &mut Unique,
    ) -> (Option<Check>, Option<Pattern>) {
        let key = if found.kind == Kind::List { "items" } else { "additionalProperties" };
        let Some(schema) = member.flat.get(key).filter(|_| found.items_limited) else { return (None, None) };
        let flat = self.spec.flatten(schema);
        let mut conditions = limits::kept(&flat, found.item);
        let pattern = self.pattern_of(member, &flat, found.item, statics);
        conditions.extend(
            pattern
                .as_ref()
                .map(|pattern| format!("validator::ValidateRegex::validate_regex(item, &*{})", pattern.name)),
        );
        if conditions.is_empty() {
            return (None, None);
        }
        let (is_list, is_member) = (found.kind == Kind::List, member.told_apart(found));
        let values = match (is_list, is_member, found.text.contains("Option<")) {
            (true, false, false) => "held.iter()",
            (true, false, true) => "held.iter().flatten()",
            (true, true, false) => "held.get().into_iter().flatten()",
            (true, true, true) => "held.get().into_iter().flatten().flatten()",
            (false, false, false) => "held.values()",
            (false, false, true) => "held.values().flatten()",
            (false, true, false) => "held.get().into_iter().flat_map(|held| held.values())",
            (false, true, true) => "held.get().into_iter().flat_map(|held| held.values()).flatten()",
        };
        let slice = found.text.strip_prefix("Vec<").and_then(|rest| rest.strip_suffix('>'));
        let argument = match slice.filter(|_| !is_member) {
            Some(item) => format!("[{item}]"),
            None if is_member => format!("crate::Member<{}>", found.text),
            None => found.text.clone(),
        };
        let name = format!("each_of_{}", name::plain(&member.name));
        (Some(Check { name, argument, values, condition: conditions.join(" && ") }), pattern)
    }
}

//! What a spec says many times over is written once: inline objects and enumerations that are alike become a schema of
//! their own. Generated specs repeat a user or a label in each of their events; written out, they would be as many models.

use std::collections::{BTreeMap, HashMap};

use heck::ToUpperCamelCase;
use serde_json::{Map, Value, json};

/// The fewest values of an enumeration that is worth a name.
const FEWEST_VALUES: usize = 3;

/// Replaces what stands in `schemas` twice or more by references. `name` gives out free names.
pub(super) fn share(schemas: Map<String, Value>, name: &mut dyn FnMut(&str) -> String) -> Map<String, Value> {
    let mut times = HashMap::new();
    for schema in schemas.values() {
        parts(schema, &mut |part| count(part, &mut times));
    }
    let mut sharing = Sharing { times, names: BTreeMap::new(), shared: Map::new(), name };
    let mut all = Map::new();
    for (own, schema) in schemas {
        let schema = sharing.below(schema);
        all.insert(own, schema);
    }
    all.extend(sharing.shared);
    all
}

struct Sharing<'n> {
    /// How often each shareable schema stands somewhere.
    times: HashMap<String, usize>,
    names: BTreeMap<String, String>,
    shared: Map<String, Value>,
    name: &'n mut dyn FnMut(&str) -> String,
}

impl Sharing<'_> {
    /// The schema, with references where its parts are shared.
    fn below(&mut self, schema: Value) -> Value {
        let Value::Object(mut members) = schema else { return schema };
        if let Some(Value::Object(properties)) = members.get_mut("properties") {
            for (property, part) in properties.iter_mut() {
                *part = self.part(part.take(), property);
            }
        }
        for key in ["items", "additionalProperties"] {
            if let Some(part) = members.get_mut(key) {
                *part = self.part(part.take(), "item");
            }
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            for part in members.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
                *part = self.part(part.take(), "part");
            }
        }
        Value::Object(members)
    }

    fn part(&mut self, part: Value, hint: &str) -> Value {
        let key = key(&part).filter(|key| self.times.get(key).is_some_and(|times| *times > 1));
        let Some(key) = key else { return self.below(part) };
        let is_nullable = part.get("nullable") == Some(&Value::Bool(true));
        let name = match self.names.get(&key) {
            Some(name) => name.clone(),
            None => {
                let title = part.get("title").and_then(Value::as_str).unwrap_or(hint);
                let name = (self.name)(&title.to_upper_camel_case());
                self.names.insert(key, name.clone());
                self.shared.insert(name.clone(), Value::Null);
                let mut whole = self.below(part);
                if let Some(members) = whole.as_object_mut() {
                    members.shift_remove("nullable");
                    if let Some(values) = members.get_mut("enum").and_then(Value::as_array_mut) {
                        values.retain(|value| !value.is_null());
                    }
                }
                self.shared.insert(name.clone(), whole);
                name
            }
        };
        let reference = json!({ "$ref": format!("#/components/schemas/{name}") });
        if is_nullable { json!({ "nullable": true, "allOf": [reference] }) } else { reference }
    }
}

/// What makes two schemas alike: everything but their words, and whether they may be null.
fn key(schema: &Value) -> Option<String> {
    let members = schema.as_object()?;
    let is_object =
        members.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    let values = members.get("enum").and_then(Value::as_array);
    let is_enumeration =
        values.is_some_and(|values| values.iter().filter(|value| value.is_string()).count() >= FEWEST_VALUES);
    if !is_object && !is_enumeration {
        return None;
    }
    let mut bare = members.clone();
    for word in ["description", "nullable", "example", "default", "title"] {
        bare.remove(word);
    }
    if let Some(values) = bare.get_mut("enum").and_then(Value::as_array_mut) {
        values.retain(|value| !value.is_null());
    }
    Some(Value::Object(bare).to_string())
}

fn count(part: &Value, times: &mut HashMap<String, usize>) {
    if let Some(key) = key(part) {
        *times.entry(key).or_default() += 1;
    }
}

/// Every schema within a schema.
fn parts(schema: &Value, visit: &mut dyn FnMut(&Value)) {
    let Some(members) = schema.as_object() else { return };
    let properties = members.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let single = ["items", "additionalProperties"].into_iter().filter_map(|key| members.get(key));
    let lists = ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|key| members.get(key)?.as_array()).flatten();
    for part in properties.chain(single).chain(lists) {
        visit(part);
        parts(part, visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_twice_stands_once_and_may_still_be_null_where_it_might() {
        let user = |words: &str, nullable: bool| {
            let kind = json!({ "type": "string", "enum": ["bot", "person", "team"] });
            let mut user = json!({ "description": words, "type": "object", "properties": { "kind": kind } });
            if nullable {
                user["nullable"] = true.into();
            }
            user
        };
        let event =
            |user: Value| json!({ "type": "object", "properties": { "user": user, "other": { "type": "object" } } });
        let schemas = json!({ "A": event(user("The sender.", false)), "B": event(user("Who did it.", true)) });
        let Value::Object(schemas) = schemas else { panic!("an object") };
        let shared = share(schemas, &mut |name| format!("Acme{name}"));
        let names: Vec<_> = shared.keys().map(String::as_str).collect();
        assert_eq!(names, ["A", "B", "AcmeUser", "AcmeKind"]);
        let reference = json!({ "$ref": "#/components/schemas/AcmeUser" });
        assert_eq!(shared["A"]["properties"]["user"], reference);
        assert_eq!(shared["B"]["properties"]["user"], json!({ "nullable": true, "allOf": [reference] }));
        assert_eq!(shared["AcmeUser"]["properties"]["kind"], json!({ "$ref": "#/components/schemas/AcmeKind" }));
    }

    #[test]
    fn what_stands_once_stays_where_it_is() {
        let schemas = json!({ "A": { "properties": { "a": { "type": "object", "properties": { "b": {} } } } } });
        let Value::Object(schemas) = schemas else { panic!("an object") };
        assert_eq!(share(schemas.clone(), &mut |name| name.to_owned()), schemas);
    }
}

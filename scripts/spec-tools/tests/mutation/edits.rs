//! Small edits of `webhooks.yaml` whose effect is known by construction.

use serde_json::{Map, Value, json};
use spec_tools::diff::Class;

use crate::random::Random;

/// What an edit did.
#[derive(Debug, Clone)]
pub(crate) struct Edit {
    pub(crate) kind: &'static str,
    pub(crate) place: String,
    /// The worst class that it may be given: any other is wrong.
    pub(crate) expected: &'static [Class],
    /// Whether some delivery must fare badly; `None` where that depends on more than the edit.
    pub(crate) fails: Option<bool>,
    /// What it touches, so that the right events are tried: a schema, or a path.
    pub(crate) schema: Option<String>,
    pub(crate) path: Option<String>,
    /// New names of members that held something before.
    pub(crate) renamed: Vec<String>,
}

use Class::{Breaks, Docs, Handler, Security, Tolerated};

/// Makes one edit; `None` where what it needs is not there.
pub(crate) fn edit(spec: &mut Value, random: &mut Random) -> Option<Edit> {
    const KINDS: &[fn(&mut Value, &mut Random) -> Option<Edit>] = &[
        member,
        member,
        member,
        member,
        member,
        value,
        value,
        value,
        value,
        enumeration,
        enumeration,
        added,
        text,
        scheme,
        scheme,
        endpoint,
        endpoint,
        event,
        event,
        reference,
    ];
    KINDS[random.below(KINDS.len())](spec, random)
}

fn edited(kind: &'static str, place: &str, expected: &'static [Class], fails: Option<bool>) -> Edit {
    Edit { kind, place: place.to_owned(), expected, fails, schema: None, path: None, renamed: Vec::new() }
}

/// A schema with members of its own, the pointer to it below `components/schemas`, and the name of the component.
fn object(spec: &Value, random: &mut Random) -> Option<(String, String)> {
    let mut all = Vec::new();
    for (name, schema) in spec["components"]["schemas"].as_object()? {
        let at = format!("/components/schemas/{name}");
        let parts = schema["allOf"].as_array().into_iter().flatten().enumerate();
        let places = parts.map(|(index, part)| (format!("{at}/allOf/{index}"), part));
        let own = std::iter::once((at.clone(), schema)).chain(places);
        all.extend(own.filter(|(_, part)| part["properties"].is_object()).map(|(at, _)| (at, name.clone())));
    }
    let number = all.len();
    Some(all.swap_remove(random.below(number)))
}

/// A member of a schema: where the schema is, its component, the member's name, and whether it is required.
fn pick(spec: &Value, random: &mut Random) -> Option<(String, String, String, bool)> {
    let (at, component) = object(spec, random)?;
    let schema = spec.pointer(&at)?;
    let names: Vec<&String> = schema["properties"].as_object()?.keys().collect();
    let name = names[random.below(names.len())].clone();
    let required = schema["required"].as_array().is_some_and(|all| all.iter().any(|other| *other == json!(name)));
    // What tells events apart or names them is edited elsewhere; the same name in two parts of one schema is narrowed.
    let is_special = matches!(name.as_str(), "type" | "eventType" | "id" | "operation" | "source");
    let is_narrowed =
        at.contains("/allOf/") && spec["components"]["schemas"][&component]["allOf"].as_array()?.len() > 2;
    (!is_special && !is_narrowed).then_some((at, component, name, required))
}

fn require(schema: &mut Value, name: &str, is_required: bool) {
    let required =
        schema.as_object_mut().unwrap().entry("required").or_insert_with(|| json!([])).as_array_mut().unwrap();
    required.retain(|other| *other != json!(name));
    if is_required {
        required.push(json!(name));
    }
}

/// A member comes to be missing, always there, gone, or called something else.
fn member(spec: &mut Value, random: &mut Random) -> Option<Edit> {
    let (at, component, name, required) = pick(spec, random)?;
    let place = format!("{at}/properties/{name}");
    let schema = spec.pointer_mut(&at)?;
    let members = schema["properties"].as_object_mut()?;
    let made = match (random.below(5), required) {
        (0, true) => {
            require(schema, &name, false);
            edited("a required member may be missing", &place, &[Breaks], Some(true))
        }
        (0, false) => {
            require(schema, &name, true);
            edited("an optional member is always there", &place, &[Tolerated], Some(false))
        }
        (1, _) => {
            members.shift_remove(&name);
            require(schema, &name, false);
            let class: &[Class] = if required { &[Breaks] } else { &[Handler] };
            edited("a member is gone", &place, class, Some(required))
        }
        (2, _) => {
            let value = members.shift_remove(&name)?;
            let fresh = format!("{name}Again");
            members.insert(fresh.clone(), value);
            require(schema, &name, false);
            if required {
                require(schema, &fresh, true);
            }
            let class: &[Class] = if required { &[Breaks] } else { &[Handler] };
            Edit { renamed: vec![fresh], ..edited("a member has another name", &place, class, Some(true)) }
        }
        (3, _) => {
            let fresh = name.to_uppercase();
            let aliases: Vec<String> = members[&name]["x-webhook-aliases"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|alias| alias.as_str().map(str::to_owned))
                .collect();
            if fresh == name || members.contains_key(&fresh) || aliases.contains(&fresh) || !aliases.is_empty() {
                return None;
            }
            let value = members.shift_remove(&name)?;
            members.insert(fresh.clone(), value);
            require(schema, &name, false);
            if required {
                require(schema, &fresh, true);
            }
            Edit { renamed: vec![fresh], ..edited("a member is spelled in another way", &place, &[Breaks], Some(true)) }
        }
        _ => {
            let aliases = members.get_mut(&name)?.as_object_mut().filter(|schema| !schema.contains_key("$ref"))?;
            let fresh = format!("{name}Too");
            let list = aliases.entry("x-webhook-aliases").or_insert_with(|| json!([])).as_array_mut()?;
            list.push(json!(fresh));
            Edit { renamed: vec![fresh], ..edited("a member has one more name", &place, &[Breaks], None) }
        }
    };
    Some(Edit { schema: Some(component), ..made })
}

/// A value changes: its type, its form, its limits, or whether it may be null.
fn value(spec: &mut Value, random: &mut Random) -> Option<Edit> {
    let (at, component, name, required) = pick(spec, random)?;
    let place = format!("{at}/properties/{name}");
    let schema = spec.pointer_mut(&at)?["properties"].get_mut(&name)?.as_object_mut()?;
    if ["$ref", "allOf", "oneOf", "anyOf", "enum"].iter().any(|key| schema.contains_key(*key)) {
        return None;
    }
    let kind = schema.get("type")?.as_str()?.to_owned();
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default().to_owned();
    let was_nullable = schema.contains_key("nullable");
    let has_limit = ["minLength", "maxLength", "pattern"].iter().any(|key| schema.contains_key(*key));
    let made = match (random.below(4), kind.as_str(), format.as_str()) {
        (0, _, _) => {
            let other = match kind.as_str() {
                "string" => "integer",
                "integer" | "number" | "boolean" => "string",
                _ => "boolean",
            };
            let keep: Map<String, Value> = schema
                .iter()
                .filter(|(key, _)| key.starts_with("x-") || *key == "description")
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect();
            *schema = keep;
            schema.insert("type".to_owned(), json!(other));
            edited("a value is of another type", &place, &[Breaks], Some(true))
        }
        (1, _, _) if was_nullable => {
            schema.shift_remove("nullable");
            edited("a value is never null", &place, &[Tolerated], Some(false))
        }
        (1, _, _) => {
            schema.insert("nullable".to_owned(), json!(true));
            let class: &[Class] = if required { &[Breaks] } else { &[Tolerated] };
            edited("a value may be null", &place, class, Some(required))
        }
        (2, "string", "uuid" | "date-time") => {
            schema.shift_remove("format");
            edited("a text has no form", &place, &[Breaks], Some(true))
        }
        (3, "string", "uuid" | "date-time") => {
            let items = Value::Object(schema.clone());
            *schema = json!({"type": "array", "items": items}).as_object().unwrap().clone();
            edited("a value is a list", &place, &[Breaks], Some(true))
        }
        (2, "string", "") if !has_limit => {
            schema.insert("format".to_owned(), json!("uuid"));
            edited("a text is a uuid", &place, &[Tolerated], Some(false))
        }
        (3, "string", _) if !has_limit => {
            schema.insert("maxLength".to_owned(), json!(5 + random.below(20)));
            edited("a limit is new", &place, &[Tolerated], Some(false))
        }
        (_, "string", _) => {
            for limit in ["minLength", "maxLength", "pattern"] {
                schema.shift_remove(limit);
            }
            edited("a limit is gone", &place, &[Breaks], Some(true))
        }
        (2, "integer", _) => {
            schema.insert("type".to_owned(), json!("number"));
            schema.shift_remove("format");
            edited("an integer is a number", &place, &[Breaks], Some(true))
        }
        (3, "integer", "int32" | "uint32") => {
            schema.insert("format".to_owned(), json!("int64"));
            schema.shift_remove("minimum");
            edited("an integer is larger", &place, &[Breaks], Some(true))
        }
        (3, "integer", _) => {
            schema.insert("format".to_owned(), json!("int32"));
            edited("an integer is smaller", &place, &[Tolerated], Some(false))
        }
        (2, "number", _) => {
            schema.insert("type".to_owned(), json!("integer"));
            schema.insert("format".to_owned(), json!("int32"));
            edited("a number is an integer", &place, &[Tolerated], Some(false))
        }
        (3, "number", _) => {
            schema.insert("minimum".to_owned(), json!(0));
            edited("a number has a limit", &place, &[Tolerated], Some(false))
        }
        (_, "object", _) => {
            schema.insert("minProperties".to_owned(), json!(1));
            edited("a map is never empty", &place, &[Tolerated], Some(false))
        }
        (_, "array", _) => {
            schema.insert("uniqueItems".to_owned(), json!(true));
            edited("a list has each item once", &place, &[Tolerated], Some(false))
        }
        _ => return None,
    };
    Some(Edit { schema: Some(component), ..made })
}

/// An enumeration has a value more or less, or is one no longer.
fn enumeration(spec: &mut Value, random: &mut Random) -> Option<Edit> {
    let schemas = spec["components"]["schemas"].as_object_mut()?;
    let mut names: Vec<String> =
        schemas.iter().filter(|(_, schema)| schema["enum"].is_array()).map(|(name, _)| name.clone()).collect();
    let number = names.len();
    let name = names.swap_remove(random.below(number));
    let schema = schemas[&name].as_object_mut()?;
    let values = schema["enum"].as_array_mut()?;
    let kind = match random.below(3) {
        0 => {
            values.push(json!("A_VALUE_THAT_IS_NEW"));
            "an enumeration has a new value"
        }
        1 if values.len() > 1 => {
            values.remove(random.below(values.len()));
            "an enumeration has a value less"
        }
        _ => {
            schema.shift_remove("enum");
            "an enumeration is any text"
        }
    };
    let place = format!("/components/schemas/{name}");
    Some(Edit { schema: Some(name), ..edited(kind, &place, &[Tolerated], Some(false)) })
}

/// A member is new.
fn added(spec: &mut Value, random: &mut Random) -> Option<Edit> {
    let (at, component) = object(spec, random)?;
    let schema = spec.pointer_mut(&at)?;
    let new = [json!({"type": "integer"}), json!({"type": "array", "items": {"type": "string"}}), json!({})];
    schema["properties"]["somethingNew"] = new[random.below(new.len())].clone();
    let is_required = random.below(2) == 0;
    if is_required {
        require(schema, "somethingNew", true);
    }
    Some(Edit { schema: Some(component), ..edited("a member is new", &at, &[Tolerated], Some(false)) })
}

/// Words for people.
fn text(spec: &mut Value, random: &mut Random) -> Option<Edit> {
    let (at, component) = object(spec, random)?;
    let schema = spec.pointer_mut(&at)?;
    let place = match random.below(2) {
        0 => format!("{at}/description"),
        _ => {
            let names: Vec<String> = schema["properties"].as_object()?.keys().cloned().collect();
            format!("{at}/properties/{}/description", names[random.below(names.len())])
        }
    };
    let (parent, _) = place.rsplit_once('/')?;
    let holder = spec.pointer_mut(parent)?.as_object_mut().filter(|holder| !holder.contains_key("$ref"))?;
    holder.insert("description".to_owned(), json!("Other words."));
    Some(Edit { schema: Some(component), ..edited("a description changes", &place, &[Docs], Some(false)) })
}

/// How deliveries are signed.
fn scheme(spec: &mut Value, random: &mut Random) -> Option<Edit> {
    const NAMES: [(&str, &str); 3] = [
        ("gridxSignature", "/gridx/events"),
        ("greenlakeSignature", "/greenlake/events"),
        ("nursaSignature", "/nursa/events"),
    ];
    let (name, path) = NAMES[random.below(3)];
    let place = format!("/components/securitySchemes/{name}");
    let scheme = spec.pointer_mut(&place)?;
    if random.below(8) == 0 {
        scheme["name"] = json!("Another-Signature");
        return Some(Edit {
            path: Some(path.to_owned()),
            ..edited("the header has another name", &place, &[Security], Some(true))
        });
    }
    let signature = scheme["x-webhook-signature"].as_object_mut()?;
    let (key, value, fails): (_, Value, _) = match random.below(6) {
        0 => ("prefix", json!("other="), true),
        1 => ("algorithm", json!("hmac-sha384"), true),
        2 => ("encoding", json!("base64"), true),
        3 => {
            let signed = signature.get("signed").and_then(Value::as_str).unwrap_or_default();
            ("signed", json!(signed.replace("{body}", "+{body}")), true)
        }
        4 => ("key", json!({"encoding": "base64"}), true),
        _ => {
            let timestamp = signature.get_mut("timestamp")?;
            timestamp["tolerance"] = json!(60 + random.below(200));
            let made = edited("the tolerance changes", &place, &[Security], Some(false));
            return Some(Edit { path: Some(path.to_owned()), ..made });
        }
    };
    signature.insert(key.to_owned(), value);
    Some(Edit { path: Some(path.to_owned()), ..edited("the signature changes", &place, &[Security], Some(fails)) })
}

/// Where deliveries go, what guards them, what is answered, what names them.
fn endpoint(spec: &mut Value, random: &mut Random) -> Option<Edit> {
    let paths: Vec<String> = spec["paths"].as_object()?.keys().cloned().collect();
    let path = paths[random.below(paths.len())].clone();
    let escaped = format!("/paths/{}/post", path.replace('/', "~1"));
    let operation = spec.pointer_mut(&escaped)?.as_object_mut()?;
    let at = |made: Edit| Some(Edit { path: Some(path.clone()), ..made });
    match random.below(10) {
        0 => {
            let item = spec["paths"].as_object_mut()?.shift_remove(&path)?;
            let fresh = format!("{path}/moved");
            spec["paths"][&fresh] = item;
            Some(Edit { path: Some(fresh), ..edited("the path moves", &escaped, &[Breaks], Some(true)) })
        }
        1 => {
            let operation = spec["paths"][&path].as_object_mut()?.shift_remove("post")?;
            spec["paths"][&path]["put"] = operation;
            at(edited("the method changes", &escaped, &[Breaks], Some(true)))
        }
        2 => {
            operation.insert("security".to_owned(), json!([]));
            at(edited("the guard is dropped", &escaped, &[Security], Some(true)))
        }
        3 => {
            operation["security"].as_array_mut()?.insert(0, json!({"nursaSignature": []}));
            let own = path.starts_with("/nursa");
            if own {
                return None;
            }
            at(edited("another guard suffices", &escaped, &[Security], Some(true)))
        }
        4 => {
            operation.insert("x-webhook-event-id".to_owned(), json!(["/somewhere/else"]));
            at(edited("the identity is elsewhere", &escaped, &[Security], Some(false)))
        }
        5 => {
            operation.insert("x-webhook-ordering-key".to_owned(), json!("/somewhere/else"));
            at(edited("the order is by something else", &escaped, &[Handler], Some(false)))
        }
        6 => {
            let responses = operation["responses"].as_object_mut()?;
            let status = ["200", "204", "503"].into_iter().find(|status| responses.contains_key(*status))?;
            let answer = responses.shift_remove(status)?;
            let fresh = if status == "503" { "502" } else { "201" };
            responses.insert(fresh.to_owned(), answer);
            at(edited("an answer has another status", &escaped, &[Breaks], Some(false)))
        }
        7 if operation.get("x-webhook-batch") == Some(&json!(true)) => {
            operation.shift_remove("x-webhook-batch");
            at(edited("a delivery is one event", &escaped, &[Tolerated], Some(false)))
        }
        7 => {
            operation.insert("x-webhook-batch".to_owned(), json!(true));
            at(edited("a delivery is many events", &escaped, &[Breaks], Some(true)))
        }
        8 => {
            operation.insert("operationId".to_owned(), json!("anotherId"));
            at(edited("the operation has another id", &escaped, &[Handler], Some(false)))
        }
        _ => {
            operation.insert("summary".to_owned(), json!("Other words."));
            at(edited("a summary changes", &escaped, &[Docs], Some(false)))
        }
    }
}

/// Which events arrive.
fn event(spec: &mut Value, random: &mut Random) -> Option<Edit> {
    const UNIONS: [(&str, &str); 2] = [("GridxEvent", "/gridx/events"), ("NursaEvent", "/nursa/events")];
    let (name, path) = UNIONS[random.below(2)];
    let place = format!("/components/schemas/{name}/discriminator");
    let mapping = spec.pointer_mut(&place)?["mapping"].as_object_mut()?;
    let names: Vec<String> = mapping.keys().cloned().collect();
    let event = names[random.below(names.len())].clone();
    let made = match random.below(4) {
        0 => {
            let target = mapping[&event].clone();
            mapping.insert("something/new".to_owned(), target);
            edited("an event is new", &place, &[Handler], Some(true))
        }
        1 => {
            mapping.shift_remove(&event);
            edited("an event is gone", &place, &[Handler], Some(false))
        }
        2 => {
            let target = mapping.shift_remove(&event)?;
            mapping.insert(format!("{event}/again"), target);
            edited("an event has another name", &place, &[Handler], Some(true))
        }
        _ => {
            let operation = &mut spec["paths"][path]["post"];
            operation["x-webhook-event"]["pointer"] = json!("/meta/kind");
            edited("the type stands elsewhere", &place, &[Breaks], Some(true))
        }
    };
    Some(Edit { path: Some(path.to_owned()), ..made })
}

/// A schema is written in another way and says the same.
fn reference(spec: &mut Value, random: &mut Random) -> Option<Edit> {
    let (at, component) = object(spec, random)?;
    let schemas = spec["components"]["schemas"].clone();
    let members = spec.pointer_mut(&at)?["properties"].as_object_mut()?;
    let (_, member) = members.iter_mut().find(|(_, member)| member.get("$ref").is_some())?;
    let target = member["$ref"].as_str()?.rsplit('/').next()?.to_owned();
    let made = if random.below(2) == 0 {
        *member = schemas[&target].clone();
        edited("a schema is written out", &at, &[Docs, Handler], Some(false))
    } else {
        let fresh = format!("{target}Renamed");
        *member = json!({"$ref": format!("#/components/schemas/{fresh}")});
        spec["components"]["schemas"][&fresh] = schemas[&target].clone();
        edited("a schema has another name", &at, &[Handler], Some(false))
    };
    Some(Edit { schema: Some(component), ..made })
}

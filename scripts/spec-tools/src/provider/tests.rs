use std::path::Path;

use serde_json::Map;

use super::*;
use crate::check::check;

const OURS: &str = include_str!("../../tests/check/base.yaml");

fn ours() -> Document {
    Document::parse("webhooks.yaml", OURS).unwrap()
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// What our spec becomes with this provider.
fn with(name: &str, spec: Option<&Value>, events: &str, scheme: Option<&str>) -> Result<(Added, Document), String> {
    let spec = spec.map(|spec| Document::from_value("acme.json", spec.clone()));
    let wish = Wish { name, spec: spec.as_ref(), events: &words(events), scheme };
    let added = add(&ours(), OURS, wish).map_err(|refused| refused.to_string())?;
    let document = Document::parse("webhooks.yaml", &added.text).unwrap();
    let report = check(&document);
    assert!(report.is_ok(), "{report}\n{}", added.text);
    Ok((added, document))
}

fn refused(name: &str, spec: Option<&Value>, events: &str, scheme: Option<&str>) -> String {
    with(name, spec, events, scheme).unwrap_err()
}

/// A 3.1 spec with these webhooks, each with this schema.
fn spec(webhooks: &Value, schemas: &Value) -> Value {
    let mut entries = Map::new();
    for (name, schema) in webhooks.as_object().unwrap() {
        let body = json!({ "content": { "application/json": { "schema": schema } } });
        entries.insert(name.clone(), json!({ "post": { "description": "It happened. Twice.", "requestBody": body } }));
    }
    json!({
        "openapi": "3.1.0", "info": { "title": "Acme", "version": "1" }, "webhooks": entries,
        "components": { "schemas": schemas },
    })
}

#[test]
fn every_scheme_gives_a_spec_that_is_sound_from_the_template() {
    for scheme in SCHEMES {
        let (added, document) = with("acme", None, "", Some(scheme)).unwrap();
        assert_eq!(added.events.len(), 1);
        assert!(added.unshown.is_empty());
        let path = &document.value()["paths"]["/acme/events"]["post"];
        assert_eq!(path["security"], json!([{ "acmeSignature": [] }]), "{scheme}");
    }
}

#[test]
fn the_template_is_standard_webhooks_unless_told_otherwise() {
    let (added, document) = with("acme", None, "", None).unwrap();
    assert_eq!((added.scheme.as_str(), added.is_hmac), ("standard-webhooks", true));
    assert_eq!(added.events, ["example.created"]);
    assert_eq!(document.value()["components"]["securitySchemes"]["acmeSignature"]["name"], "webhook-signature");
}

#[test]
fn no_line_that_was_there_changes() {
    let (added, _) = with("acme", None, "", None).unwrap();
    let mut new = added.text.lines();
    for line in OURS.lines() {
        assert!(new.any(|found| found == line), "{line}");
    }
}

#[test]
fn webhooks_with_a_constant_member_share_an_endpoint() {
    let schema =
        |name: &str| json!({ "type": "object", "required": ["type"], "properties": { "type": { "const": name } } });
    let spec = spec(&json!({ "paid": schema("invoice.paid"), "due": schema("invoice.due") }), &json!({}));
    let (added, document) = with("acme", Some(&spec), "", Some("hmac-sha256-hex")).unwrap();
    assert_eq!(added.events, ["invoice.paid", "invoice.due"]);
    assert_eq!(added.paths, ["/acme/events"]);
    let union = &document.value()["components"]["schemas"]["AcmeEvent"];
    assert_eq!(union["discriminator"]["propertyName"], "type");
    assert_eq!(union["discriminator"]["mapping"]["invoice.paid"], "#/components/schemas/AcmePaid");
    let operation = &document.value()["paths"]["/acme/events"]["post"];
    let examples = &operation["requestBody"]["content"]["application/json"]["examples"];
    assert_eq!(examples["invoice.due"]["value"], json!({ "type": "invoice.due" }));
    assert_eq!(document.value()["components"]["securitySchemes"]["acmeSignature"]["name"], "X-Acme-Signature");
}

#[test]
fn webhooks_that_nothing_tells_apart_have_a_path_each() {
    let schema = json!({ "type": "object", "properties": { "id": { "type": "string" } } });
    let spec = spec(&json!({ "Invoice Paid": schema, "due": schema }), &json!({}));
    let (added, document) = with("acme", Some(&spec), "", Some("hmac-sha512-base64")).unwrap();
    assert_eq!(added.paths, ["/acme/invoice-paid", "/acme/due"]);
    assert_eq!(document.value()["paths"]["/acme/due"]["post"]["x-webhook-event"]["type"], "due");
}

#[test]
fn the_shapes_of_a_type_that_a_header_names_are_one_event() {
    let action = |name: &str| json!({ "type": "object", "required": ["action"], "properties": { "action": { "type": "string", "enum": [name] } } });
    let mut spec = spec(
        &json!({ "ping": { "type": "object" }, "issues-opened": action("opened"), "issues-closed": action("closed") }),
        &json!({}),
    );
    for (webhook, id) in [("issues-opened", "issues/opened"), ("issues-closed", "issues/closed"), ("ping", "ping")] {
        let operation = &mut spec["webhooks"][webhook]["post"];
        operation["operationId"] = id.into();
        operation["parameters"] =
            json!([{ "name": "X-Hub-Signature-256", "in": "header", "schema": { "type": "string" } }]);
    }
    let (added, document) = with("acme", Some(&spec), "", None).unwrap();
    assert_eq!((added.scheme.as_str(), added.events.as_slice()), ("github", words("ping issues").as_slice()));
    let operation = &document.value()["paths"]["/acme/events"]["post"];
    assert_eq!(operation["x-webhook-event"]["header"], "X-GitHub-Event");
    assert_eq!(operation["x-webhook-event"]["events"]["issues"], "#/components/schemas/AcmeIssuesEvent");
    let union = &document.value()["components"]["schemas"]["AcmeIssuesEvent"];
    assert_eq!(union["discriminator"]["mapping"]["closed"], "#/components/schemas/AcmeIssuesClosed");
    let (added, _) = with("acme", Some(&spec), "issues", None).unwrap();
    assert_eq!(added.events, ["issues"]);
}

#[test]
fn only_what_the_events_refer_to_is_taken_over() {
    let paid = json!({ "type": "object", "properties": { "of": { "$ref": "#/components/schemas/Invoice" } } });
    let invoice = json!({ "type": "object", "properties": { "next": { "$ref": "#/components/schemas/Invoice" } } });
    let schemas = json!({ "Paid": paid, "Invoice": invoice, "Other": { "type": "object" } });
    let spec = spec(&json!({ "paid": { "$ref": "#/components/schemas/Paid" } }), &schemas);
    let (_, document) = with("acme", Some(&spec), "", Some("hmac-sha256-hex")).unwrap();
    let all = document.value()["components"]["schemas"].as_object().unwrap();
    let own: Vec<_> = all.keys().filter(|name| name.starts_with("Acme")).collect();
    assert_eq!(own, ["AcmePaid", "AcmeInvoice"]);
}

#[test]
fn paths_of_a_spec_without_webhooks_are_events() {
    let operation = |id: &str| {
        json!({ "post": {
            "operationId": id, "summary": "It happened.",
            "requestBody": { "content": { "application/json": { "schema": { "type": "object" }, "example": { "a": 1 } } } },
            "responses": { "200": { "description": "Ok." } },
        }, "get": {} })
    };
    let spec = json!({ "openapi": "3.0.3", "paths": { "/hooks/paid": operation("invoicePaid"), "/hooks/due": operation("due") } });
    let (added, document) = with("acme", Some(&spec), "", Some("stripe")).unwrap();
    assert_eq!(added.events, ["invoicePaid", "due"]);
    let operation = &document.value()["paths"]["/acme/invoice-paid"]["post"];
    assert_eq!(operation["responses"]["200"]["x-webhook-outcome"], "accepted");
    let example = &operation["requestBody"]["content"]["application/json"]["examples"]["invoicePaid"]["value"];
    assert_eq!(example, &json!({ "a": 1 }));
}

#[test]
fn says_in_3_0_what_was_said_in_3_1() {
    let schema = json!({
        "type": "object", "required": ["a"], "x-internal": true, "$comment": "no", "properties": {
            "a": { "type": ["string", "null"], "examples": ["x", "y"] },
            "b": { "const": "one" },
            "c": { "anyOf": [{ "type": "integer", "exclusiveMinimum": 3 }, { "type": "null" }] },
            "d": { "type": ["string", "integer"] },
            "e": { "type": "array", "prefixItems": [{ "type": "string" }] },
            "f": { "oneOf": [{ "$ref": "#/components/schemas/Other" }, { "type": "null" }] },
            "g": true,
            "h": { "type": "object", "patternProperties": { "^x": { "type": "string" } } },
            "i": { "type": "string", "pattern": "(?<=a)b", "default": 5 },
        },
    });
    let spec = spec(&json!({ "paid": schema }), &json!({ "Other": { "type": "object" } }));
    let (_, document) = with("acme", Some(&spec), "", Some("hmac-sha256-hex")).unwrap();
    let lowered = &document.value()["components"]["schemas"]["AcmePaid"];
    let expected = json!({
        "type": "object", "required": ["a"], "properties": {
            "a": { "type": "string", "nullable": true },
            "b": { "type": "string", "enum": ["one"] },
            "c": { "allOf": [{ "type": "integer", "minimum": 3, "exclusiveMinimum": true }], "nullable": true },
            "d": { "anyOf": [{ "type": "string" }, { "type": "integer" }] },
            "e": { "type": "array", "items": {} },
            "f": { "allOf": [{ "$ref": "#/components/schemas/AcmeOther" }], "nullable": true },
            "g": {},
            "h": { "type": "object", "additionalProperties": true },
            "i": { "type": "string" },
        },
    });
    assert_eq!(lowered, &expected);
}

#[test]
fn makes_an_example_that_fits_and_prefers_what_the_spec_shows() {
    let schema = json!({
        "type": "object", "required": ["id", "at", "to", "n", "list", "sub", "code"], "properties": {
            "id": { "type": "string", "format": "uuid" }, "at": { "type": "string", "format": "date-time" },
            "to": { "type": "string", "examples": ["me"] }, "n": { "type": "integer", "minimum": 10, "multipleOf": 4 },
            "list": { "type": "array", "minItems": 2, "items": { "type": "boolean" } },
            "sub": { "allOf": [{ "type": "object", "required": ["x"], "properties": { "x": { "const": "y" } } }] },
            "code": { "type": "string", "pattern": "^[A-Z]\\d$" }, "spare": { "type": "string" },
        },
    });
    let spec = spec(&json!({ "paid": schema }), &json!({}));
    let (added, document) = with("acme", Some(&spec), "", Some("hmac-sha256-hex")).unwrap();
    assert!(added.unshown.is_empty());
    let media = &document.value()["paths"]["/acme/paid"]["post"]["requestBody"]["content"]["application/json"];
    let value = &media["examples"]["paid"]["value"];
    assert_eq!((&value["to"], &value["n"], &value["list"]), (&json!("me"), &json!(12), &json!([true, true])));
    assert_eq!((&value["sub"]["x"], &value["code"], value.get("spare")), (&json!("y"), &json!("A1"), None));
}

#[test]
fn an_example_that_does_not_fit_is_made_anew() {
    let mut spec = spec(
        &json!({ "paid": { "type": "object", "required": ["a"], "properties": { "a": { "type": "integer" } } } }),
        &json!({}),
    );
    spec["webhooks"]["paid"]["post"]["requestBody"]["content"]["application/json"]["example"] = json!({ "a": "no" });
    let (_, document) = with("acme", Some(&spec), "", Some("hmac-sha256-hex")).unwrap();
    let media = &document.value()["paths"]["/acme/paid"]["post"]["requestBody"]["content"]["application/json"];
    assert_eq!(media["examples"]["paid"]["value"], json!({ "a": 1 }));
}

#[test]
fn refuses_what_cannot_be_and_says_what_to_do() {
    for name in ["Acme", "acme-eu", "1acme", "fn", "", "acme__eu", "ac me", "acme_", "models", "äcme", "self"] {
        assert!(refused(name, None, "", None).contains("cannot name a Rust module"), "{name}");
    }
    assert!(refused("parcels", None, "", None).contains("has a provider `parcels` already"));
    assert!(refused("acme", None, "", Some("md5")).contains("it is one of: standard-webhooks"));
    let empty = json!({ "openapi": "3.1.0", "webhooks": {}, "paths": { "/a": { "get": {} } } });
    assert!(refused("acme", Some(&empty), "", None).contains("acme.json has no events"));
    let one = spec(&json!({ "paid": { "type": "object" } }), &json!({}));
    assert!(refused("acme", Some(&one), "", None).contains("SCHEME=one of"));
    let unknown = refused("acme", Some(&one), "payed", Some("stripe"));
    assert!(unknown.contains("no event `payed`; it has: paid"), "{unknown}");
    let far = spec(&json!({ "paid": { "$ref": "other.yaml#/A" } }), &json!({}));
    assert!(refused("acme", Some(&far), "", Some("stripe")).contains("other.yaml"));
}

#[test]
fn reads_a_spec_from_a_file_of_either_form() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider");
    for file in ["acme.yaml", "acme.json"] {
        let spec = Document::load(folder.join(file)).unwrap();
        let wish = Wish { name: "acme", spec: Some(&spec), events: &[], scheme: Some("stripe") };
        let added = add(&ours(), OURS, wish).unwrap();
        assert_eq!(added.events, ["invoice.paid", "invoice.due"], "{file}");
    }
}

#[test]
fn what_events_repeat_is_taken_over_once() {
    let user = json!({ "type": "object", "properties": { "id": { "type": "integer" } } });
    let event = |name: &str| {
        let properties = json!({ "type": { "const": name }, "sender": user });
        json!({ "type": "object", "required": ["type"], "properties": properties })
    };
    let spec = spec(&json!({ "paid": event("paid"), "due": event("due") }), &json!({}));
    let (_, document) = with("acme", Some(&spec), "", Some("hmac-sha256-hex")).unwrap();
    let schemas = &document.value()["components"]["schemas"];
    assert_eq!(schemas["AcmePaid"]["properties"]["sender"], json!({ "$ref": "#/components/schemas/AcmeSender" }));
    assert_eq!(schemas["AcmeSender"], user);
}

#[test]
fn a_topic_in_a_header_is_the_event_itself() {
    let mut spec =
        spec(&json!({ "orders/create": { "type": "object" }, "orders/paid": { "type": "object" } }), &json!({}));
    for topic in ["orders/create", "orders/paid"] {
        spec["webhooks"][topic]["post"]["operationId"] = topic.into();
    }
    let (added, document) = with("shop", Some(&spec), "", Some("shopify")).unwrap();
    assert_eq!(added.events, ["orders/create", "orders/paid"]);
    let operation = &document.value()["paths"]["/shop/events"]["post"];
    assert_eq!(operation["x-webhook-event"]["header"], "X-Shopify-Topic");
}

#[test]
fn the_member_that_tells_events_apart_must_be_there() {
    let event = |name: &str| json!({ "type": "object", "properties": { "kind": { "const": name } } });
    let spec = spec(&json!({ "paid": event("paid"), "due": event("due") }), &json!({}));
    let (_, document) = with("acme", Some(&spec), "", Some("hmac-sha256-hex")).unwrap();
    assert_eq!(document.value()["components"]["schemas"]["AcmePaid"]["required"], json!(["kind"]));
}

#[test]
fn a_spec_that_knows_nothing_of_receivers_is_not_insisted_on() {
    let tag = |document: &Document| {
        let tags = document.value()["tags"].as_array().unwrap().clone();
        tags.into_iter().find(|tag| tag["name"] == "acme").unwrap()
    };
    let foreign =
        spec(&json!({ "paid": { "type": "object", "properties": { "id": { "type": "string" } } } }), &json!({}));
    let (_, document) = with("acme", Some(&foreign), "", Some("stripe")).unwrap();
    assert_eq!(tag(&document)["x-webhook-models"], "lenient");
    let (_, document) = with("acme", None, "", None).unwrap();
    assert_eq!(tag(&document).get("x-webhook-models"), None);
}

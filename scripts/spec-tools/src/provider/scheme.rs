//! How well-known providers deliver: what is signed and how, where an event's type and identity stand. The README has
//! the same table.

use serde_json::{Map, Value, json};

use super::Refused;

/// Where a provider that delivers in this way puts things.
#[derive(Debug, Clone)]
pub(super) struct Delivery {
    /// The header with the signatures.
    pub(super) header: String,
    /// `x-webhook-signature`.
    pub(super) signature: Value,
    /// The header that names the event's type, if one does.
    pub(super) type_header: Option<&'static str>,
    /// Whether that header names a family of events, such as `issues`, whose members the body tells apart.
    pub(super) has_families: bool,
    /// The member of the body that names it otherwise.
    pub(super) type_member: &'static str,
    /// `x-webhook-event-id`.
    pub(super) identity: Value,
}

/// The names of all schemes; those that end in `hex` and `base64` sign the body alone.
pub const SCHEMES: &[&str] = &[
    "standard-webhooks",
    "standard-webhooks-ed25519",
    "github",
    "stripe",
    "slack",
    "shopify",
    "discord",
    "hmac-sha256-hex",
    "hmac-sha256-base64",
    "hmac-sha384-hex",
    "hmac-sha384-base64",
    "hmac-sha512-hex",
    "hmac-sha512-base64",
];

/// Headers that give a scheme away.
const TELLING: &[(&str, &str)] = &[
    ("x-hub-signature-256", "github"),
    ("stripe-signature", "stripe"),
    ("x-slack-signature", "slack"),
    ("x-shopify-hmac-sha256", "shopify"),
    ("webhook-signature", "standard-webhooks"),
    ("x-signature-ed25519", "discord"),
];

/// The scheme that a provider which sends these headers uses.
pub(super) fn recognised<'h>(headers: impl Iterator<Item = &'h str>) -> Option<&'static str> {
    let mut headers = headers.map(str::to_ascii_lowercase);
    headers.find_map(|header| TELLING.iter().find(|(telling, _)| *telling == header).map(|(_, scheme)| *scheme))
}

/// The scheme of this name, at a provider of that one.
pub(super) fn delivery(scheme: &str, provider: &str) -> Result<Delivery, Refused> {
    let standard = |signature: Value| Delivery {
        header: "webhook-signature".to_owned(),
        signature,
        type_header: None,
        has_families: false,
        type_member: "type",
        identity: json!([{ "header": "webhook-id" }]),
    };
    let of = |header: &str, signature: Value, identity: Value| Delivery {
        header: header.to_owned(),
        signature,
        type_header: None,
        has_families: false,
        type_member: "type",
        identity,
    };
    let standard_text = "{header:webhook-id}.{timestamp}.{body}";
    let standard_time = json!({ "header": "webhook-timestamp", "tolerance": 300 });
    Ok(match scheme {
        "standard-webhooks" => standard(json!({
            "algorithm": "hmac-sha256", "encoding": "base64", "prefix": "v1,", "separator": " ",
            "signed": standard_text, "timestamp": standard_time,
            "key": { "encoding": "base64", "prefix": "whsec_" },
        })),
        "standard-webhooks-ed25519" => standard(json!({
            "algorithm": "ed25519", "encoding": "base64", "prefix": "v1a,", "separator": " ",
            "signed": standard_text, "timestamp": standard_time,
            "key": { "encoding": "base64", "prefix": "whpk_" },
        })),
        "github" => Delivery {
            type_header: Some("X-GitHub-Event"),
            has_families: true,
            ..of(
                "X-Hub-Signature-256",
                json!({ "algorithm": "hmac-sha256", "encoding": "hex", "prefix": "sha256=" }),
                json!([{ "header": "X-GitHub-Delivery", "unsigned": true }]),
            )
        },
        "stripe" => of(
            "Stripe-Signature",
            json!({
                "algorithm": "hmac-sha256", "encoding": "hex", "prefix": "v1=", "separator": ",",
                "signed": "{timestamp}.{body}", "timestamp": { "element": "t=", "tolerance": 300 },
            }),
            json!(["/id"]),
        ),
        "slack" => of(
            "X-Slack-Signature",
            json!({
                "algorithm": "hmac-sha256", "encoding": "hex", "prefix": "v0=", "signed": "v0:{timestamp}:{body}",
                "timestamp": { "header": "X-Slack-Request-Timestamp", "tolerance": 300 },
            }),
            json!([]),
        ),
        "shopify" => Delivery {
            type_header: Some("X-Shopify-Topic"),
            ..of(
                "X-Shopify-Hmac-Sha256",
                json!({ "algorithm": "hmac-sha256", "encoding": "base64" }),
                json!([{ "header": "X-Shopify-Event-Id", "unsigned": true }]),
            )
        },
        "discord" => of(
            "X-Signature-Ed25519",
            json!({
                "algorithm": "ed25519", "encoding": "hex", "signed": "{timestamp}{body}",
                "timestamp": { "header": "X-Signature-Timestamp", "tolerance": 300 }, "key": { "encoding": "hex" },
            }),
            json!([]),
        ),
        _ => {
            let known = SCHEMES.contains(&scheme).then(|| scheme.rsplit_once('-')).flatten();
            let (algorithm, encoding) = known.ok_or_else(|| unknown(scheme))?;
            let header = format!("X-{}-Signature", heck::AsTrainCase(provider));
            of(&header, json!({ "algorithm": algorithm, "encoding": encoding }), json!([]))
        }
    })
}

impl Delivery {
    /// What stands below `components.securitySchemes`.
    pub(super) fn declared(&self, provider: &str) -> Value {
        let mut declared = Map::new();
        declared
            .insert("description".to_owned(), format!("How {provider} signs. Compare with its documentation.").into());
        declared.insert("type".to_owned(), "apiKey".into());
        declared.insert("in".to_owned(), "header".into());
        declared.insert("name".to_owned(), self.header.clone().into());
        declared.insert("x-webhook-signature".to_owned(), self.signature.clone());
        Value::Object(declared)
    }
}

fn unknown(scheme: &str) -> Refused {
    Refused::new(format!("SCHEME={scheme} is unknown; it is one of: {}", SCHEMES.join(", ")))
}

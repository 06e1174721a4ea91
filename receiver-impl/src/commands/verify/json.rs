//! What `receiver verify` says to programs: one object, in which everything that people are told has a name.

use serde_json::{Value, json};

use super::report::{Report, Scheme};
use crate::diagnose::{Content, Element, Piece};
use crate::signature::Refusal;

impl Report<'_> {
    pub(super) fn json(&self) -> Value {
        let reason = self.verdict.as_ref().err().map(Refusal::reason);
        json!({
            "provider": self.endpoint.provider,
            "endpoint": self.endpoint.id,
            "verified": self.is_verified(),
            "reason": reason,
            "message": self.verdict.as_ref().err().map(Refusal::to_string),
            "challenge": self.challenge,
            "now": self.now,
            "body": {"bytes": self.body.len(), "sha256": self.digest()},
            "doubts": self.doubts(),
            "schemes": self.schemes.iter().map(Scheme::json).collect::<Vec<_>>(),
        })
    }
}

impl Scheme {
    fn json(&self) -> Value {
        match self {
            Self::Without { scheme, variable } => json!({
                "scheme": scheme.name, "in_force": false, "keys": 0, "variable": variable,
            }),
            Self::InForce { diagnosis, source, keys, tolerance } => {
                let (verified, refusal) = match &diagnosis.verdict {
                    Ok(verified) => (Some(verified), None),
                    Err(refusal) => (None, Some(refusal)),
                };
                let tolerance = diagnosis.scheme.timestamp.map(|rule| tolerance.unwrap_or(rule.tolerance_seconds));
                json!({
                    "scheme": diagnosis.scheme.name,
                    "in_force": true,
                    "header": diagnosis.scheme.header,
                    "lines": diagnosis.lines,
                    "elements": diagnosis.elements.iter().map(element_json).collect::<Vec<_>>(),
                    "timestamp": diagnosis.timestamp,
                    "tolerance": tolerance,
                    "signed": diagnosis.signed.iter().map(piece_json).collect::<Vec<_>>(),
                    "keys": keys,
                    "source": source,
                    "slot": verified.map(|verified| verified.slot),
                    "reason": refusal.map(Refusal::reason),
                    "message": refusal.map(Refusal::to_string),
                    "mistakes": diagnosis.mistakes.iter().map(|mistake| json!({
                        "id": mistake.id(), "message": mistake.to_string(),
                    })).collect::<Vec<_>>(),
                    "mistaken_slot": diagnosis.mistaken_slot,
                })
            }
        }
    }
}

fn piece_json(piece: &Piece) -> Value {
    json!({"what": piece.what, "value": piece.value, "bytes": piece.len})
}

fn element_json(element: &Element) -> Value {
    let place = element.place;
    match &element.content {
        Content::Timestamp(text) => json!({"place": place, "is": "timestamp", "text": text}),
        Content::Signature(bytes) => json!({"place": place, "is": "signature", "bytes": bytes}),
        Content::Malformed(fault) => json!({"place": place, "is": "malformed", "fault": fault}),
        Content::Other(text) => json!({"place": place, "is": "other", "begins": text}),
    }
}

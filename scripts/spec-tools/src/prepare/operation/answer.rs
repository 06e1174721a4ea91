//! What an operation answers: every declared status, and the one for each outcome.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::extension;
use crate::prepare::PrepareError;
use crate::prepare::contract::{Answer, Outcomes};
use crate::prepare::name::literal;
use crate::prepare::schema::{Spec, text};
use crate::prepare::status;

/// Every declared answer, with its status as the spec writes it.
pub(super) fn responses<'a>(spec: Spec<'a>, operation: &'a Value) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let all = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
    all.map(move |(status, response)| (status.as_str(), spec.resolve(response).unwrap_or(response)))
}

/// The answers with a status of their own.
pub(super) fn answers(spec: Spec<'_>, operation: &Value) -> Vec<Answer> {
    let all = responses(spec, operation).filter(|(status, _)| status.parse::<u16>().is_ok());
    all.map(|(status, response)| Answer {
        status: status.to_owned(),
        description: literal(text(response, "description").trim()),
    })
    .collect()
}

/// The declared statuses, and for the rest what fits best: the first 2xx, 401, 503, 400.
pub(super) fn outcomes(spec: Spec<'_>, place: &str, operation: &Value) -> Result<Outcomes, PrepareError> {
    let mut declared = BTreeMap::new();
    let mut first_success = None;
    for (status, response) in responses(spec, operation) {
        let Ok(number) = status.parse::<u16>() else { continue };
        if (200..300).contains(&number) {
            first_success.get_or_insert(number);
        }
        if let Some(outcome) = response.get("x-webhook-outcome") {
            let outcome: extension::Outcome = serde_json::from_value(outcome.clone()).map_err(|error| {
                PrepareError::extension(&format!("{place}.responses.{status}"), "x-webhook-outcome", &error.to_string())
            })?;
            declared.insert(outcome, number);
        }
    }
    let name = |number| status::constant(number).ok_or_else(|| PrepareError::unknown_status(place, number));
    let status = |outcome, default| name(declared.get(&outcome).copied().unwrap_or(default)).map(str::to_owned);
    let accepted = declared.get(&extension::Outcome::Accepted).copied().or(first_success).unwrap_or(204);
    let gone = declared.get(&extension::Outcome::Gone).copied().map(name).transpose()?;
    Ok(Outcomes {
        accepted: name(accepted)?.to_owned(),
        parked: status(extension::Outcome::Parked, accepted)?,
        unauthenticated: status(extension::Outcome::Unauthenticated, 401)?,
        retry: status(extension::Outcome::Retry, 503)?,
        malformed: status(extension::Outcome::Malformed, 400)?,
        gone: gone.map_or_else(|| "None".to_owned(), |name| format!("Some(StatusCode::{name})")),
    })
}

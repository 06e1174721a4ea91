//! Why a call did not do what was asked. Each message names the call's purpose in the provider's words, and what to
//! change; none holds a token or a secret.

use std::fmt;
use std::time::Duration;

use ::http::StatusCode;

use super::api::Api;
use super::refusal::Said;
use crate::http_client::HttpError;

/// Why a call failed.
#[derive(Debug)]
pub struct Problem {
    /// Which API it was.
    pub api: Api,
    /// The call: method, and path without values.
    pub call: String,
    /// What went wrong.
    pub fault: Fault,
}

/// What went wrong.
#[derive(Debug)]
pub enum Fault {
    /// There is no answer.
    Http(HttpError),
    /// No token can be had.
    Token(String),
    /// The provider does not take the token.
    Unauthorized {
        /// What it said.
        said: Said,
        /// What to change.
        advice: String,
    },
    /// The provider refused.
    Refused {
        /// Its answer's status.
        status: StatusCode,
        /// What it said.
        said: Said,
        /// What to change.
        advice: String,
    },
    /// The provider wants to be asked less often, for longer than is waited.
    Throttled {
        /// How long it said.
        pause: Duration,
    },
    /// The answer is none of this API's.
    Strange(String),
}

impl Problem {
    /// Whether the thing that was asked for is not there.
    pub fn is_missing(&self) -> bool {
        matches!(&self.fault, Fault::Refused { status: StatusCode::NOT_FOUND, .. })
    }
}

/// What to change when a call is refused with this status.
pub(super) fn advice(api: Api, template: &str, status: StatusCode) -> String {
    let name = api.name();
    match status.as_u16() {
        400 | 409 | 422 => "change what is named and try again".to_owned(),
        403 => api.permission(template).to_owned(),
        404 => format!("`receiver subscriptions list {}` shows what there is", api.provider()),
        405 | 406 | 415 => format!("is the address of {name}'s API right? `--api` names another"),
        300..=399 => {
            format!("redirects are not followed, because the token would go elsewhere; is `--api` right for {name}?")
        }
        500..=599 => format!("that is {name}'s own fault: look whether it was done, and try again later"),
        _ => "this status is not in its documents".to_owned(),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, call) = (self.api.name(), &self.call);
        match &self.fault {
            Fault::Http(error) => error.fmt(f),
            Fault::Token(what) => write!(f, "{name}: {what}"),
            Fault::Unauthorized { advice, .. } => write!(f, "{name} does not accept the token (401): {advice}"),
            Fault::Refused { status, said, advice } => {
                write!(f, "{name} refused {call} ({})", status.as_u16())?;
                match &said.texts[..] {
                    [] => {}
                    [one] => write!(f, ": {one}")?,
                    several => several.iter().try_for_each(|one| write!(f, "\n  - {one}"))?,
                }
                f.write_str(if said.texts.len() > 1 { "\n" } else { "; " })?;
                f.write_str(advice)?;
                said.reference.as_ref().map_or(Ok(()), |reference| write!(f, " ({reference})"))
            }
            Fault::Throttled { pause } => write!(
                f,
                "{name} is asked too often (429) and wants a pause of {} s; nothing was done, so try again then",
                pause.as_secs()
            ),
            Fault::Strange(what) => {
                write!(f, "{name} answered {call} in a way that is not understood: {what}; is `--api` right?")
            }
        }
    }
}

impl std::error::Error for Problem {}

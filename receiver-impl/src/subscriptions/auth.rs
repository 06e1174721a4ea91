//! What a call proves itself with: a token that was given, or one that is fetched with a client's id and secret.
//!
//! Tokens are used as they are and never kept on disk. A fetched one (HPE: 15 minutes) is fetched again a minute before
//! it ends, and once when the API does not take it.

use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

use ::http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use ::http::{Method, Request, StatusCode, Uri};
use form_urlencoded::Serializer;
use http_body_util::Full;
use serde::Deserialize;
use tokio::sync::Mutex;

use super::api::Api;
use super::problem::Fault;
use crate::http_client::Http;
use crate::management::Hidden;
use crate::secrets::Secret;

/// Where HPE's tokens are fetched, unless somebody says otherwise.
const HPE_TOKENS: &str = "https://sso.common.cloud.hpe.com/as/token.oauth2";
/// A token is not used in the last part of its life, since a call takes time, too.
const MARGIN: Duration = Duration::from_secs(60);
/// How long a token lives that does not say so.
const LIFE: u64 = 15 * 60;

/// What proves who calls.
#[derive(Debug)]
pub enum Credential {
    /// A token, and the variable that it came from.
    Token(Secret, String),
    /// A client's id and secret, which a token is fetched with.
    Client(ClientCredentials),
}

/// OAuth 2.0 client credentials (RFC 6749, section 4.4).
#[derive(Debug)]
pub struct ClientCredentials {
    id: String,
    secret: Secret,
    url: Uri,
    fetched: Mutex<Option<Fetched>>,
}

#[derive(Debug)]
struct Fetched {
    token: Secret,
    until: Instant,
}

/// Why there is nothing to prove who calls.
#[derive(Debug)]
pub enum CredentialError {
    /// Nothing is set; the text says what may be.
    Missing(String),
    /// What is set cannot be used.
    Unfit(String),
}

impl Credential {
    /// Reads what the variables of an API say.
    ///
    /// # Errors
    ///
    /// [`CredentialError`], which never holds a token.
    pub fn read(api: Api, env: &dyn Fn(&str) -> Option<OsString>) -> Result<Self, CredentialError> {
        let prefix = api.provider().to_ascii_uppercase();
        let token = format!("{prefix}_TOKEN");
        if let Some((secret, source)) = secret(&token, env)? {
            return Ok(Self::Token(secret, source));
        }
        if api != Api::Greenlake {
            let from = api.token_source();
            return Err(CredentialError::Missing(format!("set {token}, or {token}_FILE, to a token from {from}")));
        }
        match (text("GREENLAKE_CLIENT_ID", env)?, secret("GREENLAKE_CLIENT_SECRET", env)?) {
            (Some(id), Some((secret, _))) => {
                let url = text("GREENLAKE_TOKEN_URL", env)?.unwrap_or_else(|| HPE_TOKENS.to_owned());
                let url: Uri = url.parse().map_err(|_| {
                    CredentialError::Unfit("GREENLAKE_TOKEN_URL is no address; write https://...".to_owned())
                })?;
                Ok(Self::Client(ClientCredentials { id, secret, url, fetched: Mutex::default() }))
            }
            (Some(_), None) => Err(CredentialError::Missing(
                "GREENLAKE_CLIENT_ID is set, but GREENLAKE_CLIENT_SECRET (or GREENLAKE_CLIENT_SECRET_FILE) is not"
                    .to_owned(),
            )),
            (None, Some(_)) => Err(CredentialError::Missing(
                "GREENLAKE_CLIENT_SECRET is set, but GREENLAKE_CLIENT_ID is not".to_owned(),
            )),
            (None, None) => Err(CredentialError::Missing(format!(
                "set GREENLAKE_CLIENT_ID and GREENLAKE_CLIENT_SECRET to those of {}, or {token} to a token",
                api.token_source()
            ))),
        }
    }

    /// The addresses other than the API's that secrets go to.
    pub fn url(&self) -> Option<&Uri> {
        match self {
            Self::Token(..) => None,
            Self::Client(client) => Some(&client.url),
        }
    }

    /// A token to call with; `refused` is one that the API just refused.
    pub(super) async fn token(&self, http: &Http, refused: Option<&Secret>) -> Result<Secret, Fault> {
        let client = match self {
            Self::Token(token, _) => return Ok(token.clone()),
            Self::Client(client) => client,
        };
        let mut fetched = client.fetched.lock().await;
        if let Some(Fetched { token, until }) = &*fetched
            && Instant::now() < *until
            && refused.is_none_or(|refused| refused.expose() != token.expose())
        {
            return Ok(token.clone());
        }
        let new = client.fetch(http).await?;
        Ok(fetched.insert(new).token.clone())
    }

    /// Whether another token than the refused one may be had.
    pub(super) fn renews(&self) -> bool {
        matches!(self, Self::Client(_))
    }

    /// What to change when the token is not taken.
    pub(super) fn advice(&self, api: Api) -> String {
        match self {
            Self::Token(_, source) => format!("set {source} to a new one, from {}", api.token_source()),
            Self::Client(_) => {
                "a fresh one was tried, too: are GREENLAKE_CLIENT_ID and GREENLAKE_TOKEN_URL of the same \
                                workspace as the webhooks?"
                    .to_owned()
            }
        }
    }

    /// Every text that must not be shown.
    pub(super) async fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::Token(token, _) => vec![token.clone()],
            Self::Client(client) => {
                let fetched = client.fetched.lock().await;
                let token = fetched.as_ref().map(|fetched| fetched.token.clone());
                token.into_iter().chain([client.secret.clone()]).collect()
            }
        }
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: Hidden,
    expires_in: Option<u64>,
}

impl ClientCredentials {
    async fn fetch(&self, http: &Http) -> Result<Fetched, Fault> {
        let form = Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &self.id)
            .append_pair("client_secret", self.secret.expose())
            .finish();
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.url.clone())
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .body(Full::new(form.into()))
            .map_err(|error| Fault::Strange(error.to_string()))?;
        let answer = http.exchange(request).await.map_err(Fault::Http)?;
        match answer.status {
            StatusCode::OK => {}
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(Fault::Token(format!(
                    "no token is given out for this client ({}): check GREENLAKE_CLIENT_ID and GREENLAKE_CLIENT_SECRET, \
                     which HPE shows only once, and reset the client if in doubt",
                    answer.status.as_u16()
                )));
            }
            other => {
                return Err(Fault::Token(format!(
                    "no token is given out: {} answered {}; is GREENLAKE_TOKEN_URL right?",
                    self.url,
                    other.as_u16()
                )));
            }
        }
        let answer: TokenAnswer = serde_json::from_slice(&answer.body).map_err(|_| {
            Fault::Token(format!("what {} answered is no token; is GREENLAKE_TOKEN_URL right?", self.url))
        })?;
        let life = Duration::from_secs(answer.expires_in.unwrap_or(LIFE));
        let until = Instant::now() + life.saturating_sub(MARGIN.min(life / 2));
        Ok(Fetched {
            token: checked(answer.access_token.secret().clone(), "the fetched token")
                .map_err(|error| Fault::Token(error.to_string()))?,
            until,
        })
    }
}

/// The text of a variable, if it is not empty.
fn text(name: &str, env: &dyn Fn(&str) -> Option<OsString>) -> Result<Option<String>, CredentialError> {
    let Some(text) = env(name) else { return Ok(None) };
    let text = text.into_string().map_err(|_| CredentialError::Unfit(format!("{name} is not UTF-8 text")))?;
    Ok(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// The secret of a variable, or of the file that the variable with `_FILE` names, and which of both it was.
fn secret(name: &str, env: &dyn Fn(&str) -> Option<OsString>) -> Result<Option<(Secret, String)>, CredentialError> {
    let file = format!("{name}_FILE");
    let (text, source) = match (text(name, env)?, env(&file)) {
        (Some(_), Some(_)) => {
            return Err(CredentialError::Unfit(format!("{name} and {file} are both set; unset one of them")));
        }
        (Some(text), None) => (text, name.to_owned()),
        (None, Some(path)) => {
            let path = Path::new(&path);
            let text = std::fs::read_to_string(path).map_err(|error| {
                CredentialError::Unfit(format!("{file} ({}) cannot be read: {error}", path.display()))
            })?;
            (text.trim().to_owned(), file)
        }
        (None, None) => return Ok(None),
    };
    if text.is_empty() {
        return Err(CredentialError::Unfit(format!("{source} is set but empty")));
    }
    checked(Secret::new(text), &source).map(|secret| Some((secret, source)))
}

/// A token alone, that a header can carry.
fn checked(secret: Secret, source: &str) -> Result<Secret, CredentialError> {
    let text = secret.expose();
    if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("bearer ")) {
        return Err(CredentialError::Unfit(format!(
            "{source} begins with `Bearer`; leave that word and its blank out"
        )));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(CredentialError::Unfit(format!("{source} has a blank or another character that no token has")));
    }
    Ok(secret)
}

impl fmt::Display for CredentialError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(what) => write!(f, "there is no token: {what}"),
            Self::Unfit(what) => f.write_str(what),
        }
    }
}

impl std::error::Error for CredentialError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(api: Api, set: &[(&str, &str)]) -> Result<Credential, String> {
        let env = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
        Credential::read(api, &env).map_err(|error| error.to_string())
    }

    #[test]
    fn says_which_variable_is_missing() {
        assert!(read(Api::Gridx, &[]).unwrap_err().contains("set GRIDX_TOKEN, or GRIDX_TOKEN_FILE"));
        assert!(read(Api::Nursa, &[]).unwrap_err().contains("NURSA_TOKEN"));
        let message = read(Api::Greenlake, &[("GREENLAKE_CLIENT_ID", "id")]).unwrap_err();
        assert!(message.contains("GREENLAKE_CLIENT_SECRET") && message.contains("is not"), "{message}");
        assert!(read(Api::Greenlake, &[]).unwrap_err().contains("GREENLAKE_CLIENT_ID and GREENLAKE_CLIENT_SECRET"));
    }

    #[test]
    fn refuses_what_no_header_carries_without_showing_it() {
        for wrong in ["to ken-hush", "hush\u{e4}", "Bearer hush"] {
            let message = read(Api::Gridx, &[("GRIDX_TOKEN", wrong)]).unwrap_err();
            assert!(message.contains("GRIDX_TOKEN") && !message.contains("hush"), "{message}");
        }
    }

    #[test]
    fn a_token_goes_before_a_client() {
        let set = [("GREENLAKE_TOKEN", "t"), ("GREENLAKE_CLIENT_ID", "i"), ("GREENLAKE_CLIENT_SECRET", "s")];
        assert!(matches!(read(Api::Greenlake, &set), Ok(Credential::Token(..))));
        assert!(matches!(read(Api::Greenlake, &set[1..]), Ok(Credential::Client(_))));
    }

    #[test]
    fn prints_no_secret() {
        let set = [("GREENLAKE_CLIENT_ID", "i"), ("GREENLAKE_CLIENT_SECRET", "hush")];
        assert!(!format!("{:?}", read(Api::Greenlake, &set)).contains("hush"));
        assert!(!format!("{:?}", read(Api::Gridx, &[("GRIDX_TOKEN", "hush")])).contains("hush"));
    }
}

//! Sends calls: with a token, as often as the provider allows, until there is an answer.

use std::fmt;

use ::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue, USER_AGENT};
use ::http::{Request, StatusCode, Uri};
use bytes::Bytes;
use http_body_util::Full;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::api::Api;
use super::auth::Credential;
use super::problem::{Fault, Problem, advice};
use super::refusal::Said;
use super::scrub::scrub;
use super::wait::{Next, Pauses};
use crate::http_client::{Answer, Http};
use crate::management::Call;
use crate::secrets::Secret;

/// Whom the requests say that they are from.
const AGENT: &str = concat!("webhook-receiver/", env!("CARGO_PKG_VERSION"));

/// A client of one API.
pub struct Client {
    api: Api,
    base: String,
    http: Http,
    credential: Credential,
    notice: fn(&str),
}

/// What a call answered.
#[derive(Debug)]
pub struct Reply<T> {
    /// As the API's description has it.
    pub value: T,
    /// As it came, with secrets in clear.
    pub json: Value,
}

impl Client {
    /// A client for the API at `base`; `notice` is told why it takes longer.
    pub fn new(api: Api, base: &Uri, http: Http, credential: Credential, notice: fn(&str)) -> Self {
        Self { api, base: base.to_string().trim_end_matches('/').to_owned(), http, credential, notice }
    }

    /// The API.
    pub fn api(&self) -> Api {
        self.api
    }

    /// Sends a call and reads its answer. It waits as long as a 429 says, within bounds, and fetches a new token once.
    ///
    /// # Errors
    ///
    /// [`Problem`].
    pub async fn send<T: DeserializeOwned>(&self, call: &Call<T>) -> Result<Reply<T>, Problem> {
        let outcome = self.settle(call).await;
        outcome.map_err(|fault| Problem {
            api: self.api,
            call: format!("{} {}", call.method(), call.template()),
            fault,
        })
    }

    async fn settle<T: DeserializeOwned>(&self, call: &Call<T>) -> Result<Reply<T>, Fault> {
        let mut pauses = Pauses::default();
        let mut refused: Option<Secret> = None;
        loop {
            let token = self.credential.token(&self.http, refused.as_ref()).await?;
            let answer = self.http.exchange(self.request(call, &token)?).await.map_err(Fault::Http)?;
            match answer.status {
                status if status.is_success() => return read(&answer),
                StatusCode::UNAUTHORIZED if refused.is_none() && self.credential.renews() => refused = Some(token),
                StatusCode::UNAUTHORIZED => {
                    let said = self.said(call, &answer).await;
                    return Err(Fault::Unauthorized { said, advice: self.credential.advice(self.api) });
                }
                StatusCode::TOO_MANY_REQUESTS => match pauses.next(&answer.headers) {
                    Next::GiveUp(pause) => return Err(Fault::Throttled { pause }),
                    Next::Wait(pause) => {
                        let (name, pause_s) = (self.api.name(), pause.as_secs());
                        (self.notice)(&format!("{name} is asked too often (429): waiting {pause_s} s"));
                        tokio::time::sleep(pause).await;
                    }
                },
                status => {
                    let said = self.said(call, &answer).await;
                    return Err(Fault::Refused { status, said, advice: advice(self.api, call.template(), status) });
                }
            }
        }
    }

    fn request<T>(&self, call: &Call<T>, token: &Secret) -> Result<Request<Full<Bytes>>, Fault> {
        let unfit = |error: &dyn fmt::Display| Fault::Strange(error.to_string());
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.expose())).map_err(|error| unfit(&error))?;
        bearer.set_sensitive(true);
        let mut request = Request::builder()
            .method(call.method())
            .uri(format!("{}{}", self.base, call.target()))
            .header(USER_AGENT, AGENT)
            .header(AUTHORIZATION, bearer);
        if let Some(media_type) = call.accepts() {
            request = request.header(ACCEPT, media_type);
        }
        let body = match call.payload() {
            Some(payload) => {
                request = request.header(CONTENT_TYPE, payload.media_type);
                Bytes::from(payload.value.to_string())
            }
            None => Bytes::new(),
        };
        request.body(Full::new(body)).map_err(|error| unfit(&error))
    }

    /// What the provider said, without the secrets that it was told.
    async fn said<T>(&self, call: &Call<T>, answer: &Answer) -> Said {
        let mut secrets = self.credential.secrets().await;
        if let Some(payload) = call.payload() {
            collect(&payload.value, &crate::management::redact(&payload.value), &mut secrets);
        }
        let said = Said::read(&answer.headers, &answer.body);
        Said {
            texts: said.texts.iter().map(|text| scrub(text, &secrets)).collect(),
            reference: said.reference.map(|text| scrub(&text, &secrets)),
        }
    }
}

/// A token stands in it.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Client({} at {})", self.api.provider(), self.base)
    }
}

fn read<T: DeserializeOwned>(answer: &Answer) -> Result<Reply<T>, Fault> {
    // Calls without an answer worth reading may be answered with anything.
    let json = if answer.body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&answer.body) };
    let (json, fault) = json.map_or_else(|_| (Value::Null, Some("it is not JSON")), |json| (json, None));
    match T::deserialize(&json) {
        Ok(value) => Ok(Reply { value, json }),
        // The library's own message would show what stands there.
        Err(_) => Err(Fault::Strange(fault.unwrap_or("its members are others than documented").to_owned())),
    }
}

/// The texts that differ between a value and the same one redacted.
fn collect(clear: &Value, redacted: &Value, secrets: &mut Vec<Secret>) {
    match (clear, redacted) {
        (Value::Object(clear), Value::Object(redacted)) => {
            clear
                .iter()
                .filter_map(|(name, value)| Some((value, redacted.get(name)?)))
                .for_each(|(a, b)| collect(a, b, secrets));
        }
        (Value::Array(clear), Value::Array(redacted)) => {
            clear.iter().zip(redacted).for_each(|(a, b)| collect(a, b, secrets));
        }
        (Value::String(clear), redacted) if redacted != clear.as_str() => secrets.push(Secret::new(clear.as_str())),
        _ => {}
    }
}

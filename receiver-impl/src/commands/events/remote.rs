//! A receiver that runs, asked over its admin port.

use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::admin_token::AdminToken;
use crate::commands::Failure;
use crate::http_client::{Answer, Http, HttpError, Tls};
use crate::inbox::{Change, Changed, EventId, Filter, Page, Pruned, Record, Retention, Stats};
use crate::wire::{
    ChangeAnswer, ChangeRequest, EXPORTED, IMPORT_BYTES, Imported, KeepsFor, ListQuery, PAGE, PruneRequest, Refused,
};

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// The most bytes of one: an export holds as many events as are asked for at once, each as large as it may be.
const LARGEST: usize = 512 << 20;

/// A receiver that runs.
pub(in crate::commands) struct Remote {
    admin: String,
    http: Http,
    /// The header that opens an admin port which asks for a token.
    bearer: Option<HeaderValue>,
}

impl Remote {
    /// The one whose admin port is at this address, and may ask for this token.
    pub(in crate::commands) fn new(admin: &str, token: Option<&AdminToken>) -> Result<Self, Failure> {
        let http = Http::new(&Tls::Unused, PATIENCE).map_err(Failure::run)?.with_largest(LARGEST);
        Ok(Self { admin: admin.to_owned(), http, bearer: token.map(AdminToken::bearer) })
    }

    pub(in crate::commands) async fn list(
        &self,
        filter: &Filter,
        after: Option<EventId>,
        limit: usize,
    ) -> Result<Page, Failure> {
        let query = ListQuery { filter: filter.clone(), after, limit: Some(limit.min(PAGE)) };
        self.get(&format!("?{query}")).await
    }

    /// What Prometheus would read.
    pub(in crate::commands) async fn metrics(&self) -> Result<String, Failure> {
        let answer = self.ask_at(Method::GET, "/metrics", "", Bytes::new()).await?;
        String::from_utf8(self.good(answer)?.to_vec()).map_err(|error| self.odd(&error.to_string()))
    }

    pub(in crate::commands) async fn show(&self, id: EventId) -> Result<Option<Record>, Failure> {
        match self.ask(Method::GET, &format!("/{id}"), "", Bytes::new()).await? {
            (StatusCode::NOT_FOUND, _) => Ok(None),
            answer => Ok(Some(self.record(&self.good(answer)?)?)),
        }
    }

    pub(super) async fn records(&self, ids: &[EventId]) -> Result<Vec<Record>, Failure> {
        let ids: Vec<_> = ids.iter().take(EXPORTED).map(ToString::to_string).collect();
        let answer = self.ask(Method::GET, &format!("/export?ids={}", ids.join(",")), "", Bytes::new()).await?;
        let lines = self.good(answer)?;
        lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(|line| self.record(line)).collect()
    }

    pub(super) async fn change(&self, ids: &[EventId], change: Change) -> Result<Vec<Changed>, Failure> {
        let request = ChangeRequest { change, ids: ids.to_vec(), filter: None, after: None };
        let answer: ChangeAnswer = self.post("/change", &request).await?;
        Ok(answer.results.into_iter().map(|one| one.result).collect())
    }

    pub(super) async fn import(&self, records: &[Record]) -> Result<Imported, Failure> {
        let mut lines = String::new();
        for record in records {
            lines.push_str(&record.to_line());
            lines.push('\n');
        }
        if lines.len() > IMPORT_BYTES {
            return Err(Failure::run("an event is too large for a receiver that runs; stop it, and import again"));
        }
        let answer = self.ask(Method::POST, "/import", "application/x-ndjson", lines.into()).await?;
        self.value(&self.good(answer)?)
    }

    pub(super) async fn prune(&self) -> Result<Pruned, Failure> {
        self.post("/prune", &PruneRequest::default()).await
    }

    pub(super) async fn retention(&self) -> Result<Retention, Failure> {
        self.get::<KeepsFor>("/retention").await.map(Retention::from)
    }

    pub(super) async fn stats(&self) -> Result<Stats, Failure> {
        self.get("/stats").await
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        let answer = self.ask(Method::GET, path, "", Bytes::new()).await?;
        self.value(&self.good(answer)?)
    }

    async fn post<T: DeserializeOwned>(&self, path: &str, request: &impl Serialize) -> Result<T, Failure> {
        let request = serde_json::to_vec(request).map_err(Failure::run)?;
        let answer = self.ask(Method::POST, path, "application/json", request.into()).await?;
        self.value(&self.good(answer)?)
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), Failure> {
        self.ask_at(method, &format!("/api/events{path}"), content_type, body).await
    }

    async fn ask_at(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<(StatusCode, Bytes), Failure> {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.admin));
        let request = if content_type.is_empty() { request } else { request.header(CONTENT_TYPE, content_type) };
        let mut request = request.body(Full::new(body)).map_err(Failure::run)?;
        if let Some(bearer) = &self.bearer {
            request.headers_mut().insert(AUTHORIZATION, bearer.clone());
        }
        let Answer { status, body, .. } = self.http.exchange(request).await.map_err(|error| self.silent(&error))?;
        Ok((status, body))
    }

    /// What the receiver answered, if it did what it was asked.
    fn good(&self, (status, body): (StatusCode, Bytes)) -> Result<Bytes, Failure> {
        if status.is_success() {
            return Ok(body);
        }
        let admin = &self.admin;
        if status == StatusCode::UNAUTHORIZED {
            let what = if self.bearer.is_some() { "another token" } else { "a token" };
            return Err(Failure::run(format_args!(
                "the admin port {admin} asks for {what}: name the file that the receiver has it from, with \
                 `--admin-token-file FILE`"
            )));
        }
        Err(match serde_json::from_slice::<Refused>(&body) {
            Ok(Refused { error }) => Failure::run(error),
            Err(_) => Failure::run(format_args!("what listens at {admin} answered {status}; is it another version?")),
        })
    }

    fn value<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, Failure> {
        serde_json::from_slice(body).map_err(|error| self.odd(&error.to_string()))
    }

    fn record(&self, line: &[u8]) -> Result<Record, Failure> {
        let text = str::from_utf8(line).map_err(|error| self.odd(&error.to_string()))?;
        Record::from_line(text).map_err(|error| self.odd(&error))
    }

    fn odd(&self, error: &str) -> Failure {
        let admin = &self.admin;
        Failure::run(format_args!("the answer of {admin} is not understood ({error}); is it another version?"))
    }

    fn silent(&self, error: &HttpError) -> Failure {
        let admin = &self.admin;
        match error {
            HttpError::Late { after, .. } => {
                Failure::run(format_args!("the receiver at {admin} gave no answer within {} s", after.as_secs()))
            }
            HttpError::Unreachable { why, .. } | HttpError::Certificates(why) | HttpError::Machine(why) => {
                Failure::run(format_args!(
                    "a receiver has the inbox, but its admin port {admin} does not answer: {why}"
                ))
            }
        }
    }
}

//! Reading messages of a stream, many with one request: a run of them, or the last one of each of many subjects.
//!
//! Any server that has a copy of the stream answers, also one that lags behind. Where that matters, the reader says how
//! far the answer must reach at least.

use std::time::Duration;

use async_nats::Client;
use async_nats::header::HeaderMap;
use bytes::Bytes;
use futures_util::StreamExt as _;
use serde::Serialize;

use crate::inbox::InboxError;

/// How long the broker may take for an answer.
pub(super) const ANSWER: Duration = Duration::from_secs(4);
/// Messages a request; the broker allows 1024.
pub(super) const BATCH: usize = 512;
/// Bytes a request.
const BYTES: usize = 4 << 20;
/// How often a server that lags behind is asked again, and the pause before that.
const LAG: (usize, Duration) = (100, Duration::from_millis(20));

/// A message of a stream.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) subject: String,
    pub(super) sequence: u64,
    pub(super) headers: HeaderMap,
    pub(super) payload: Bytes,
}

/// A part of what was asked for.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) messages: Vec<Message>,
    /// Whether there was nothing more.
    pub(super) end: bool,
}

#[derive(Serialize, Default)]
struct Request<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_by_subj: Option<&'a str>,
    #[serde(skip_serializing_if = "none")]
    multi_last: &'a [&'a str],
    #[serde(skip_serializing_if = "Option::is_none")]
    batch: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_bytes: Option<usize>,
}

fn none(of: &&[&str]) -> bool {
    of.is_empty()
}

/// What came to one request.
#[derive(Debug, Default)]
struct Answer {
    messages: Vec<Message>,
    /// How many more there are.
    pending: u64,
    /// The last sequence of the stream, as far as the server knows.
    up_to: Option<u64>,
    none: bool,
}

/// Reads one stream.
#[derive(Debug, Clone)]
pub(super) struct Fetch {
    client: Client,
    stream: String,
    /// A subject that always has a message: without any, the broker does not say how far it knows the stream.
    always: Option<String>,
}

impl Fetch {
    pub(super) fn new(client: Client, stream: String, always: Option<String>) -> Self {
        Self { client, stream, always }
    }

    /// The messages of subjects like `filter`, from `sequence` on, no more than `most`.
    pub(super) async fn run(&self, filter: &str, sequence: u64, most: usize) -> Result<Part, InboxError> {
        let request = Request {
            seq: Some(sequence.max(1)),
            next_by_subj: Some(filter),
            batch: Some(most.clamp(1, BATCH)),
            max_bytes: Some(BYTES),
            ..Request::default()
        };
        let answer = self.ask(&request).await?;
        let end = answer.none || answer.pending == 0;
        Ok(Part { messages: answer.messages, end })
    }

    /// The last message of each of these subjects, which may hold wildcards, if there is one.
    ///
    /// The answer knows everything up to the sequence `least`.
    pub(super) async fn last(&self, subjects: &[String], least: u64) -> Result<Vec<Message>, InboxError> {
        let mut messages = Vec::new();
        for subjects in subjects.chunks(BATCH) {
            let subjects: Vec<_> = subjects.iter().chain(&self.always).map(String::as_str).collect();
            messages.extend(self.last_of(&subjects, least).await?);
        }
        messages.retain(|message| self.always.as_ref() != Some(&message.subject));
        Ok(messages)
    }

    async fn last_of(&self, subjects: &[&str], least: u64) -> Result<Vec<Message>, InboxError> {
        let request = Request { multi_last: subjects, batch: Some(1024), ..Request::default() };
        for _ in 0..LAG.0 {
            let answer = self.ask(&request).await?;
            if answer.up_to.unwrap_or(0) >= least && answer.pending == 0 {
                return Ok(answer.messages);
            }
            tokio::time::sleep(LAG.1).await;
        }
        Err(InboxError::Unavailable(format!("no server is up to date with the stream {}", self.stream)))
    }

    /// One message.
    pub(super) async fn one(&self, sequence: u64) -> Result<Option<Message>, InboxError> {
        if sequence == 0 {
            return Ok(None);
        }
        let answer = self.ask(&Request { seq: Some(sequence), ..Request::default() }).await?;
        Ok(answer.messages.into_iter().next())
    }

    async fn ask(&self, request: &Request<'_>) -> Result<Answer, InboxError> {
        let asking = self.collect(request);
        match tokio::time::timeout(ANSWER, asking).await {
            Ok(answer) => answer,
            Err(_) => Err(self.unavailable("it does not answer")),
        }
    }

    async fn collect(&self, request: &Request<'_>) -> Result<Answer, InboxError> {
        let reply = self.client.new_inbox();
        let mut answers =
            self.client.subscribe(reply.clone()).await.map_err(|error| self.unavailable(&error.to_string()))?;
        let payload = serde_json::to_vec(request).unwrap_or_default();
        let subject = format!("$JS.API.DIRECT.GET.{}", self.stream);
        let sent = self.client.publish_with_reply(subject, reply, payload.into()).await;
        sent.map_err(|error| self.unavailable(&error.to_string()))?;
        let single = request.batch.is_none();
        let mut answer = Answer::default();
        while let Some(message) = answers.next().await {
            let headers = message.headers.unwrap_or_default();
            let number = |name: &str| headers.get(name).and_then(|value| value.as_str().parse::<u64>().ok());
            match message.status.map(|status| status.as_u16()) {
                None => {
                    let (Some(sequence), Some(subject)) = (number("Nats-Sequence"), headers.get("Nats-Subject")) else {
                        return Err(self.unavailable("it answers something else than a message"));
                    };
                    let subject = subject.as_str().to_owned();
                    answer.messages.push(Message { subject, sequence, headers, payload: message.payload });
                    if single {
                        return Ok(answer);
                    }
                }
                // The end of a batch.
                Some(204) => {
                    answer.pending = number("Nats-Num-Pending").unwrap_or(0);
                    answer.up_to = number("Nats-UpTo-Sequence");
                    return Ok(answer);
                }
                Some(404) if answer.messages.is_empty() => return Ok(Answer { none: true, ..answer }),
                // One of them went while they were read. There may be more.
                Some(404) => return Ok(Answer { pending: 1, ..answer }),
                Some(503) => return Err(self.unavailable("no server has it at the moment")),
                Some(status) => {
                    let what = message.description.unwrap_or_default();
                    return Err(self.unavailable(&format!("it answers {status} {what}")));
                }
            }
        }
        Err(self.unavailable("the connection is closed"))
    }

    fn unavailable(&self, what: &str) -> InboxError {
        InboxError::Unavailable(format!("the broker cannot be asked for the stream {}: {what}", self.stream))
    }
}

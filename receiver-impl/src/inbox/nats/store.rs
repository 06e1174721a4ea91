//! What the streams hold: read, and written only over what is known to be there.
//!
//! Nothing is overwritten unseen: each message says what it expects to be the last one of a subject, and the broker
//! refuses it otherwise. So of two receivers that both believe to have an event, only one can write that it is done.

use std::collections::HashMap;
use std::error::Error as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use async_nats::header::HeaderMap;
use async_nats::jetstream::context::{Context, PublishAckFuture, PublishError, PublishErrorKind};
use async_nats::jetstream::{ErrorCode, publish::PublishAck, stream::Stream};
use async_nats::{Client, connection};
use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;
use serde_json::json;

use super::content::{Kept, Standing};
use super::fetch::{Fetch, Message};
use super::names::{Names, hour};
use crate::inbox::{EventId, InboxError};

/// How many requests are under way at a time where many are needed.
pub(super) const AT_ONCE: usize = 32;

/// How many messages that no longer count are removed in a round.
const TIDY: usize = 32;

/// The streams of an inbox.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) client: Client,
    context: Context,
    pub(super) names: Names,
    pub(super) events: Fetch,
    pub(super) states: Fetch,
    pub(super) nodes: Fetch,
    event_stream: Stream<()>,
    state_stream: Stream<()>,
    node_stream: Stream<()>,
    /// When the stream of events was made, as it was seen first; and whether it is another one by now.
    made: OnceLock<String>,
    another: AtomicBool,
    /// The last message of a receiver that is known to be there.
    told: AtomicU64,
    /// The last message about a state that is known to be there.
    least: AtomicU64,
    /// Messages about states that no longer count and could not be removed.
    untidy: Mutex<Vec<u64>>,
}

/// What is written of an event, and where.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) subject: String,
    pub(super) sequence: u64,
    pub(super) standing: Standing,
}

/// Why nothing was written.
#[derive(Debug)]
pub(super) enum WriteError {
    /// Somebody else wrote before.
    Conflict,
    /// The broker did not take it, or did not say that it has.
    Unavailable(InboxError),
}

impl Store {
    pub(super) async fn new(client: Client, context: Context, names: Names) -> Result<Self, String> {
        let always = names.always();
        let fetch = |stream: String, always| Fetch::new(client.clone(), stream, always);
        let (events, states, nodes) = (names.events_stream(), names.states_stream(), names.nodes_stream());
        // They were looked at before; a second look would only cost.
        Ok(Self {
            event_stream: context.get_stream_no_info(&events).await.map_err(|error| error.to_string())?,
            state_stream: context.get_stream_no_info(&states).await.map_err(|error| error.to_string())?,
            node_stream: context.get_stream_no_info(&nodes).await.map_err(|error| error.to_string())?,
            made: OnceLock::new(),
            another: AtomicBool::new(false),
            told: AtomicU64::new(0),
            events: fetch(events, None),
            states: fetch(states, Some(always)),
            nodes: fetch(nodes, None),
            client,
            context,
            names,
            least: AtomicU64::new(0),
            untidy: Mutex::default(),
        })
    }

    /// Sees to it that there is one message of the kind that says nothing.
    pub(super) async fn begin(&self) -> Result<(), InboxError> {
        let sent = match self.send(self.names.always(), HeaderMap::new(), Bytes::new(), Some((0, None))).await {
            Ok(sending) => Self::sent(sending).await.map(drop),
            Err(error) => Err(error),
        };
        match sent {
            Ok(()) | Err(WriteError::Conflict) => Ok(()),
            Err(WriteError::Unavailable(error)) => Err(error),
        }
    }

    pub(super) fn connected(&self) -> Result<(), InboxError> {
        match self.client.connection_state() {
            connection::State::Connected => Ok(()),
            _ => Err(InboxError::Unavailable("the broker cannot be reached; the connection is tried again".to_owned())),
        }
    }

    /// Whether the stream of events is still the one that was there at the start. What this process knows of events, and
    /// what is written of them, is not about those of another one.
    pub(super) fn current(&self) -> Result<(), InboxError> {
        if !self.another.load(Relaxed) {
            return Ok(());
        }
        let stream = self.names.events_stream();
        Err(InboxError::Unavailable(format!(
            "the stream {stream} was made anew while this receiver ran; start the receiver again"
        )))
    }

    /// Sends a message that is kept only if `expected` is the last one on `on`; the broker's answer is to be waited for.
    pub(super) async fn send(
        &self,
        subject: String,
        mut headers: HeaderMap,
        payload: Bytes,
        expected: Option<(u64, Option<&str>)>,
    ) -> Result<PublishAckFuture, WriteError> {
        if let Some((sequence, on)) = expected {
            headers.insert("Nats-Expected-Last-Subject-Sequence", sequence.to_string());
            if let Some(on) = on {
                headers.insert("Nats-Expected-Last-Subject-Sequence-Subject", on);
            }
        }
        self.context.publish_with_headers(subject, headers, payload).await.map_err(|error| fault(&error))
    }

    /// The broker's answer.
    pub(super) async fn sent(sending: PublishAckFuture) -> Result<PublishAck, WriteError> {
        sending.await.map_err(|error| fault(&error))
    }

    /// Writes where an event is in its life, over `before`.
    pub(super) async fn write(
        &self,
        id: EventId,
        received_at: SystemTime,
        standing: Standing,
        before: Option<&Known>,
        by: Option<String>,
    ) -> Result<Known, WriteError> {
        let subject = self.names.state(id, standing.state, standing.bare.is_none(), hour(received_at));
        let mut headers = HeaderMap::new();
        if let Some(by) = by {
            // So that it is written once, however often it is sent because an answer was lost.
            headers.insert("Nats-Msg-Id", by);
        }
        let expected = match before {
            None => (0, None),
            Some(before) if before.subject == subject => (before.sequence, None),
            Some(before) => (before.sequence, Some(before.subject.as_str())),
        };
        let sending = self.send(subject.clone(), headers, standing.payload(), Some(expected)).await?;
        let sequence = Self::sent(sending).await?.sequence;
        self.least.fetch_max(sequence, Relaxed);
        if let Some(before) = before.filter(|before| before.subject != subject) {
            // Of two, the later one counts; so this only tidies up.
            self.tidy_up([before.sequence]).await;
        }
        Ok(Known { subject, sequence, standing })
    }

    /// Writes to the small stream in which receivers tell of themselves; the new sequence.
    pub(super) async fn tell(&self, subject: String, payload: Bytes, expected: Option<u64>) -> Result<u64, WriteError> {
        let sending = self.send(subject, HeaderMap::new(), payload, expected.map(|sequence| (sequence, None))).await?;
        let sequence = Self::sent(sending).await?.sequence;
        self.told.fetch_max(sequence, Relaxed);
        Ok(sequence)
    }

    /// The last message that this process wrote to that stream.
    pub(super) fn told(&self) -> u64 {
        self.told.load(Relaxed)
    }

    /// The last message of that stream, as its leader knows it.
    pub(super) async fn last_told(&self) -> Result<u64, InboxError> {
        let info = self.node_stream.get_info().await.map_err(|error| unavailable(&error.to_string()))?;
        Ok(info.state.last_sequence)
    }

    /// What is written of these events, which arrived then.
    pub(super) async fn known(
        &self,
        events: impl Iterator<Item = (EventId, SystemTime)>,
    ) -> Result<HashMap<EventId, Known>, InboxError> {
        let subjects: Vec<_> = events.flat_map(|(id, at)| self.names.states_of(id, hour(at))).collect();
        self.known_on(&subjects).await
    }

    /// What is written of events on these subjects.
    pub(super) async fn known_on(&self, subjects: &[String]) -> Result<HashMap<EventId, Known>, InboxError> {
        let mut known: HashMap<_, Known> = HashMap::new();
        let mut earlier = Vec::new();
        for Message { subject, sequence, payload, .. } in self.states.last(subjects, self.least.load(Relaxed)).await? {
            let Some(id) = Names::id_of(&subject) else { continue };
            let standing = Standing::read(&payload)?;
            let found = Known { subject, sequence, standing };
            // Whoever wrote the later one ended before the earlier one was removed.
            match known.get(&id) {
                Some(other) if other.sequence > sequence => earlier.push(sequence),
                _ => earlier.extend(known.insert(id, found).map(|other| other.sequence)),
            }
        }
        self.tidy_up(earlier).await;
        Ok(known)
    }

    /// Sees to it that nothing is read of states that is older than now.
    pub(super) async fn catch_up(&self) -> Result<(), InboxError> {
        let last = self.figures().await?.1.last;
        self.least.fetch_max(last, Relaxed);
        Ok(())
    }

    /// An event, if there is one with this id whose body is kept, or was never here.
    pub(super) async fn event(&self, id: EventId) -> Result<Option<Kept>, InboxError> {
        let found = self.events.one(id.0).await?.map(Kept::read).transpose()?;
        Ok(found.filter(|kept| !kept.is_stub()))
    }

    /// Several of them.
    pub(super) async fn events(&self, ids: &[EventId]) -> Result<Vec<Option<Kept>>, InboxError> {
        let asked: Vec<_> = ids.iter().map(|id| self.event(*id)).collect();
        stream::iter(asked).buffered(AT_ONCE).try_collect().await
    }

    /// The last message of an event's subject, or one by its sequence, as the stream's leader knows it.
    pub(super) async fn newest(&self, subject: Option<&str>, sequence: u64) -> Result<Option<Kept>, InboxError> {
        use async_nats::jetstream::stream::RawMessageErrorKind as Kind;
        if subject.is_none() && sequence == 0 {
            // The broker counts from 1, and calls this a bad request.
            return Ok(None);
        }
        let found = match subject {
            Some(subject) => self.event_stream.get_last_raw_message_by_subject(subject).await.map_err(|error| {
                let none = error.kind() == async_nats::jetstream::stream::LastRawMessageErrorKind::NoMessageFound;
                (none, error.to_string())
            }),
            None => self
                .event_stream
                .get_raw_message(sequence)
                .await
                .map_err(|error| (error.kind() == Kind::NoMessageFound, error.to_string())),
        };
        match found {
            Ok(found) => {
                let (subject, sequence) = (found.subject.to_string(), found.sequence);
                let message = Message { subject, sequence, headers: found.headers, payload: found.payload };
                Kept::read(message).map(Some)
            }
            Err((true, _)) => Ok(None),
            Err((false, error)) => Err(unavailable(&error)),
        }
    }

    /// Whether an event without its body names this message as what keeps its identity, as the stream's leader knows it.
    pub(super) async fn is_stub_of(&self, id: EventId, sequence: u64) -> Result<bool, InboxError> {
        use async_nats::jetstream::stream::LastRawMessageErrorKind as Kind;
        let found = self.state_stream.get_last_raw_message_by_subject(&self.names.bare(id)).await;
        match found {
            Ok(found) => Ok(Standing::read(&found.payload)?.bare.is_some_and(|bare| bare.stub == sequence)),
            Err(error) if error.kind() == Kind::NoMessageFound => Ok(false),
            Err(error) => Err(unavailable(&error.to_string())),
        }
    }

    /// Whether there is an event on a subject like `filter`, from a sequence on, as the stream's leader knows it.
    pub(super) async fn is_more(&self, filter: &str, from: u64) -> Result<bool, InboxError> {
        use async_nats::jetstream::stream::RawMessageErrorKind as Kind;
        match self.event_stream.get_first_raw_message_by_subject(filter, from.max(1)).await {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == Kind::NoMessageFound => Ok(false),
            Err(error) => Err(unavailable(&error.to_string())),
        }
    }

    pub(super) async fn forget_event(&self, sequence: u64) -> Result<(), InboxError> {
        self.forget(&self.names.events_stream(), sequence).await
    }

    pub(super) async fn forget_state(&self, sequence: u64) -> Result<(), InboxError> {
        self.forget(&self.names.states_stream(), sequence).await
    }

    pub(super) async fn forget_node(&self, sequence: u64) -> Result<(), InboxError> {
        self.forget(&self.names.nodes_stream(), sequence).await
    }

    /// Removes a message, if it is there. It is not overwritten on the disk, which would cost more than writing it did.
    async fn forget(&self, stream: &str, sequence: u64) -> Result<(), InboxError> {
        let subject = format!("$JS.API.STREAM.MSG.DELETE.{stream}");
        let ask = json!({ "seq": sequence, "no_erase": true }).to_string();
        let answer = self.client.request(subject, ask.into()).await.map_err(|error| unavailable(&error.to_string()))?;
        let answer: Removed =
            serde_json::from_slice(&answer.payload).map_err(|error| unavailable(&error.to_string()))?;
        match answer.error {
            Some(error) if !error.is_gone() => Err(unavailable(&error.description)),
            _ => Ok(()),
        }
    }

    /// Removes what is written of events and no longer counts, now or, if the broker is away, later.
    async fn tidy_up(&self, states: impl IntoIterator<Item = u64>) {
        for sequence in states {
            if self.forget_state(sequence).await.is_err() {
                self.untidy.lock().unwrap_or_else(PoisonError::into_inner).push(sequence);
            }
        }
    }

    /// Tries again what [`Self::tidy_up`] could not do, some at a time.
    pub(super) async fn tidy_again(&self) {
        let states: Vec<_> = {
            let mut untidy = self.untidy.lock().unwrap_or_else(PoisonError::into_inner);
            let left = untidy.len().saturating_sub(TIDY);
            untidy.split_off(left)
        };
        self.tidy_up(states).await;
    }

    /// The streams of events and of states, as their leaders know them.
    pub(super) async fn figures(&self) -> Result<(Figures, Figures), InboxError> {
        let (events, states) = tokio::join!(self.event_stream.get_info(), self.state_stream.get_info());
        let figures = |info: async_nats::jetstream::stream::Info, beside: u64| Figures {
            messages: info.state.messages.saturating_sub(beside),
            first: info.state.first_sequence,
            last: info.state.last_sequence,
        };
        let failed = |error: async_nats::jetstream::stream::InfoError| unavailable(&error.to_string());
        let events = events.map_err(failed)?;
        let made = events.created.to_string();
        if *self.made.get_or_init(|| made.clone()) != made {
            self.another.store(true, Relaxed);
        }
        self.current()?;
        // One message of the states is about none.
        Ok((figures(events, 0), figures(states.map_err(failed)?, 1)))
    }

    /// The subjects of states that are like this one.
    pub(super) async fn subjects(&self, filter: &str) -> Result<Vec<String>, InboxError> {
        let failed = |error: async_nats::jetstream::stream::InfoError| unavailable(&error.to_string());
        let found = self.state_stream.info_with_subjects(filter).await.map_err(failed)?;
        found.map_ok(|(subject, _)| subject).try_collect().await.map_err(failed)
    }
}

/// What the broker says of a removal.
#[derive(Deserialize)]
struct Removed {
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    err_code: u64,
    #[serde(default)]
    description: String,
}

impl Refusal {
    /// Whether there was nothing to remove.
    fn is_gone(&self) -> bool {
        let gone = |code: ErrorCode| self.err_code == code.0;
        gone(ErrorCode::SEQUENCE_NOT_FOUND)
            || gone(ErrorCode::NO_MESSAGE_FOUND)
            || gone(ErrorCode::STREAM_MESSAGE_DELETE_FAILED)
                && ["not found", "deleted"].iter().any(|word| self.description.contains(word))
    }
}

/// What a stream says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Figures {
    pub(super) messages: u64,
    pub(super) first: u64,
    pub(super) last: u64,
}

pub(super) fn unavailable(what: &str) -> InboxError {
    InboxError::Unavailable(format!("the broker does not do what it is asked: {what}"))
}

fn fault(error: &PublishError) -> WriteError {
    let of_stream = error.source().and_then(|error| error.downcast_ref::<async_nats::jetstream::Error>());
    let code = of_stream.map(async_nats::jetstream::Error::error_code);
    if error.kind() == PublishErrorKind::WrongLastSequence
        || code == Some(ErrorCode::STREAM_WRONG_LAST_SEQUENCE_CONSTANT)
        // A copy is on its way at this moment.
        || code == Some(ErrorCode::STREAM_DUPLICATE_MESSAGE_CONFLICT)
    {
        return WriteError::Conflict;
    }
    let what = match error.kind() {
        PublishErrorKind::TimedOut => "it did not say in time that it has the message".to_owned(),
        PublishErrorKind::StreamNotFound => "the stream is gone, or has no leader at the moment".to_owned(),
        _ => of_stream.map_or_else(|| error.to_string(), ToString::to_string),
    };
    WriteError::Unavailable(unavailable(&what))
}

impl From<InboxError> for WriteError {
    fn from(error: InboxError) -> Self {
        Self::Unavailable(error)
    }
}

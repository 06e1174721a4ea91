//! The streams are made at the first start, and checked at each: what contradicts this inbox is shown and refused, never
//! changed. Somebody chose it, and a stream that forgets events by itself is no inbox.

use std::fmt;
use std::time::Duration;

use async_nats::jetstream::context::{Context, GetStreamErrorKind};
use async_nats::jetstream::stream::{Config, DiscardPolicy, Info, PersistenceMode, RetentionPolicy, StorageType};

use super::names::{Names, PARTITIONS};
use super::options::Address;
use crate::inbox::InboxError;

/// For how long the broker itself knows copies by their number. Later ones are known by their subject.
const WINDOW: Duration = Duration::from_secs(120);
/// By how many seconds the clocks of brokers may differ.
const CLOCKS: i64 = 60;
/// Where a stream says into how many parts its events are divided.
const PARTS: &str = "receiver-partitions";

/// Why the streams cannot be used.
#[derive(Debug)]
pub(super) enum StreamsError {
    /// One of them is not as it must be.
    Contradicts(String),
    /// The broker did not do what it was asked, which may pass: it may be electing a leader.
    Unavailable(String),
}

/// Makes the streams that are not there, and refuses those that contradict.
pub(super) async fn ready(context: &Context, names: &Names, address: &Address) -> Result<(), StreamsError> {
    let stream = |name: String, subject: String| Config {
        name,
        subjects: vec![subject],
        storage: StorageType::File,
        retention: RetentionPolicy::Limits,
        // A stream that is full refuses what is new, and its provider sends it again. It never drops what it has.
        discard: DiscardPolicy::New,
        max_messages: -1,
        max_bytes: -1,
        max_messages_per_subject: -1,
        max_consumers: -1,
        max_age: Duration::ZERO,
        max_message_size: -1,
        num_replicas: address.replicas,
        duplicate_window: WINDOW,
        allow_direct: true,
        description: Some("events of the webhook receiver".to_owned()),
        metadata: [(PARTS.to_owned(), PARTITIONS.to_string())].into(),
        ..Config::default()
    };
    let events = stream(names.events_stream(), names.events());
    let states = stream(names.states_stream(), names.states());
    let nodes = stream(names.nodes_stream(), names.nodes());
    let one = |stream: Config| Config { max_messages_per_subject: 1, ..stream };
    let events = make_or_check(context, Config { max_bytes: address.max_bytes.unwrap_or(-1), ..events }).await?;
    for wanted in [one(states), one(nodes)] {
        let about = make_or_check(context, wanted).await?;
        if (events.created - about.created).whole_seconds() > CLOCKS {
            let (events, about) = (&events.config.name, &about.config.name);
            return Err(StreamsError::Contradicts(format!(
                "the stream {events} was made after {about}, which speaks of the events of one that was there before: \
                 some of the new ones would count as handled. Remove {about}, too (`nats stream rm {about}`), or name \
                 another prefix behind the broker's address"
            )));
        }
    }
    Ok(())
}

async fn make_or_check(context: &Context, wanted: Config) -> Result<Info, StreamsError> {
    let name = wanted.name.clone();
    let failed = |what: String| StreamsError::Unavailable(format!("the stream {name} {what}"));
    let found = match context.get_stream(&name).await {
        Ok(stream) => stream.cached_info().clone(),
        Err(error) if missing(&error) => {
            // Somebody else may make it at the same time, which is fine if it comes out the same.
            let made = context.create_stream(wanted.clone()).await;
            match made {
                Ok(stream) => stream.cached_info().clone(),
                Err(error) => match context.get_stream(&name).await {
                    Ok(stream) => stream.cached_info().clone(),
                    Err(_) => return Err(failed(format!("cannot be made: {error}"))),
                },
            }
        }
        Err(error) => return Err(failed(format!("cannot be looked at: {error}"))),
    };
    let differences = differences(&wanted, &found.config);
    if differences.is_empty() {
        return Ok(found);
    }
    let lines: Vec<_> = differences.iter().map(Difference::to_string).collect();
    Err(StreamsError::Contradicts(format!(
        "the stream {name} is there and contradicts this inbox, so nothing is kept in it and nothing was changed: {}. \
         Change it (`nats stream edit {name}`), or name another prefix behind the broker's address",
        lines.join("; ")
    )))
}

fn missing(error: &async_nats::jetstream::context::GetStreamError) -> bool {
    matches!(error.kind(), GetStreamErrorKind::JetStream(error)
        if error.error_code() == async_nats::jetstream::ErrorCode::STREAM_NOT_FOUND)
}

impl From<InboxError> for StreamsError {
    fn from(error: InboxError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// A setting that is not as it must be.
struct Difference {
    setting: &'static str,
    wanted: String,
    found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is {}, and must be {}", self.setting, self.found, self.wanted)
    }
}

fn differences(wanted: &Config, found: &Config) -> Vec<Difference> {
    let mut differences = Vec::new();
    let mut hold = |setting, wanted: &dyn fmt::Debug, found: &dyn fmt::Debug| {
        let (wanted, found) = (format!("{wanted:?}"), format!("{found:?}"));
        if wanted != found {
            differences.push(Difference { setting, wanted, found });
        }
    };
    // The broker writes -1 or 0 where there is no limit.
    let limit = |limit: i64| limit.max(0);
    hold("storage", &wanted.storage, &found.storage);
    hold("retention", &wanted.retention, &found.retention);
    hold("discard", &wanted.discard, &found.discard);
    hold("discard-new-per-subject", &false, &found.discard_new_per_subject);
    hold("subjects", &wanted.subjects, &found.subjects);
    hold("max-age", &wanted.max_age, &found.max_age);
    hold("max-msgs", &limit(wanted.max_messages), &limit(found.max_messages));
    let per_subject = |config: &Config| limit(config.max_messages_per_subject);
    hold("max-msgs-per-subject", &per_subject(wanted), &per_subject(found));
    if wanted.max_bytes > 0 {
        hold("max-bytes", &wanted.max_bytes, &found.max_bytes);
    }
    hold("replicas", &wanted.num_replicas, &found.num_replicas);
    hold("allow-direct", &true, &found.allow_direct);
    hold("deny-delete", &false, &found.deny_delete);
    hold("no-ack", &false, &found.no_ack);
    hold("sealed", &false, &found.sealed);
    hold("max-msg-size", &limit(wanted.max_message_size.into()), &limit(found.max_message_size.into()));
    hold("subject-transform", &false, &found.subject_transform.is_some());
    hold("mirror", &false, &found.mirror.is_some());
    hold("sources", &false, &found.sources.as_ref().is_some_and(|sources| !sources.is_empty()));
    hold("persist-mode async", &false, &matches!(found.persist_mode, Some(PersistenceMode::Async)));
    hold("allow-msg-counter", &false, &found.allow_message_counter);
    hold(PARTS, &wanted.metadata.get(PARTS), &found.metadata.get(PARTS));
    differences
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_each_setting_that_contradicts() {
        let wanted = Config { num_replicas: 3, max_messages: -1, ..Config::default() };
        assert!(differences(&wanted, &Config { allow_direct: true, max_messages: 0, ..wanted.clone() }).is_empty());
        let found = Config { storage: StorageType::Memory, num_replicas: 1, allow_direct: true, ..wanted.clone() };
        let told: Vec<_> = differences(&wanted, &found).iter().map(Difference::to_string).collect();
        assert_eq!(told, ["storage is Memory, and must be File", "replicas is 1, and must be 3"]);
    }
}

//! Streams and subjects, made of digests and numbers alone.
//!
//! Nothing from outside stands in a subject: a provider's name, an ordering key and an identity go in as digests. So a
//! `*`, a `>` or a dot in an event changes nothing, and nobody who chooses an identity chooses where it is kept.
//!
//! ```text
//! PREFIX.e.07.1f0c9a4e.90ab...77.3c2f...e1     an event: partition, provider, ordering key (- for none), identity
//! PREFIX.s.o.retrying.17                       where event 17 is in its life: pending again, retrying, dead, parked
//! PREFIX.s.d.498000.17                         it is done; the hour of its arrival, counted from 1970
//! PREFIX.s.b.498000.17                         it is done, and its body is no longer kept
//! PREFIX.s.always                              nothing
//! PREFIX.n.node.5d0e...                        a receiver that lives
//! PREFIX.n.part.07                             which receiver has a partition
//! PREFIX.n.hour.498000                         the least id that arrived in this hour, of those that are done
//! PREFIX.n.duplicates                          how many copies came so far
//! PREFIX.hint.07, PREFIX.ask.5d0e...           not kept: between receivers
//! ```

use std::time::{Duration, SystemTime};

use ring::digest::{SHA256, digest};

use crate::hex::hex;
use crate::inbox::{Event, EventId, State};

/// Into how many parts the events are divided. A part is one receiver's at a time, so this is also the most receivers
/// that share the work. It is written into the streams: all receivers must agree.
pub(super) const PARTITIONS: u8 = 32;

/// The names of one inbox.
#[derive(Debug, Clone)]
pub(super) struct Names {
    prefix: String,
}

/// What an event's subject says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) part: u8,
    /// Stands for the provider.
    pub(super) provider: String,
    /// Stands for the ordering key.
    pub(super) key: Option<i64>,
}

fn hash(text: &str) -> [u8; 16] {
    let mut short = [0; 16];
    short.copy_from_slice(&digest(&SHA256, text.as_bytes()).as_ref()[..16]);
    short
}

/// What stands for a provider.
pub(super) fn provider_token(provider: &str) -> String {
    hex(&hash(provider)[..4])
}

/// The hour in which an event arrived, counted from 1970.
pub(super) fn hour(at: SystemTime) -> u64 {
    at.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs() / 3600)
}

/// When that hour is over.
pub(super) fn end_of(hour: u64) -> SystemTime {
    // What a subject says may lie beyond every calendar.
    SystemTime::UNIX_EPOCH
        .checked_add(Duration::from_secs((hour + 1).saturating_mul(3600)))
        .unwrap_or_else(SystemTime::now)
}

impl Names {
    pub(super) fn new(prefix: &str) -> Self {
        Self { prefix: prefix.to_owned() }
    }

    pub(super) fn events_stream(&self) -> String {
        format!("{}-events", self.prefix)
    }

    pub(super) fn states_stream(&self) -> String {
        format!("{}-states", self.prefix)
    }

    pub(super) fn nodes_stream(&self) -> String {
        format!("{}-nodes", self.prefix)
    }

    pub(super) fn events(&self) -> String {
        format!("{}.e.>", self.prefix)
    }

    pub(super) fn states(&self) -> String {
        format!("{}.s.>", self.prefix)
    }

    pub(super) fn nodes(&self) -> String {
        format!("{}.n.>", self.prefix)
    }

    /// Where an event is kept.
    pub(super) fn event(&self, event: &Event) -> String {
        let identity = hash(&event.identity);
        let provider = provider_token(&event.provider);
        let (part, key) = match &event.ordering_key {
            Some(key) => {
                let key = hash(key);
                (key[15], hex(&key[..8]))
            }
            None => (identity[15], "-".to_owned()),
        };
        format!("{}.e.{:02x}.{provider}.{key}.{}", self.prefix, part % PARTITIONS, hex(&identity))
    }

    /// What the broker knows copies by. Unlike the subject it does not depend on the ordering key.
    pub(super) fn message_id(event: &Event) -> String {
        format!("{}.{}", provider_token(&event.provider), hex(&hash(&event.identity)))
    }

    /// Where the identity of an event is kept whose subject a newer one has by now.
    pub(super) fn aside(&self, place: &Place, id: EventId) -> String {
        format!("{}.e.{:02x}.{}.-.aside-{id}", self.prefix, place.part, place.provider)
    }

    /// Where events of a provider are kept, in a partition.
    pub(super) fn events_of(&self, part: u8, provider: &str) -> String {
        format!("{}.e.{part:02x}.{provider}.>", self.prefix)
    }

    /// Where events of a provider with an ordering key are kept.
    pub(super) fn events_of_key(&self, provider: &str, key: i64) -> String {
        format!("{}.e.*.{provider}.{key:016x}.*", self.prefix)
    }

    /// Where events with an identity are kept, of whatever provider.
    pub(super) fn events_with(&self, identity: &str) -> String {
        format!("{}.e.*.*.*.{}", self.prefix, hex(&hash(identity)))
    }

    /// Reads an event's subject.
    pub(super) fn place(&self, subject: &str) -> Option<Place> {
        let mut tokens = subject.strip_prefix(&self.prefix)?.strip_prefix(".e.")?.split('.');
        let part = u8::from_str_radix(tokens.next()?, 16).ok()?;
        let provider = tokens.next()?.to_owned();
        let key = tokens.next().filter(|key| *key != "-").map(|key| u64::from_str_radix(key, 16));
        let key = key.transpose().ok()?.map(u64::cast_signed);
        Some(Place { part, provider, key })
    }

    /// Where it stands that an event is in `state`.
    pub(super) fn state(&self, id: EventId, state: State, has_body: bool, hour: u64) -> String {
        match state {
            State::Done if has_body => format!("{}.s.d.{hour}.{id}", self.prefix),
            State::Done => format!("{}.s.b.{hour}.{id}", self.prefix),
            _ => format!("{}.s.o.{state}.{id}", self.prefix),
        }
    }

    /// Every place where it may stand in which state an event is that arrived in this hour.
    pub(super) fn states_of(&self, id: EventId, hour: u64) -> [String; 3] {
        let prefix = &self.prefix;
        [format!("{prefix}.s.o.*.{id}"), format!("{prefix}.s.d.{hour}.{id}"), format!("{prefix}.s.b.{hour}.{id}")]
    }

    /// Where it stands that an event is done, if its body is no longer kept.
    pub(super) fn bare(&self, id: EventId) -> String {
        format!("{}.s.b.*.{id}", self.prefix)
    }

    /// Where it stands which events of an hour are done, with or without bodies.
    pub(super) fn done_in(&self, hour: u64, has_body: bool) -> String {
        format!("{}.s.{}.{hour}.*", self.prefix, if has_body { 'd' } else { 'b' })
    }

    /// Where it stands which events are in `state`; of those that are done there are too many to ask.
    pub(super) fn open(&self, state: Option<State>) -> String {
        format!("{}.s.o.{}.*", self.prefix, state.map_or("*", State::name))
    }

    /// The event that a state's subject is about.
    pub(super) fn id_of(subject: &str) -> Option<EventId> {
        subject.rsplit('.').next()?.parse().ok().map(EventId)
    }

    /// The state that a subject names.
    pub(super) fn state_of(&self, subject: &str) -> Option<State> {
        let mut tokens = subject.strip_prefix(&self.prefix)?.strip_prefix(".s.")?.split('.');
        match tokens.next()? {
            "o" => tokens.next()?.parse().ok(),
            _ => Some(State::Done),
        }
    }

    /// A message that is always there, and says nothing.
    pub(super) fn always(&self) -> String {
        format!("{}.s.always", self.prefix)
    }

    pub(super) fn node(&self, node: &str) -> String {
        format!("{}.n.node.{node}", self.prefix)
    }

    pub(super) fn part(&self, part: u8) -> String {
        format!("{}.n.part.{part:02x}", self.prefix)
    }

    pub(super) fn hour(&self, hour: u64) -> String {
        format!("{}.n.hour.{hour}", self.prefix)
    }

    pub(super) fn duplicates(&self) -> String {
        format!("{}.n.duplicates", self.prefix)
    }

    pub(super) fn all_hours(&self) -> String {
        format!("{}.n.hour.*", self.prefix)
    }

    pub(super) fn all_parts(&self) -> String {
        format!("{}.n.part.*", self.prefix)
    }

    pub(super) fn all_nodes(&self) -> String {
        format!("{}.n.node.*", self.prefix)
    }

    /// Where receivers are told of new events of a partition.
    pub(super) fn hint(&self, part: u8) -> String {
        format!("{}.hint.{part:02x}", self.prefix)
    }

    pub(super) fn hints(&self) -> String {
        format!("{}.hint.*", self.prefix)
    }

    /// Where a receiver is asked.
    pub(super) fn ask(&self, node: &str) -> String {
        format!("{}.ask.{node}", self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::HeaderMap;

    use super::*;

    fn event(identity: &str, key: Option<&str>) -> Event {
        Event {
            provider: "a.b>*".into(),
            endpoint: "e".into(),
            event_type: Some("x.*.>".to_owned()),
            identity: identity.to_owned(),
            identity_is_digest: false,
            ordering_key: key.map(str::to_owned),
            received_at: SystemTime::UNIX_EPOCH,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            matched: Vec::new(),
        }
    }

    #[test]
    fn nothing_from_outside_stands_in_a_subject() {
        let names = Names::new("receiver");
        for text in ["*", ">", "a.b", " ", "\r\n", "", "\u{20ac}"] {
            let subject = names.event(&event(text, Some(text)));
            let fits = |c: char| c.is_ascii_hexdigit() || c == '.';
            assert!(subject.strip_prefix("receiver.e.").is_some_and(|rest| rest.chars().all(fits)), "{subject}");
            assert_eq!(subject.split('.').count(), 6, "{subject}");
        }
    }

    #[test]
    fn a_subject_says_where_an_event_belongs() {
        let names = Names::new("r");
        let place = |identity: &str, key| names.place(&names.event(&event(identity, key))).unwrap();
        let (one, other) = (place("1", Some("key")), place("2", Some("key")));
        assert_eq!(one, other, "events of a key are in one partition");
        assert!(one.key.is_some() && one.part < PARTITIONS && one.provider == provider_token("a.b>*"));
        assert_eq!(place("1", None).key, None);
        assert_ne!(place("1", Some("another")).key, one.key);
    }

    #[test]
    fn a_subject_says_what_became_of_an_event() {
        let names = Names::new("r");
        for state in State::ALL.into_iter().filter(|state| *state != State::Leased) {
            let subject = names.state(EventId(17), state, true, 3);
            assert_eq!(
                (names.state_of(&subject), Names::id_of(&subject)),
                (Some(state), Some(EventId(17))),
                "{subject}"
            );
        }
        assert_eq!(names.state_of(&names.state(EventId(1), State::Done, false, 3)), Some(State::Done));
    }
}

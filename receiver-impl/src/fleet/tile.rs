//! One thing, and when each part of what is known of it was told.

use std::time::SystemTime;

use crate::inbox::EventId;
use crate::log_text::beginning;

/// The most bytes of one text.
const LONGEST: usize = 200;

/// When something was told: the event's time and, between equal times, the later arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    microseconds: u64,
    id: EventId,
}

/// What is known of one thing.
#[derive(Debug, Default)]
pub(crate) struct Tile {
    fields: Vec<(&'static str, String, Moment)>,
    last: Option<Moment>,
}

impl Moment {
    pub(super) fn new(time: SystemTime, id: EventId) -> Self {
        let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { microseconds: u64::try_from(since.as_micros()).unwrap_or(u64::MAX), id }
    }
}

impl Tile {
    /// Sets a text, unless a later one is there. Whether it did.
    pub(super) fn set(&mut self, field: &'static str, text: &str, moment: Moment) -> bool {
        let text = beginning(text, LONGEST);
        match self.fields.iter_mut().find(|(name, ..)| *name == field) {
            Some((_, _, at)) if *at >= moment => false,
            Some((_, held, at)) => {
                *at = moment;
                if held != text {
                    text.clone_into(held);
                }
                true
            }
            None => {
                self.fields.push((field, text.to_owned(), moment));
                true
            }
        }
    }

    /// Notes that something was told, whatever it was. Whether it was news.
    pub(super) fn touch(&mut self, moment: Moment) -> bool {
        let news = self.last.is_none_or(|last| last < moment);
        if news {
            self.last = Some(moment);
        }
        news
    }

    /// When something was told last.
    pub(super) fn moment(&self) -> Option<Moment> {
        self.last
    }

    /// Each text, with its name and when it was told, in milliseconds since 1970.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static str, &str, u64)> {
        self.fields.iter().map(|(name, text, at)| (*name, text.as_str(), at.microseconds / 1000))
    }

    /// When something was told last, in milliseconds since 1970.
    pub(crate) fn last(&self) -> u64 {
        self.last.map_or(0, |last| last.microseconds / 1000)
    }
}

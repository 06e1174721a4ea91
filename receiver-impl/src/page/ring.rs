//! The last frames, for browsers that were away for a moment.

use std::collections::VecDeque;
use std::fmt;

use bytes::Bytes;
use tokio::sync::broadcast::{self, Receiver, Sender};

/// How many frames are held, and how many bytes of them.
const FRAMES: usize = 128;
const BYTES: usize = 8 << 20;
/// How many frames a browser may be behind.
const BEHIND: usize = 32;

/// One message to every browser.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) number: u64,
    /// As it goes over the wire.
    pub(super) text: Bytes,
}

/// Where a stream stands: which run of the receiver, and which frame of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) run: u64,
    pub(super) number: u64,
}

/// The last frames, and who gets the next.
#[derive(Debug)]
pub(super) struct Ring {
    run: u64,
    last: u64,
    frames: VecDeque<Frame>,
    bytes: usize,
    sender: Sender<Frame>,
}

impl Default for Ring {
    fn default() -> Self {
        let run = uuid::Uuid::new_v4().as_u64_pair().0;
        Self { run, last: 0, frames: VecDeque::new(), bytes: 0, sender: broadcast::channel(BEHIND).0 }
    }
}

impl Ring {
    /// Where the stream is now.
    pub(super) fn place(&self) -> Place {
        Place { run: self.run, number: self.last }
    }

    /// Sends a frame, made of where it stands.
    pub(super) fn push(&mut self, frame: impl FnOnce(Place) -> Bytes) {
        self.last += 1;
        let frame = Frame { number: self.last, text: frame(self.place()) };
        self.bytes += frame.text.len();
        self.frames.push_back(frame.clone());
        while self.frames.len() > FRAMES || self.bytes > BYTES {
            let Some(gone) = self.frames.pop_front() else { break };
            self.bytes -= gone.text.len();
        }
        // Without a receiver, nobody looks.
        let _ = self.sender.send(frame);
    }

    /// Forgets what was sent: from here on, frames are missing.
    pub(super) fn forget(&mut self) {
        self.last += 1;
        self.frames.clear();
        self.bytes = 0;
    }

    /// What comes from now on and, for a browser that was at `last`, what it missed; `None` if that is not known.
    pub(super) fn join(&self, last: Option<Place>) -> (Receiver<Frame>, Option<Vec<Frame>>) {
        let missed = last.filter(|last| last.run == self.run).and_then(|last| {
            let first = self.frames.front()?.number;
            let held = (first.saturating_sub(1)..=self.last).contains(&last.number);
            held.then(|| self.frames.iter().filter(|frame| frame.number > last.number).cloned().collect())
        });
        (self.sender.subscribe(), missed)
    }
}

impl Place {
    /// Reads what a browser says that it saw last.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (run, number) = text.split_once('-')?;
        Some(Self { run: u64::from_str_radix(run, 16).ok()?, number: number.parse().ok()? })
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}-{}", self.run, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ring(frames: u64) -> Ring {
        let mut ring = Ring::default();
        (0..frames).for_each(|_| ring.push(|place| Bytes::from(place.number.to_string())));
        ring
    }

    fn missed(ring: &Ring, number: u64) -> Option<Vec<u64>> {
        let last = Place { number, ..ring.place() };
        ring.join(Some(last)).1.map(|frames| frames.iter().map(|frame| frame.number).collect())
    }

    #[test]
    fn whoever_was_away_for_a_moment_misses_nothing() {
        let ring = ring(5);
        assert_eq!(missed(&ring, 3), Some(vec![4, 5]));
        assert_eq!(missed(&ring, 5), Some(vec![]));
        assert_eq!(missed(&ring, 0), Some(vec![1, 2, 3, 4, 5]));
    }

    #[test]
    fn whoever_was_away_for_long_is_told_so() {
        let long = ring(FRAMES as u64 + 10);
        assert_eq!(missed(&long, 9), None);
        assert_eq!(missed(&long, 10).unwrap().len(), FRAMES);
        let mut forgetful = ring(3);
        forgetful.forget();
        assert_eq!(missed(&forgetful, 3), None);
        forgetful.push(|_| Bytes::new());
        assert_eq!(missed(&forgetful, 3), None);
        assert_eq!(missed(&forgetful, 4), Some(vec![5]));
        assert_eq!(missed(&ring(3), 7), None);
        let of_another_run = Place { run: 1, number: 1 };
        assert!(ring(3).join(Some(of_another_run)).1.is_none());
        assert!(ring(3).join(None).1.is_none());
    }

    #[test]
    fn holds_so_many_bytes() {
        let mut ring = Ring::default();
        (0..20).for_each(|_| ring.push(|_| Bytes::from(vec![0; 1 << 20])));
        assert_eq!((ring.frames.len(), ring.bytes), (8, 8 << 20));
    }

    #[test]
    fn a_place_reads_as_it_is_written() {
        let place = ring(3).place();
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        for odd in ["", "-", "1", "x-1", "1-x", "1--1"] {
            assert_eq!(Place::parse(odd), None, "{odd}");
        }
    }
}

//! What receivers know of each other: who lives, and whose a partition is.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

use super::fetch::Message;
use super::local::Floors;
use super::names::{Names, PARTITIONS};

/// How long a receiver is not heard of before its partitions are taken.
const DEAD: Duration = Duration::from_secs(8);
/// For how long a receiver that is gone is remembered.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);
/// What a receiver says that goes.
pub(super) const LEFT: &str = "left";
/// What receivers know of each other.
#[derive(Debug, Default)]
pub(super) struct Members {
    heard: HashMap<String, Heard>,
    pub(super) parts: BTreeMap<u8, Part>,
    /// How many copies came, by the last message that says so, and its sequence.
    pub(super) duplicates: (u64, u64),
}

/// A receiver that was heard of.
#[derive(Debug, Clone, Copy)]
struct Heard {
    /// Its last message.
    sequence: u64,
    /// When that was seen first.
    at: Instant,
    /// It said that it goes.
    left: bool,
    /// The message is there no more. It is remembered, since a server that does not know that may still tell of it, and
    /// that must not look like a sign of life.
    gone: bool,
}

impl Heard {
    fn is_alive(&self) -> bool {
        !self.left && self.at.elapsed() < DEAD
    }
}

/// What is written of a partition.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    pub(super) sequence: u64,
    pub(super) says: Says,
}

/// Its message.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Says {
    /// Whose it is.
    pub(super) node: Option<String>,
    pub(super) floors: Floors,
}

impl Members {
    pub(super) fn alive(&self) -> impl Iterator<Item = &String> {
        self.heard.iter().filter(|(_, heard)| heard.is_alive()).map(|(node, _)| node)
    }

    /// The messages of receivers that are gone.
    pub(super) fn dead(&self) -> Vec<u64> {
        let dead = self.heard.values().filter(|heard| !heard.gone && heard.at.elapsed() > 10 * DEAD);
        dead.map(|heard| heard.sequence).collect()
    }

    fn hear(&mut self, node: &str, sequence: u64, left: bool, now: Instant) {
        let new = Heard { sequence, at: now, left, gone: false };
        let heard = self.heard.entry(node.to_owned()).or_insert(new);
        if heard.sequence < sequence {
            *heard = new;
        }
        heard.gone = false;
    }

    /// Takes in what all receivers say, as a server told it.
    pub(super) fn take_in(&mut self, found: &[Message], names: &Names) {
        let now = Instant::now();
        self.heard.retain(|_, heard| heard.at.elapsed() < MEMORY);
        self.heard.values_mut().for_each(|heard| heard.gone = true);
        for message in found {
            let Some(last) = message.subject.rsplit('.').next() else { continue };
            if message.subject == names.duplicates() {
                let number = std::str::from_utf8(&message.payload).ok().and_then(|text| text.parse().ok());
                self.duplicates = (number.unwrap_or(0), message.sequence);
            } else if message.subject == names.node(last) {
                self.hear(last, message.sequence, message.payload == LEFT, now);
            } else if let Ok(part) = u8::from_str_radix(last, 16) {
                let says = serde_json::from_slice(&message.payload).unwrap_or_default();
                let known = self.parts.entry(part).or_default();
                // A server that lags behind says less than is known.
                if message.sequence >= known.sequence {
                    *known = Part { sequence: message.sequence, says };
                }
            }
        }
    }

    pub(super) fn is_alive(&self, node: &str) -> bool {
        self.heard.get(node).is_some_and(Heard::is_alive)
    }

    /// Who has which partition, of those that may be alive.
    pub(super) fn owners(&self) -> BTreeMap<u8, String> {
        let owner = |part: &Part| part.says.node.clone().filter(|node| self.is_alive(node));
        self.parts.iter().filter_map(|(part, says)| Some((*part, owner(says)?))).collect()
    }

    /// The partitions that are to be a receiver's.
    pub(super) fn share(&self, me: &str) -> BTreeSet<u8> {
        let mut alive: BTreeSet<&str> = self.alive().map(String::as_str).collect();
        alive.insert(me);
        (0..PARTITIONS).filter(|part| best(&alive, *part) == Some(me)).collect()
    }
}

/// The receiver that a partition goes to: few move when one comes or goes.
fn best<'a>(alive: &BTreeSet<&'a str>, part: u8) -> Option<&'a str> {
    let weight = |node: &str| {
        let digest = ring::digest::digest(&ring::digest::SHA256, format!("{node}/{part}").as_bytes());
        let mut weight = [0; 8];
        weight.copy_from_slice(&digest.as_ref()[..8]);
        weight
    };
    alive.iter().copied().max_by_key(|node| weight(node))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(alive: &[&str]) -> Members {
        let mut members = Members::default();
        alive.iter().for_each(|node| members.hear(node, 1, false, Instant::now()));
        members
    }

    #[test]
    fn every_partition_is_one_receivers() {
        let nodes = ["a", "b", "c"];
        let members = members(&nodes);
        let mut all = BTreeSet::new();
        for node in nodes {
            let share = members.share(node);
            assert!(!share.is_empty() && all.is_disjoint(&share));
            all.extend(share);
        }
        assert_eq!(all.len(), usize::from(PARTITIONS));
    }

    #[test]
    fn only_what_was_a_receivers_moves_when_it_goes() {
        let (before, after) = (members(&["a", "b", "c"]), members(&["a", "b"]));
        assert!(before.share("a").is_subset(&after.share("a")) && before.share("b").is_subset(&after.share("b")));
        assert_eq!(after.share("a").len() + after.share("b").len(), usize::from(PARTITIONS));
    }

    #[test]
    fn who_is_not_heard_of_has_nothing() {
        let mut members = members(&["a"]);
        let says = Says { node: Some("a".to_owned()), floors: Floors::new() };
        members.parts.insert(3, Part { sequence: 1, says });
        assert_eq!(members.owners(), [(3, "a".to_owned())].into());
        let Some(long_ago) = Instant::now().checked_sub(DEAD) else { return };
        members.heard.clear();
        members.hear("a", 1, false, long_ago);
        assert!(members.owners().is_empty() && members.alive().next().is_none());
        // A server that lags behind tells of it once more.
        members.hear("a", 1, false, Instant::now());
        assert!(members.alive().next().is_none());
        members.hear("a", 2, false, Instant::now());
        assert_eq!(members.alive().count(), 1);
        members.hear("a", 3, true, Instant::now());
        assert!(members.alive().next().is_none());
    }
}

//! What the events say about the world: which appliance is online, which shift is taken, which subscription ends soon.
//!
//! A [`Tile`] is one thing of one provider, a set of named texts. [Rules](rules::Rule) say what an event sets. Each text
//! has the time that its event tells, and a later event's text goes over an earlier one's; so the order in which events
//! come in does not matter, and neither does reading the inbox again from its newer end.
//!
//! It is bounded: a kind of thing has only so many tiles, of which the longest unchanged go first.

mod body;
mod greenlake;
mod gridx;
mod nursa;
mod rules;
#[cfg(test)]
mod tests;
mod tile;

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use chrono::DateTime;

use crate::inbox::EventId;

pub(crate) use rules::Kind;
pub(crate) use tile::Tile;

use body::Members;
use rules::{KINDS, Rule, Thing, Value};
use tile::Moment;

/// An event's own time counts unless it lies further ahead of its arrival than this: no clock is as wrong as that, and
/// such a text could never be gone over again.
const AHEAD: Duration = Duration::from_secs(24 * 60 * 60);

/// What is known of each thing.
#[derive(Debug)]
pub(crate) struct Fleet {
    kinds: Vec<Things>,
}

/// What is known of the things of one kind.
#[derive(Debug)]
struct Things {
    kind: &'static Kind,
    tiles: HashMap<String, Tile>,
    /// The last moment of those that went. An older event would bring one back as it was long ago.
    floor: Option<Moment>,
}

/// An event as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told<'a> {
    pub(crate) id: EventId,
    pub(crate) provider: &'a str,
    pub(crate) event_type: &'a str,
    pub(crate) received_at: SystemTime,
    pub(crate) body: &'a [u8],
}

/// Names a tile: its kind's place, and its id.
pub(crate) type Name = (usize, String);

/// Whether events of this type say anything that is shown here.
pub(crate) fn is_about(provider: &str, event_type: &str) -> bool {
    rules_for(provider, event_type).next().is_some()
}

impl Default for Fleet {
    fn default() -> Self {
        let things = |kind: &&'static Kind| Things { kind, tiles: HashMap::new(), floor: None };
        Self { kinds: KINDS.iter().map(things).collect() }
    }
}

impl Fleet {
    /// Takes in what an event says. The names of the tiles that it changed, or that went for it, go to `changed`, in parts.
    pub(crate) fn tell(&mut self, told: Told<'_>, changed: &mut impl FnMut(usize, &str)) {
        if !is_about(told.provider, told.event_type) {
            return;
        }
        let wanted = |path: &str| rules_for(told.provider, told.event_type).any(|rule| rule.reads(path));
        let Some(members) = Members::read(told.body, &wanted) else { return };
        for rule in rules_for(told.provider, told.event_type) {
            let moment = Moment::new(time(&members, rule, told.received_at), told.id);
            for thing in rule.things {
                self.set(thing, &members, moment, changed);
            }
        }
    }

    /// What sort of thing a tile is, whether it is there or not.
    pub(crate) fn kind(&self, (place, _): &Name) -> Option<&'static Kind> {
        self.kinds.get(*place).map(|things| things.kind)
    }

    /// One tile.
    pub(crate) fn tile(&self, (place, id): &Name) -> Option<(&'static Kind, &Tile)> {
        let things = self.kinds.get(*place)?;
        things.tiles.get(id).map(|tile| (things.kind, tile))
    }

    /// Every tile.
    pub(crate) fn tiles(&self) -> impl Iterator<Item = (&'static Kind, &str, &Tile)> {
        self.kinds
            .iter()
            .flat_map(|Things { kind, tiles, .. }| tiles.iter().map(|(id, tile)| (*kind, id.as_str(), tile)))
    }

    fn set(&mut self, thing: &Thing, members: &Members, moment: Moment, changed: &mut impl FnMut(usize, &str)) {
        let Some(id) = thing.id.iter().find_map(|path| members.get(path)).filter(|id| !id.is_empty()) else { return };
        // A CloudEvents source names a system as an address does.
        let id = id.strip_prefix("/systems/").unwrap_or(id);
        let place = self.kinds.iter().position(|things| things.kind.name == thing.kind.name);
        let Some((place, things)) = place.and_then(|place| Some((place, self.kinds.get_mut(place)?))) else { return };
        if !things.tiles.contains_key(id) {
            if things.floor.is_some_and(|floor| moment <= floor) {
                return;
            }
            things.make_room(&mut |gone| changed(place, gone));
            things.tiles.insert(id.to_owned(), Tile::default());
        }
        let Some(tile) = things.tiles.get_mut(id) else { return };
        let mut any = tile.touch(moment);
        for (field, value) in thing.set {
            let text = match value {
                Value::Is(text) => Some(*text),
                Value::At(paths) => paths.iter().find_map(|path| members.get(path)),
                Value::By(path, texts) => {
                    let by = members.get(path);
                    texts.iter().find(|(value, _)| by == Some(*value)).map(|(_, text)| *text)
                }
            };
            any |= text.is_some_and(|text| tile.set(field, text, moment));
        }
        if any {
            changed(place, id);
        }
    }
}

fn rules_for<'a>(provider: &'a str, event_type: &'a str) -> impl Iterator<Item = &'static Rule> {
    let of_provider: &'static [Rule] = match provider {
        "gridx" => gridx::RULES,
        "greenlake" => greenlake::RULES,
        "nursa" => nursa::RULES,
        _ => &[],
    };
    of_provider.iter().filter(move |rule| rule.events.iter().any(|known| rules::fits(known, event_type)))
}

/// When it happened, as the event itself says, or else when it arrived.
fn time(members: &Members, rule: &Rule, received_at: SystemTime) -> SystemTime {
    let own = rule.time.iter().find_map(|path| members.get(path));
    let own = own.and_then(|text| DateTime::parse_from_rfc3339(text).ok()).map(SystemTime::from);
    own.filter(|own| *own <= received_at + AHEAD).unwrap_or(received_at)
}

impl Things {
    /// Takes a tenth away when there are as many as there may be: those that nothing was heard of for longest.
    fn make_room(&mut self, gone: &mut impl FnMut(&str)) {
        if self.tiles.len() < self.kind.most {
            return;
        }
        let mut moments: Vec<_> = self.tiles.values().map(Tile::moment).collect();
        let last = (self.kind.most / 10).min(moments.len() - 1);
        let (_, last, _) = moments.select_nth_unstable(last);
        self.floor = self.floor.max(*last);
        self.tiles.retain(|id, tile| {
            let stays = tile.moment() > *last;
            if !stays {
                gone(id);
            }
            stays
        });
    }
}

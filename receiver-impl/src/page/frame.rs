//! What the page is sent, as JSON: tiles, rows of events, changes of state, figures.

use bytes::Bytes;
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};
use serde_json::json;

use crate::fleet::{Fleet, Name, Tile};
use crate::inbox::{EventId, State, Summary};

use super::health::Health;
use super::ring::Place;

/// What changed since the frame before. What is empty is left out.
#[derive(Debug, Default, Serialize)]
pub(super) struct Changes {
    /// New events, the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) rows: Vec<Summary>,
    /// How many more new events there were.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) more: usize,
    /// Id, state (`null`: removed) and number of tries (`null`: not known).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) turned: Vec<(EventId, Option<State>, Option<u32>)>,
    /// Whether further events changed, so that what is shown may be out of date.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) lost: bool,
    /// Tiles that changed; those that went have `gone` instead of what is known of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) fleet: Vec<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) health: Option<Health>,
}

/// Everything, for a page that opens.
#[derive(Serialize)]
pub(super) struct Whole<'a> {
    /// Whether events are kept at all.
    pub(super) inbox: bool,
    /// Whether the port asks for a token.
    pub(super) login: bool,
    pub(super) fleet: Tiles<'a>,
    pub(super) health: Health,
}

/// All tiles.
pub(super) struct Tiles<'a>(pub(super) &'a Fleet);

/// A tile as the page knows it.
struct TileOf<'a>(&'static str, &'static str, &'a str, &'a Tile);

/// Fields of which it matters since when they are so.
const TIMED: [&str; 6] = ["online", "status", "plug", "charge", "state", "connection"];

/// One tile, or that it is gone.
pub(super) fn tile(fleet: &Fleet, name: &Name) -> Option<serde_json::Value> {
    let id = &name.1;
    let Some((kind, tile)) = fleet.tile(name) else {
        let kind = fleet.kind(name)?;
        return Some(json!({"provider": kind.provider, "kind": kind.name, "id": id, "gone": true}));
    };
    serde_json::to_value(TileOf(kind.provider, kind.name, id, tile)).ok()
}

/// A message of the stream.
pub(super) fn message(event: Option<&str>, place: Option<Place>, data: &impl Serialize) -> Bytes {
    let data = serde_json::to_string(data).unwrap_or_else(|_| "null".to_owned());
    let event = event.map(|event| format!("event: {event}\n")).unwrap_or_default();
    let id = place.map(|place| format!("id: {place}\n")).unwrap_or_default();
    // JSON has no line ends of its own.
    Bytes::from(format!("{event}{id}data: {data}\n\n"))
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        let Self { rows, more, turned, lost, fleet, health } = self;
        rows.is_empty() && *more == 0 && turned.is_empty() && !lost && fleet.is_empty() && health.is_none()
    }
}

impl Serialize for Tiles<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.tiles().map(|(kind, id, tile)| TileOf(kind.provider, kind.name, id, tile)))
    }
}

impl Serialize for TileOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(provider, kind, id, tile) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("provider", provider)?;
        map.serialize_entry("kind", kind)?;
        map.serialize_entry("id", id)?;
        map.serialize_entry("last", &tile.last())?;
        map.serialize_entry("fields", &Fields(tile))?;
        map.serialize_entry("since", &Times(tile))?;
        map.end()
    }
}

/// What is known of a thing, but for what is known to be nothing.
struct Fields<'a>(&'a Tile);

impl Serialize for Fields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let known = self.0.fields().filter(|(_, text, _)| !text.is_empty());
        serializer.collect_map(known.map(|(name, text, _)| (name, text)))
    }
}

/// Since when some of it is so.
struct Times<'a>(&'a Tile);

impl Serialize for Times<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let timed = self.0.fields().filter(|(name, ..)| TIMED.contains(name));
        serializer.collect_map(timed.map(|(name, _, at)| (name, at)))
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

//! Random small edits of `webhooks.yaml`, each held against what the generated crate of today really does with
//! deliveries that are made and signed by the edited spec.
//!
//! * What the receiver refuses, parks or misreads is never called `tolerated` or `docs`.
//! * What is called `breaks` does break for some delivery, where that can be told from the edit.
//! * The worst class is the one that the edit has by construction.
//!
//! The edits are the same in every run; `MUTATIONS=5000` tries more of them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "helpers of tests may fail loudly")]

mod edits;
mod instance;
#[path = "../models/json.rs"]
#[allow(dead_code, reason = "shared with the tests of models, which use more of it")]
mod json;
#[path = "../models/list.rs"]
mod list;
mod provider;
mod random;
mod receiver;

use std::collections::BTreeMap;

use serde_json::Value;
use spec_tools::diff::{Class, diff};
use spec_tools::document::Document;

use edits::{Edit, edit};
use provider::{Declared, declared, users};
use random::Random;
use receiver::{Fate, Receiver};

/// How many seeds are tried; some yield no edit.
const MUTATIONS: u64 = 1300;

/// The spec without its examples, which are most of it and say nothing here.
fn spec() -> Document {
    let document = Document::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../webhooks.yaml")).unwrap();
    let mut value = document.value().clone();
    for item in value["paths"].as_object_mut().unwrap().values_mut() {
        for media in item["post"]["requestBody"]["content"].as_object_mut().into_iter().flat_map(|all| all.values_mut())
        {
            media.as_object_mut().unwrap().shift_remove("examples");
        }
    }
    Document::from_value("webhooks.yaml", value)
}

/// The events to try: those that the edit reaches, and some of them where they are many.
fn reached(made: &Edit, spec: &Value, all: &[Declared], random: &mut Random) -> Vec<Declared> {
    let users = made.schema.as_ref().map(|schema| users(spec, schema)).unwrap_or_default();
    let is_reached =
        |event: &&Declared| made.path.as_ref().is_some_and(|path| *path == event.path) || event.reaches(&users);
    let mut found: Vec<Declared> = all.iter().filter(is_reached).cloned().collect();
    // Which event is new is not known here, so all of one endpoint are tried.
    while made.schema.is_some() && found.len() > 3 {
        found.swap_remove(random.below(found.len()));
    }
    found
}

/// The worst that happens to deliveries of the edited spec.
fn tried(receiver: &Receiver, made: &Edit, spec: &Value, seed: u64) -> (usize, Fate) {
    let mut random = Random::new(seed);
    let events = reached(made, spec, &declared(spec), &mut random);
    let number = if made.schema.is_some() { 12 } else { 4 };
    let (mut count, mut worst) = (0, Fate::Read);
    for event in events {
        for request in event.requests(spec, seed, number, &made.renamed) {
            count += 1;
            let fate = receiver.take(&request);
            if fate != Fate::Read && worst == Fate::Read {
                worst = fate;
            }
        }
    }
    (count, worst)
}

#[test]
fn the_receiver_of_today_reads_what_the_spec_of_today_sends() {
    let spec = spec();
    let receiver = Receiver::new(spec.value());
    for event in declared(spec.value()) {
        for request in event.requests(spec.value(), 5, 20, &[]) {
            assert_eq!(receiver.take(&request), Fate::Read, "{}", String::from_utf8_lossy(&request.body));
        }
    }
}

/// Whether a schema stands in a union without a discriminator.
fn is_tried_in_turn(spec: &Value, part: &str) -> bool {
    users(spec, part).iter().any(|user| {
        spec["components"]["schemas"].to_string().split("\"anyOf\":[").skip(1).any(|forms| {
            let forms = forms.split(']').next().unwrap_or_default();
            forms.contains(&format!("#/components/schemas/{user}\""))
        })
    })
}

/// What was seen of some edits.
#[derive(Debug, Default)]
struct Seen {
    edits: u64,
    deliveries: usize,
    /// How many of each kind, and how many of those had a delivery that fared badly.
    kinds: BTreeMap<&'static str, (u64, u64)>,
    faults: Vec<String>,
}

impl Seen {
    /// Makes the edit of this seed, if there is one, and holds its class against what deliveries meet.
    fn look(&mut self, base: &Document, receiver: &Receiver, seed: u64) {
        let mut value = base.value().clone();
        let Some(made) = edit(&mut value, &mut Random::new(seed)) else { return };
        let class = diff(base, &Document::from_value("new.yaml", value.clone()), None).worst();
        let (count, fate) = tried(receiver, &made, &value, seed);
        self.edits += 1;
        self.deliveries += count;
        let of_kind = self.kinds.entry(made.kind).or_default();
        of_kind.0 += 1;
        of_kind.1 += u64::from(fate != Fate::Read);
        let mut fault = |what: &str| {
            let about = format!("edit {seed}, {} at {}", made.kind, made.place);
            self.faults.push(format!("{about}: {what}; class {class:?}, {count} deliveries, fate {fate:?}"));
        };
        if fate != Fate::Read && class.is_none_or(|class| class >= Class::Tolerated) {
            fault("called harmless, and a delivery fared badly");
        }
        // Where no event is reached nothing can arrive, and the class is that of text.
        if count == 0 && class == Some(Class::Docs) {
            return;
        }
        if !class.is_some_and(|class| made.expected.contains(&class)) {
            fault(&format!("expected {:?}", made.expected));
        }
        // A form that is tried in turn and no longer fits becomes `Other`, which holds all that was sent.
        let is_in_turn = made.schema.as_ref().is_some_and(|schema| is_tried_in_turn(&value, schema));
        if made.fails.is_some_and(|fails| fails != (fate != Fate::Read)) && !is_in_turn {
            fault("the deliveries fared otherwise than by construction");
        }
    }

    fn add(&mut self, other: Self) {
        self.edits += other.edits;
        self.deliveries += other.deliveries;
        self.faults.extend(other.faults);
        for (kind, (number, bad)) in other.kinds {
            let of_kind = self.kinds.entry(kind).or_default();
            *of_kind = (of_kind.0 + number, of_kind.1 + bad);
        }
    }
}

#[test]
fn no_edit_that_breaks_a_delivery_is_called_harmless() {
    let base = spec();
    let receiver = Receiver::new(base.value());
    let seeds = std::env::var("MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(MUTATIONS);
    let workers = std::thread::available_parallelism().map_or(1, |number| number.get() as u64);
    let mut all = Seen::default();
    std::thread::scope(|scope| {
        let (base, receiver) = (&base, &receiver);
        let work = move |first: u64| {
            let mut seen = Seen::default();
            (first..=seeds).step_by(workers as usize).for_each(|seed| seen.look(base, receiver, seed));
            seen
        };
        let running: Vec<_> = (1..=workers).map(|first| scope.spawn(move || work(first))).collect();
        running.into_iter().for_each(|worker| all.add(worker.join().unwrap()));
    });
    println!("{} edits, {} deliveries", all.edits, all.deliveries);
    for (kind, (number, bad)) in &all.kinds {
        println!("{number:5} {kind}, {bad} with a delivery that was refused or misread");
    }
    assert!(all.faults.is_empty(), "{} of {}:\n{}", all.faults.len(), all.edits, all.faults.join("\n"));
    assert!(all.edits > seeds / 2, "{} edits", all.edits);
    assert!(all.kinds.len() >= 30, "{} kinds of edits", all.kinds.len());
}

/// Two or three edits at once: the worst of them must show.
#[test]
fn an_edit_does_not_hide_another() {
    let base = spec();
    let receiver = Receiver::new(base.value());
    let mut faults = Vec::new();
    for seed in 1..=100 {
        let mut random = Random::new(seed * 31);
        let mut value = base.value().clone();
        let made: Vec<Edit> = (0..3).filter_map(|_| edit(&mut value, &mut random)).collect();
        let class = diff(&base, &Document::from_value("new.yaml", value.clone()), None).worst();
        for one in &made {
            let (_, fate) = tried(&receiver, one, &value, seed);
            if fate != Fate::Read && class.is_none_or(|class| class >= Class::Tolerated) {
                faults.push(format!("edits {made:?}: class {class:?}, fate {fate:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

//! The fuzz targets for a moment: on their corpus, on its files with some damage, and on any bytes.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use crate::bodies;

/// The files of a target's corpus.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{} is empty", folder.display());
    files.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// A file of the corpus with some bytes changed, taken away or put in.
fn damaged(target: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let edit = (any::<prop::sample::Index>(), 0..3, any::<u8>());
    (prop::sample::select(corpus(target)), prop::collection::vec(edit, 0..8)).prop_map(|(mut file, edits)| {
        for (place, what, byte) in edits {
            let place = place.index(file.len() + 1);
            match what {
                0 if place < file.len() => file[place] = byte,
                1 if place < file.len() => drop(file.remove(place)),
                _ => file.insert(place, byte),
            }
        }
        file
    })
}

fn any_bytes() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..200)
}

fn run(target: &'static str, body: fn(&[u8])) {
    corpus(target).iter().for_each(|file| body(file));
    let inputs = prop_oneof![3 => damaged(target).boxed(), 1 => any_bytes().boxed()];
    proptest!(ProptestConfig::with_cases(2000), |(data in inputs)| body(&data));
}

#[test]
fn nothing_verifies_without_the_right_signature_in_its_header() {
    run("signature_header", bodies::signature_header);
}

#[test]
fn no_two_requests_are_the_same_signed_text() {
    run("payload_template", bodies::payload_template);
}

#[test]
fn an_event_is_found_as_by_a_reader_of_the_whole_tree() {
    run("identification", bodies::identification);
}

#[test]
fn damaged_examples_are_taken_or_refused_but_nothing_else() {
    run("models", bodies::models);
}

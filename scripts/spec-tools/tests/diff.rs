//! What `spec diff` says of a change: one folder below `tests/diff` for each, with a patch of `base.yaml` and what is
//! expected. The patch is a piece of a unified diff: lines that stay, go and come, hunks apart by `@@`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of tests may fail loudly")]

mod golden;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use spec_tools::check::check;
use spec_tools::diff::{Class, Format, Report, Rule, diff, render, table};
use spec_tools::document::Document;
use spec_tools::surface::Surface;

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/diff"))
}

fn base() -> String {
    fs::read_to_string(folder().join("base.yaml")).unwrap()
}

/// The base after a patch, each hunk of which fits one place.
fn patched(base: &str, patch: &str) -> String {
    let mut lines: Vec<&str> = base.lines().collect();
    for hunk in patch.split("@@\n").filter(|hunk| !hunk.trim().is_empty()) {
        let side = |other: char| -> Vec<&str> {
            hunk.lines().filter(|line| !line.starts_with(other)).map(|line| line.get(1..).unwrap_or("")).collect()
        };
        let (old, new) = (side('+'), side('-'));
        let places: Vec<usize> = (0..lines.len()).filter(|place| lines[*place..].starts_with(&old)).collect();
        let [place] = places[..] else { panic!("{} places fit this hunk:\n{hunk}", places.len()) };
        lines.splice(place..place + old.len(), new);
    }
    lines.join("\n") + "\n"
}

/// A case may bring the crates before and after, too.
fn report(case: &Path) -> Report {
    let base = base();
    let new = patched(&base, &fs::read_to_string(case.join("patch")).unwrap());
    let old = Document::parse("base.yaml", &base).unwrap();
    let new = Document::parse("webhooks.yaml", &new).unwrap();
    let crates = case.join("before").exists().then(|| {
        let read = |name: &str| Surface::read(&case.join(name)).unwrap();
        (read("before"), read("after"))
    });
    diff(&old, &new, crates.as_ref().map(|(before, after)| (before, after)))
}

fn rules() -> BTreeSet<Rule> {
    golden::cases("diff").iter().flat_map(|case| report(case).findings).map(|finding| finding.rule).collect()
}

#[test]
fn says_what_each_case_expects() {
    golden::hold(&golden::cases("diff"), |case| render(&report(case), Format::Text));
}

#[test]
fn says_it_to_pull_requests_programs_and_github_too() {
    let formats =
        [("expected.md", Format::Markdown), ("expected.json", Format::Json), ("expected.github", Format::Github)];
    let cases = golden::cases("diff");
    let mut held = 0;
    for case in cases.iter().filter(|case| case.join("expected.md").exists()) {
        for (file, format) in formats {
            let (path, actual) = (case.join(file), render(&report(case), format));
            if golden::is_updating() {
                fs::write(&path, &actual).unwrap();
            }
            assert_eq!(actual, fs::read_to_string(&path).unwrap(), "{}", path.display());
            held += 1;
        }
    }
    assert!(held >= 9, "{held} files");
}

#[test]
fn every_rule_and_every_class_has_a_case() {
    let (hit, cases) = (rules(), golden::cases("diff").len());
    let missing: Vec<&str> = Rule::ALL.iter().filter(|rule| !hit.contains(rule)).map(|rule| rule.id()).collect();
    assert!(missing.is_empty(), "add a case for {missing:?}");
    let classes: BTreeSet<Class> = hit.iter().map(|rule| rule.class()).collect();
    assert_eq!(classes.len(), Class::ALL.len());
    assert!(cases >= 80, "{cases} cases");
}

#[test]
fn ids_are_unique_and_advice_is_given() {
    let ids: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    assert_eq!(ids.len(), Rule::ALL.len());
    for rule in Rule::ALL {
        assert!(rule.what().ends_with('.') && rule.advice().ends_with('.'), "{}", rule.id());
    }
}

/// `UPDATE_GOLDEN=1` writes the table anew.
#[test]
fn the_table_of_rules_in_the_docs_is_that_of_the_code() {
    const MARK: &str = "<!-- from the code: `UPDATE_GOLDEN=1 cargo test -p spec-tools --test diff` -->\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/spec-diff.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, _) = text.split_once(MARK).unwrap();
    let expected = format!("{before}{MARK}\n{}", table());
    if golden::is_updating() {
        fs::write(&path, &expected).unwrap();
    } else {
        assert_eq!(text, expected, "docs/spec-diff.md is not what the rules say");
    }
}

#[test]
fn the_base_is_a_good_spec_and_equals_itself() {
    let base = Document::load(folder().join("base.yaml")).unwrap();
    let checked = check(&base);
    assert!(checked.is_ok(), "{checked}");
    assert_eq!(diff(&base, &base, None).findings, []);
}

/// Whatever breaks for today's receiver on the way there, nothing is judged the same on the way back by accident: the
/// two directions of a case name the same places.
#[test]
fn a_change_is_found_in_both_directions() {
    let base = base();
    for case in golden::cases("diff") {
        let new = patched(&base, &fs::read_to_string(case.join("patch")).unwrap());
        let (old, new) = (Document::parse("a", &base).unwrap(), Document::parse("b", &new).unwrap());
        let (there, back) = (diff(&old, &new, None), diff(&new, &old, None));
        assert_eq!(there.findings.is_empty(), back.findings.is_empty(), "{}", case.display());
    }
}

#[test]
fn odd_documents_are_compared_without_a_panic() {
    let base = Document::parse("a", &base()).unwrap();
    for text in [
        "{}",
        "openapi: 3.1.0\npaths: {}",
        "[]",
        "paths: {/a: {post: {$ref: '#/paths/~1a/post'}}}",
        "components: {schemas: 7}",
    ] {
        let odd = Document::parse("b", text).unwrap();
        assert!(!diff(&base, &odd, None).findings.is_empty(), "{text}");
        let _ = diff(&odd, &base, None);
    }
}

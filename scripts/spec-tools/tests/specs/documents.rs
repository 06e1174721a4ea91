//! Whole specs that are hard to make a crate of, one folder below `tests/specs/documents` for each; what a person is told
//! of it is held. One crate has the strict models, another the lenient ones.

use std::fs;
use std::path::{Path, PathBuf};

use spec_tools::source::{Leniency, Settings};

use crate::workspace::Workspace;
use crate::{golden, made};

/// The spec of a case.
fn spec(case: &Path) -> PathBuf {
    let mut files = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path());
    files.find(|path| path.file_stem().is_some_and(|name| name == "spec")).unwrap()
}

/// Makes the crate; what is said of it, as lines.
fn made(case: &Path, models: Leniency) -> String {
    let settings = Settings { models: Some(models), ..Settings::default() };
    let (prepared, said) = made::prepared(&spec(case), &settings);
    let name = format!("document-{}", case.file_name().unwrap().to_str().unwrap());
    made::build(&name, Workspace::new(&name), &prepared);
    said.iter().map(|line| format!("{line}\n")).collect()
}

#[test]
fn every_document_becomes_a_crate_without_a_warning() {
    golden::hold(&golden::cases("specs/documents"), |case| {
        format!("strict\n{}\nlenient\n{}", made(case, Leniency::Strict), made(case, Leniency::Lenient))
    });
}

//! Cases as folders of data, each with the text that it should yield.
//!
//! `UPDATE_GOLDEN=1 cargo test -p spec-tools` rewrites the expected texts; look at the difference before you commit it.

use std::fs;
use std::path::{Path, PathBuf};

/// Every folder below `tests/KIND`, in order.
pub(crate) fn cases(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(kind);
    let entries = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    cases.sort();
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    cases
}

/// Whether expected texts are being rewritten, so that they are not to be read.
pub(crate) fn is_updating() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

/// Holds what each case yields against its `expected.txt`, and fails with all that differ.
pub(crate) fn hold(cases: &[PathBuf], mut actual: impl FnMut(&Path) -> String) {
    let mut differing = Vec::new();
    for case in cases {
        let path = case.join("expected.txt");
        let actual = actual(case).trim_end().to_owned() + "\n";
        if is_updating() {
            fs::write(&path, actual).unwrap();
        } else {
            let expected = fs::read_to_string(&path).unwrap_or_default();
            if actual != expected {
                differing.push(format!("{}\n--- expected\n{expected}--- actual\n{actual}", path.display()));
            }
        }
    }
    let hint = "if the new text is right, run again with UPDATE_GOLDEN=1";
    assert!(differing.is_empty(), "{}\n{hint}", differing.join("\n"));
}

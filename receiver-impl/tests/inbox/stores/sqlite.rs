//! The inbox in a file.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use receiver::inbox::sqlite::{Sqlite, SqliteOptions};

use super::conformance;
use crate::rig::{DAY, RETENTION, Store};

/// A folder below Cargo's own for tests.
struct InFile(PathBuf);

impl Store for InFile {
    type Inbox = Sqlite;

    const DURABLE: bool = true;

    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("inbox-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    async fn open(&self) -> Sqlite {
        let options = SqliteOptions {
            path: self.0.join("inbox.db"),
            queue: 4096,
            retention: RETENTION,
            longest_wait: DAY,
            note: String::new(),
        };
        Sqlite::open(options).unwrap()
    }
}

impl Drop for InFile {
    fn drop(&mut self) {
        // What is left over lies in the build folder and harms nobody.
        let _ = fs::remove_dir_all(&self.0);
    }
}

conformance!(InFile);

//! Copying the log of changes into the file, beside the writer and not in its way.
//!
//! SQLite begins its log anew only when all of it is copied, which a busy writer never lets happen. So when the log
//! has grown long the writer itself copies what little the thread has left, between two commits.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use rusqlite::Connection;
use tracing::debug;

use super::file::{self, Inode};

/// Pages of 4 KiB in the log at which the thread begins to copy.
const COPY: u32 = 2_000;
/// Pages at which the writer helps.
const HELP: u32 = 16_000;

/// Watches the log of one connection; the thread ends with this.
pub(super) struct Checkpointer {
    pages: Arc<AtomicU32>,
    wake: SyncSender<()>,
}

impl Checkpointer {
    /// Starts to watch the log that `writer` writes.
    pub(super) fn start(path: &Path, inode: Inode, writer: &mut Connection) -> rusqlite::Result<Self> {
        let pages = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&pages);
        writer.wal_hook(Some(move |_: &mut rusqlite::hooks::Wal, pages| {
            counted.store(u32::try_from(pages).unwrap_or_default(), Relaxed);
            Ok(())
        }))?;
        let (wake, woken) = sync_channel(1);
        let path = path.to_owned();
        let spawned =
            std::thread::Builder::new().name("inbox-log".to_owned()).spawn(move || copy(&path, inode, &woken));
        if let Err(error) = spawned {
            debug!(%error, "no thread for the inbox's log; the writer copies it alone");
        }
        Ok(Self { pages, wake })
    }

    /// Looks at the log after a commit.
    pub(super) fn look(&self, writer: &Connection) {
        match self.pages.load(Relaxed) {
            ..COPY => {}
            COPY..HELP => {
                // Full means that the thread knows.
                let _ = self.wake.try_send(());
            }
            HELP.. => checkpoint(writer),
        }
    }
}

fn copy(path: &Path, inode: Inode, woken: &Receiver<()>) {
    let mut connection = None;
    while woken.recv().is_ok() {
        if connection.is_none() {
            connection = file::open_again(path, inode).ok();
        }
        connection.iter().for_each(checkpoint);
    }
}

fn checkpoint(connection: &Connection) {
    // Passive: it waits for nobody, and nobody for it. What is left is copied next time.
    let copied = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    if let Err(error) = copied {
        debug!(%error, "the inbox's log is not copied now");
    }
}

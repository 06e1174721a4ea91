//! The end of what would go on for ever.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

/// While one of these lives, clients go on. It ends with the test that holds it, also where that panics: a scope waits for
/// its threads, so clients that nobody stops would turn a fault into a test that never ends.
pub(crate) struct Until<'a>(pub(crate) &'a AtomicBool);

impl Drop for Until<'_> {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

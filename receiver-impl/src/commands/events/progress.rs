//! How far long work has come, for people at a terminal: standard error, and nothing for programs.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// What takes longer is shown.
const SHORT: Duration = Duration::from_millis(200);

/// A line that disappears when the work is done.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Work on so many events.
    pub(super) fn of(events: usize) -> Self {
        Self::styled(ProgressBar::new(events as u64), "{bar:30} {human_pos} of {human_len} events, {eta} left")
    }

    /// Work on so many bytes.
    pub(super) fn of_bytes(bytes: u64) -> Self {
        Self::styled(ProgressBar::new(bytes), "{bar:30} {bytes} of {total_bytes}, {eta} left")
    }

    /// Work on an unknown number of bytes.
    pub(super) fn of_a_stream() -> Self {
        Self::styled(ProgressBar::no_length(), "{spinner} {bytes}")
    }

    /// A search.
    pub(super) fn looking() -> Self {
        Self::styled(ProgressBar::no_length(), "{spinner} {human_pos} events found")
    }

    fn styled(bar: ProgressBar, template: &str) -> Self {
        // The templates are ours. Standard error that is no terminal shows nothing.
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.enable_steady_tick(SHORT);
        Self(bar)
    }

    /// So much is done.
    pub(super) fn at(&self, done: usize) {
        self.0.set_position(done as u64);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

//! What a process writes, line by line, while it writes it.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

use super::PATIENCE;

/// The lines of one stream so far.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<(Mutex<Captured>, Condvar)>);

#[derive(Default)]
struct Captured {
    lines: Vec<String>,
    ended: bool,
}

impl Lines {
    /// Reads `stream` to its end, in a thread of its own.
    pub(crate) fn of(stream: impl Read + Send + 'static) -> Self {
        let lines = Self::default();
        let writer = lines.clone();
        thread::spawn(move || {
            let mut stream = BufReader::new(stream);
            let mut line = Vec::new();
            while matches!(stream.read_until(b'\n', &mut line), Ok(1..)) {
                let text = String::from_utf8_lossy(&line).trim_end_matches(['\n', '\r']).to_owned();
                writer.change(|captured| captured.lines.push(text));
                line.clear();
            }
            writer.change(|captured| captured.ended = true);
        });
        lines
    }

    /// The first line that is `wanted`, as soon as it is there; `None` once none can come.
    pub(crate) fn try_wait_for(&self, wanted: impl Fn(&str) -> bool) -> Option<String> {
        let (captured, changed) = &*self.0;
        let missing = |captured: &mut Captured| !captured.ended && !captured.lines.iter().any(|line| wanted(line));
        let captured = changed.wait_timeout_while(captured.lock().unwrap(), PATIENCE, missing).unwrap().0;
        captured.lines.iter().find(|line| wanted(line)).cloned()
    }

    /// The first line that has every one of `parts`.
    pub(crate) fn wait_for(&self, parts: &[&str]) -> String {
        let found = self.try_wait_for(|line| parts.iter().all(|part| line.contains(part)));
        found.unwrap_or_else(|| panic!("no line with {} in:\n{}", parts.join(" and "), self.so_far()))
    }

    /// Everything, once the stream has ended.
    pub(crate) fn to_end(&self) -> String {
        let (captured, changed) = &*self.0;
        let captured = changed.wait_timeout_while(captured.lock().unwrap(), PATIENCE, |captured| !captured.ended);
        let captured = captured.unwrap().0;
        assert!(captured.ended, "the stream does not end");
        captured.lines.join("\n")
    }

    /// What is there now.
    pub(crate) fn so_far(&self) -> String {
        self.0.0.lock().unwrap().lines.join("\n")
    }

    fn change(&self, change: impl FnOnce(&mut Captured)) {
        change(&mut self.0.0.lock().unwrap());
        self.0.1.notify_all();
    }
}

//! The real binary with an environment, a folder and arguments that are the test's alone.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::PATIENCE;
use super::lines::Lines;
use super::scratch::Scratch;

/// A command line that is being put together.
pub(crate) struct Invocation {
    command: Command,
    scratch: Scratch,
    reader: Reader,
}

/// Who is at the other end of standard error.
#[derive(Clone, Copy)]
enum Reader {
    /// The test, all the time.
    Attentive,
    /// The test, which never reads, so that the pipe fills up.
    Deaf,
    /// Nobody.
    Gone,
}

/// A program that runs. It is killed when this goes.
pub(crate) struct Process {
    child: Child,
    pub(crate) stdout: Lines,
    pub(crate) stderr: Lines,
    scratch: Arc<Scratch>,
    _unread: Option<ChildStderr>,
}

/// What is left of one that ended. Its folder goes with this.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    _scratch: Arc<Scratch>,
}

impl Invocation {
    /// `receiver ARGS`, with nothing from this process's environment.
    pub(crate) fn new(args: &[&str]) -> Self {
        Self::of(env!("CARGO_BIN_EXE_receiver"), args)
    }

    /// `PROGRAM ARGS`, likewise.
    pub(crate) fn of(program: &str, args: &[&str]) -> Self {
        let scratch = Scratch::new();
        let mut command = Command::new(program);
        command.args(args).current_dir(scratch.path()).env_clear();
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, scratch, reader: Reader::Attentive }
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Puts a file into the folder that it runs in.
    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.scratch.write(name, content);
        self
    }

    /// Runs it in this folder instead of one of its own.
    pub(crate) fn in_folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// The folder of its own.
    pub(crate) fn folder(&self) -> &Path {
        self.scratch.path()
    }

    /// Never reads what it writes to standard error.
    pub(crate) fn deaf(self) -> Self {
        Self { reader: Reader::Deaf, ..self }
    }

    /// Takes the other end of its standard error away.
    pub(crate) fn without_reader(self) -> Self {
        Self { reader: Reader::Gone, ..self }
    }

    pub(crate) fn spawn(mut self) -> Process {
        let mut child = self.command.spawn().unwrap();
        let stdout = Lines::of(child.stdout.take().unwrap());
        let (stderr, unread) = match (self.reader, child.stderr.take().unwrap()) {
            (Reader::Attentive, stderr) => (Lines::of(stderr), None),
            (Reader::Deaf, stderr) => (Lines::of(io::empty()), Some(stderr)),
            (Reader::Gone, _) => (Lines::of(io::empty()), None),
        };
        Process { child, stdout, stderr, scratch: Arc::new(self.scratch), _unread: unread }
    }

    /// Runs it to its own end.
    pub(crate) fn run(self) -> Ended {
        self.spawn().wait()
    }
}

impl Process {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The folder that it runs in.
    pub(crate) fn folder(&self) -> &Path {
        self.scratch.path()
    }

    /// Sends a signal by name, with the shell's own `kill`, which every machine has.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.id())]).status().unwrap();
        assert!(status.success(), "kill -{name}: {status}");
    }

    /// Waits for its own end.
    pub(crate) fn wait(mut self) -> Ended {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                let (stdout, stderr) = (self.stdout.to_end(), self.stderr.to_end());
                return Ended { status, stdout, stderr, _scratch: Arc::clone(&self.scratch) };
            }
            let output = || format!("{}\n{}", self.stdout.so_far(), self.stderr.so_far());
            assert!(Instant::now() < deadline, "it does not end; it wrote:\n{}", output());
            thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Neither can fail in a way that matters: it may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Ended {
    /// What it wrote, anywhere.
    pub(crate) fn output(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }

    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// It must have refused its work, and said every one of `parts` on standard error.
    pub(crate) fn assert_refused(&self, parts: &[&str]) {
        assert!(matches!(self.code(), Some(1..)), "{self:?}");
        assert_eq!(self.stdout, "", "a refusal belongs on standard error");
        for part in parts {
            assert!(self.stderr.contains(part), "`{part}` is missing in: {}", self.stderr);
        }
    }
}

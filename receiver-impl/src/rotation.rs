//! Keys that change while the receiver runs.
//!
//! The files of keys are looked at twice a second and read again when they have changed, and at once on SIGHUP. A file
//! that has just changed is left alone until it has stayed the same from one look to the next, so that half of it is not
//! taken for all of it. New keys replace the old ones whole; if they cannot be used, the old ones stay.
//!
//! The system could tell of changes (inotify), but not reliably here: Kubernetes changes a mounted secret by turning a
//! link two directories up, tools that write a new file and rename it take the watched one away, and network and
//! container file systems tell nothing. What `stat` says at the end of the path holds for all of them, and costs a few
//! microseconds.
//!
//! Which providers are on does not change: one without keys has no routes. Keys from a variable stay what they are.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use tracing::{error, info};

use crate::config::ProviderConfig;
use crate::live::Live;
use crate::providers::{self, Active, ProviderError, shared_secrets};
use crate::secrets::Credentials;
use crate::signature::ProviderGuards;

/// From one look at the files to the next. A change is in force after two of them.
const INTERVAL: Duration = Duration::from_millis(500);

/// Watches files of keys. It ends when this is dropped.
#[derive(Debug)]
pub struct Rotation(Sender<()>);

/// The thread that looks. It is not the runtime's, so that a file system that hangs holds nothing up but this.
#[derive(Debug)]
struct Watcher {
    providers: Vec<Watched>,
}

/// A provider that is on.
#[derive(Debug)]
struct Watched {
    config: ProviderConfig,
    live: Arc<Live>,
    credentials: Credentials,
    files: Files,
    /// What is wrong with the files, if older keys are in force.
    fault: Option<String>,
}

/// The files that a provider's keys stand in.
#[derive(Debug)]
struct Files {
    paths: Vec<PathBuf>,
    /// As they were at the last look.
    seen: Vec<Option<Stamp>>,
    /// As they were when they were read, if they ever were.
    read: Option<Vec<Option<Stamp>>>,
}

/// What differs when a file differs. The time of its last change of any kind cannot be set by a program, so that even
/// a file of the same length and time stamps is seen to be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    file: (u64, u64),
    size: u64,
    written: (i64, i64),
    changed: (i64, i64),
}

impl Rotation {
    /// Starts to watch the files of the providers that are on.
    ///
    /// # Errors
    ///
    /// The system's, if it has no thread left.
    pub fn start(active: &[Active]) -> io::Result<Self> {
        let (order, orders) = mpsc::channel();
        let watcher = Watcher { providers: active.iter().map(Watched::new).collect() };
        std::thread::Builder::new().name("keys".to_owned()).spawn(move || watcher.run(&orders))?;
        Ok(Self(order))
    }

    /// Reads all files again now, changed or not, and logs the result.
    pub fn read_again(&self) {
        // The thread lives as long as this.
        let _ = self.0.send(());
    }
}

impl Watcher {
    fn run(mut self, orders: &Receiver<()>) {
        loop {
            match orders.recv_timeout(INTERVAL) {
                Ok(()) => self.read_all(),
                Err(RecvTimeoutError::Timeout) => self.look(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn look(&mut self) {
        for place in 0..self.providers.len() {
            if self.providers[place].is_due() {
                self.read(place, false);
            }
        }
    }

    fn read_all(&mut self) {
        let has_files = |place: &usize| !self.providers[*place].files.paths.is_empty();
        let places: Vec<_> = (0..self.providers.len()).filter(has_files).collect();
        if places.is_empty() {
            info!("told to read keys again, but all of them come from variables, which stay what they are");
        }
        for place in places {
            self.read(place, true);
        }
    }

    /// Reads the keys of a provider; an `order` is always answered by a log line.
    fn read(&mut self, place: usize, order: bool) {
        let before = self.providers[place].files.stamps();
        let result = self.fresh(place);
        let provider = &mut self.providers[place];
        if provider.files.stamps() != before {
            // It is being written. The looks that follow will find it whole.
            return;
        }
        provider.files.read = Some(before);
        match result {
            Ok((credentials, guards)) => provider.take(credentials, guards, order),
            Err(fault) => provider.keep(fault.to_string(), order),
        }
    }

    /// The keys as they stand in the files now.
    fn fresh(&self, place: usize) -> Result<(Credentials, ProviderGuards), ProviderError> {
        let config = &self.providers[place].config;
        let credentials =
            providers::read(config, &|name| std::env::var_os(name)).map_err(ProviderError::Credentials)?;
        let guards = providers::guards(config, &credentials)?;
        let mut all: Vec<_> =
            self.providers.iter().map(|watched| (watched.config.provider, &watched.credentials)).collect();
        all[place].1 = &credentials;
        shared_secrets(&all).map_err(ProviderError::Shared)?;
        Ok((credentials, guards))
    }
}

impl Watched {
    fn new(active: &Active) -> Self {
        let Active { config, live, credentials } = active.clone();
        let files = Files::new(credentials.files().map(Path::to_owned).collect());
        Self { config, live, credentials, files, fault: None }
    }

    /// Whether the files are to be read. Broken ones are tried at each look at which nobody is writing them, because not
    /// everything that mends a file leaves a trace on it.
    fn is_due(&mut self) -> bool {
        let have_settled = self.files.have_settled();
        have_settled && (self.fault.is_some() || self.files.are_news())
    }

    fn take(&mut self, credentials: Credentials, guards: ProviderGuards, order: bool) {
        let (name, keys) = (self.config.provider.name, guards.keys());
        let recovered = self.fault.take().is_some();
        let is_new = !credentials.is_same_as(&self.credentials);
        if !(recovered || is_new || order) {
            return;
        }
        self.live.replace(guards);
        self.credentials = credentials;
        self.live.reloads().succeed();
        let what = match (recovered, is_new) {
            (true, _) => "the keys can be read again and are in force",
            (false, true) => "new keys are in force",
            (false, false) => "the keys were read again and are the same",
        };
        info!(provider = name, secrets = keys.secrets, public_keys = keys.public_keys, "{what}");
    }

    fn keep(&mut self, fault: String, order: bool) {
        if order || self.fault.as_ref() != Some(&fault) {
            let keys = self.live.load().keys();
            let (secrets, public_keys) = (keys.secrets, keys.public_keys);
            self.live.reloads().fail();
            error!(provider = self.config.provider.name, secrets, public_keys, "the old keys stay in force: {fault}");
        }
        self.fault = Some(fault);
    }
}

impl Files {
    fn new(paths: Vec<PathBuf>) -> Self {
        Self { paths, seen: Vec::new(), read: None }
    }

    /// Looks at them: whether there are any and they are what they were at the look before, so that nobody is writing them
    /// just now.
    fn have_settled(&mut self) -> bool {
        let found = self.stamps();
        let is_same = found == self.seen;
        self.seen = found;
        is_same && !self.paths.is_empty()
    }

    /// Whether what was seen at the last look was never read.
    fn are_news(&self) -> bool {
        self.read.as_ref() != Some(&self.seen)
    }

    fn stamps(&self) -> Vec<Option<Stamp>> {
        self.paths.iter().map(|path| fs::metadata(path).ok().map(|found| Stamp::of(&found))).collect()
    }
}

impl Stamp {
    fn of(found: &fs::Metadata) -> Self {
        Self {
            file: (found.dev(), found.ino()),
            size: found.size(),
            written: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Folder;

    #[test]
    fn a_file_that_is_being_written_is_left_alone_until_it_stays_the_same() {
        let folder = Folder::new();
        let path = folder.join("secrets");
        fs::write(&path, "old").unwrap();
        let mut files = Files::new(vec![path.clone()]);
        assert!(!files.have_settled(), "nothing to compare it with yet");
        assert!(files.have_settled() && files.are_news());
        files.read = Some(files.stamps());
        assert!(files.have_settled() && !files.are_news());
        for half in ["n", "ne", "new"] {
            fs::write(&path, half).unwrap();
            assert!(!files.have_settled(), "{half}");
        }
        assert!(files.have_settled() && files.are_news());
    }

    #[test]
    fn a_file_that_goes_and_one_that_takes_its_place_are_news() {
        let folder = Folder::new();
        let path = folder.join("secrets");
        fs::write(&path, "old").unwrap();
        let mut files = Files::new(vec![path.clone()]);
        files.have_settled();
        files.read = Some(files.stamps());
        fs::remove_file(&path).unwrap();
        assert!(!files.have_settled());
        assert!(files.have_settled() && files.are_news());
        fs::write(folder.join("beside"), "new").unwrap();
        fs::rename(folder.join("beside"), &path).unwrap();
        assert!(!files.have_settled());
        assert!(files.have_settled() && files.are_news());
    }

    #[test]
    fn without_files_there_is_nothing_to_wait_for() {
        let mut files = Files::new(Vec::new());
        assert!(!files.have_settled() && !files.have_settled());
    }
}

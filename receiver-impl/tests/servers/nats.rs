//! A real `nats-server`, for tests: on ports of its own, in a folder of its own, and gone with the test, however that
//! ends.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);

/// Kills the server as soon as whoever started it goes away, for which nothing has to run there.
const WATCH: &str =
    r#""$@" & server=$!; echo $server >"$PID"; read -r _; kill -CONT $server; kill -9 $server; wait $server"#;

/// A server. It is killed when this goes.
pub(crate) struct Nats {
    folder: PathBuf,
    port: u16,
    config: String,
    running: Option<(Child, ChildStdin)>,
}

impl Nats {
    /// One that keeps its streams in files, with these further lines in its configuration.
    pub(crate) fn start(config: &str) -> Self {
        Self::on(free_port(), config)
    }

    /// One on this port.
    pub(crate) fn on(port: u16, config: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("nats-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let mut server = Self { folder, port, config: config.to_owned(), running: None };
        server.start_again();
        server.wait();
        server
    }

    /// Starts it with what it kept.
    pub(crate) fn start_again(&mut self) {
        self.kill();
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/nats/bin/nats-server");
        assert!(program.exists(), "{} is missing: run `make setup`", program.display());
        let (folder, port) = (self.folder.display(), self.port);
        let config = format!(
            "listen: 127.0.0.1:{port}\njetstream {{ store_dir: \"{folder}/store\" }}\nmax_payload: 2MB\n{}\n",
            self.config
        );
        let file = self.folder.join("nats.conf");
        fs::write(&file, config).unwrap();
        let log = fs::File::options().create(true).append(true).open(self.log()).unwrap();
        let mut watch = Command::new("sh");
        watch.args(["-c", WATCH, "sh"]).arg(program).arg("-c").arg(file).env("PID", self.folder.join("pid"));
        let mut child = watch.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let stdin = child.stdin.take().unwrap();
        self.running = Some((child, stdin));
    }

    /// Waits until it accepts connections.
    pub(crate) fn wait(&self) {
        let end = Instant::now() + PATIENCE;
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let log = || fs::read_to_string(self.log()).unwrap_or_default();
            assert!(Instant::now() < end, "nats-server does not start: {}", log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills it, so that it can write nothing any more.
    pub(crate) fn kill(&mut self) {
        if let Some((mut child, stdin)) = self.running.take() {
            drop(stdin);
            child.wait().unwrap();
        }
    }

    /// Sends a signal by name.
    #[allow(dead_code, reason = "not every test that starts a server stops it for a while")]
    pub(crate) fn signal(&self, name: &str) {
        let pid = fs::read_to_string(self.folder.join("pid")).unwrap();
        let sent = Command::new("kill").args([format!("-{name}").as_str(), pid.trim()]).status().unwrap();
        assert!(sent.success());
    }

    /// Where it is.
    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.kill();
        // What is left over lies in the build folder and harms nobody.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A port that nobody has at the moment.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

impl Nats {
    /// Asks the server something, and returns its answer; nothing, if it has none within a moment.
    #[allow(dead_code, reason = "not every test that starts a server asks it")]
    pub(crate) fn request(&self, subject: &str, payload: &str) -> String {
        use std::io::{BufRead as _, BufReader, Read as _, Write as _};
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let payload = payload.replace(['\r', '\n'], " ");
        let asked = format!(
            "CONNECT {{\"verbose\":false}}\r\nSUB answer 1\r\nPUB {subject} answer {}\r\n{payload}\r\n",
            payload.len()
        );
        stream.write_all(asked.as_bytes()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
            if let Some(length) = line.trim().strip_prefix("MSG answer 1 ") {
                let mut answer = vec![0; length.parse().unwrap()];
                reader.read_exact(&mut answer).unwrap();
                return String::from_utf8(answer).unwrap();
            }
            line.clear();
        }
        String::new()
    }
}

//! A server as a child process: started, asked for its address, watched through `/proc`, and gone when the bench is.

use std::fs::File;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::Result;

const START_LIMIT: Duration = Duration::from_secs(20);
/// `utime` and `stime` count these per second; Linux shows user space no other unit.
const TICKS_PER_SECOND: f64 = 100.0;

/// A running server.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    /// Its admin port, if it has one.
    pub(crate) admin: Option<SocketAddr>,
    /// Where its standard error goes; removed with it.
    pub(crate) log: PathBuf,
}

impl Server {
    /// Starts `command` and waits until it prints the line that says where it listens.
    pub(crate) fn start(command: &Command, name: &str) -> Result<Self> {
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}-{name}.log", std::process::id()));
        let mut child = spawn(command, &log)?;
        let address = child.stdout.take().ok_or("no standard output".into()).and_then(ready);
        // From here on, whatever happens ends the child.
        let mut server = Self { child, address: SocketAddr::from(([0, 0, 0, 0], 0)), admin: None, log };
        (server.address, server.admin) =
            address.map_err(|error| format!("{name} did not start: {error}\n{}", server.last_log_lines()))?;
        Ok(server)
    }

    /// User and system time so far.
    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        cpu_time(&self.child.id().to_string())
    }

    /// Resident memory now and at its highest, in bytes.
    pub(crate) fn memory(&self) -> Option<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let field = |name| {
            let line = status.lines().find_map(|line: &str| line.strip_prefix(name))?;
            Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
        };
        Some(Memory { now: field("VmRSS:")?, peak: field("VmHWM:")? })
    }

    /// A figure that it shows on `/metrics`; all series of this name together.
    pub(crate) fn metric(&self, name: &str) -> Result<u64> {
        let admin = self.admin.ok_or("it has no admin port")?;
        let mut stream = TcpStream::connect(admin)?;
        stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let values = text.lines().filter_map(|line| line.strip_prefix(name)?.rsplit(' ').next()?.parse::<u64>().ok());
        Ok(values.sum())
    }

    /// The end of what it wrote to standard error, for a message that says why it failed.
    pub(crate) fn last_log_lines(&self) -> String {
        let log = std::fs::read(&self.log).unwrap_or_default();
        let end = &log[log.len().saturating_sub(2000)..];
        String::from_utf8_lossy(end).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Neither can fail in a way that this could mend: the child may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.log);
    }
}

/// Resident memory in bytes.
#[derive(Clone, Copy)]
pub(crate) struct Memory {
    pub(crate) now: u64,
    pub(crate) peak: u64,
}

/// User and system time of a process so far; `None` where there is no `/proc`.
pub(crate) fn cpu_time(process: &str) -> Option<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is the name, in brackets, and may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(Duration::from_secs_f64((user + system) as f64 / TICKS_PER_SECOND))
}

/// Starts the command so that it dies with this process, even if that is killed; without `setpriv` (util-linux), only
/// if this process ends in good order.
pub(crate) fn spawn(command: &Command, log: &Path) -> Result<Child> {
    let mut bound = Command::new("setpriv");
    bound.args(["--pdeathsig", "KILL", "--"]).arg(command.get_program());
    let plain = Command::new(command.get_program());
    for mut attempt in [bound, plain] {
        attempt.args(command.get_args()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(File::create(log)?);
        attempt.current_dir(env!("CARGO_TARGET_TMPDIR")).env_clear();
        attempt.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        match attempt.spawn() {
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            outcome => return outcome.map_err(|error| format!("cannot start {command:?}: {error}").into()),
        }
    }
    Err(format!("cannot start {command:?}: there is no such file").into())
}

/// Reads the line that says where a server listens, its admin port included, and keeps the pipe open and empty from then on.
fn ready(output: ChildStdout) -> Result<(SocketAddr, Option<SocketAddr>)> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut output = BufReader::new(output);
        let mut line = String::new();
        let first = output.read_line(&mut line).map(|_| line);
        let _ = sender.send(first);
        let _ = std::io::copy(&mut output, &mut std::io::sink());
    });
    let line = receiver.recv_timeout(START_LIMIT).map_err(|_| format!("silent for {} s", START_LIMIT.as_secs()))??;
    if line.is_empty() {
        return Err("it ended before it said where it listens".into());
    }
    let ready: serde_json::Value =
        serde_json::from_str(&line).map_err(|_| format!("its first line is no JSON: {line:?}"))?;
    let address = |name: &str| ready[name].as_str()?.strip_prefix("http://")?.parse().ok();
    let public = address("public").ok_or_else(|| format!("its first line names no public address: {line:?}"))?;
    Ok((public, address("admin")))
}

//! The brokers of a row, `nats-server` processes that keep what they have in files and sync each message.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use crate::Result;
use crate::process::{cpu_time, spawn};

/// How long brokers may take until they answer.
const START_LIMIT: Duration = Duration::from_secs(30);

/// Brokers that are one cluster, or a single one. They are gone when this goes.
pub(crate) struct Brokers {
    folder: PathBuf,
    ports: Vec<u16>,
    running: Vec<Child>,
}

impl Brokers {
    pub(crate) fn start(number: usize) -> Result<Self> {
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.tools/nats/bin/nats-server");
        if !program.exists() {
            return Err("nats-server is missing: type `scripts/setup.sh nats`".into());
        }
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{}-brokers", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let ports = free_ports(2 * number)?;
        let routes: Vec<_> = ports[number..].iter().map(|port| format!("\"nats://127.0.0.1:{port}\"")).collect();
        let mut brokers = Self { folder, ports: ports[..number].to_vec(), running: Vec::new() };
        for (index, port) in brokers.ports.clone().into_iter().enumerate() {
            let store = brokers.folder.join(format!("store-{index}"));
            let mut config = format!(
                "listen: 127.0.0.1:{port}\nmax_payload: 2MB\njetstream {{ store_dir: {store:?}, sync_interval: always }}\n"
            );
            if number > 1 {
                let (own, routes) = (ports[number + index], routes.join(", "));
                config.push_str(&format!(
                    "server_name: b{index}\ncluster {{ name: bench, listen: 127.0.0.1:{own}, routes: [{routes}] }}\n"
                ));
            }
            let file = brokers.folder.join(format!("{index}.conf"));
            std::fs::write(&file, config)?;
            let mut command = Command::new(&program);
            command.arg("-c").arg(&file);
            brokers.running.push(spawn(&command, &brokers.folder.join(format!("{index}.log")))?);
        }
        brokers.wait()?;
        Ok(brokers)
    }

    /// The inbox that they keep, on each of them.
    pub(crate) fn setting(&self) -> String {
        let hosts: Vec<_> = self.ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
        format!("nats://{}/bench?replicas={}", hosts.join(","), hosts.len())
    }

    /// User and system time of all of them so far.
    pub(crate) fn cpu_time(&self) -> Option<Duration> {
        self.running.iter().map(|broker| cpu_time(&broker.id().to_string())).sum()
    }

    /// Waits until JetStream answers.
    fn wait(&self) -> Result<()> {
        let start = Instant::now();
        while !self.ports.iter().all(|port| is_ready(*port)) {
            if start.elapsed() > START_LIMIT {
                let log = std::fs::read_to_string(self.folder.join("0.log")).unwrap_or_default();
                return Err(format!("nats-server does not start: {log}").into());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }
}

impl Drop for Brokers {
    fn drop(&mut self) {
        for broker in &mut self.running {
            // Neither can fail in a way that this could mend: the child may have ended by itself.
            let _ = broker.kill();
            let _ = broker.wait();
        }
        // What is left over lies in the build folder and harms nobody.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Ports that nobody has at the moment, all different.
fn free_ports(number: usize) -> Result<Vec<u16>> {
    let held = (0..number).map(|_| TcpListener::bind("127.0.0.1:0")).collect::<std::io::Result<Vec<_>>>()?;
    Ok(held
        .iter()
        .map(|listener| listener.local_addr().map(|address| address.port()))
        .collect::<std::io::Result<_>>()?)
}

/// Whether a broker says that it has JetStream, which a cluster does not before it has a leader.
fn is_ready(port: u16) -> bool {
    use std::io::{Read as _, Write as _};
    let asked = || -> std::io::Result<bool> {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_millis(500)))?;
        stream.write_all(b"CONNECT {\"verbose\":false}\r\nSUB answer 1\r\nPUB $JS.API.INFO answer 0\r\n\r\n")?;
        let mut answer = Vec::new();
        let mut part = [0; 4096];
        while !answer.windows(8).any(|text| text == b"\"limits\"") {
            let read = stream.read(&mut part)?;
            if read == 0 {
                return Ok(false);
            }
            answer.extend_from_slice(&part[..read]);
        }
        Ok(true)
    };
    asked().unwrap_or(false)
}

//! Prism, which serves the description of an API and refuses what does not fit it.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::common::Invocation;
use crate::common::process::Process;

/// Prism, serving one description.
pub(crate) struct Prism {
    _process: Process,
    pub(crate) address: SocketAddr,
}

impl Prism {
    pub(crate) fn serve(description: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let file = root.join(format!("management/{description}.yaml"));
        // Nobody else takes a port that was just free, as good as ever.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let (program, port) = (prism().to_str().unwrap(), address.port().to_string());
        let args = [program, "mock", "--errors", "--port", &port, file.to_str().unwrap()];
        let path = std::env::var_os("PATH").unwrap_or_default();
        let process = Invocation::of("node", &args).env("PATH", path).spawn();
        process.stdout.wait_for(&["Prism is listening"]);
        Self { _process: process, address }
    }
}

/// The pinned Prism, installed if it is not there.
fn prism() -> &'static Path {
    static PRISM: OnceLock<PathBuf> = OnceLock::new();
    PRISM.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let status = Command::new(root.join("scripts/setup.sh")).arg("prism").status().unwrap();
        assert!(status.success(), "scripts/setup.sh prism: {status}");
        root.join(".tools/prism/node_modules/@stoplight/prism-cli/dist/index.js")
    })
}

//! APIs behind TLS: a private CA is trusted where it is named, and nowhere else.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::common::Invocation;
use crate::tool::{TOKEN, fails, succeeds};

const CA: &str = include_str!("../data/tls-ca.pem");
const CERTIFICATE: &str = include_str!("../data/tls-server.pem");
const KEY: &str = include_str!("../data/tls-server.private.pem");

/// A server with a certificate of the private CA; it answers every request with no webhooks.
fn serve() -> SocketAddr {
    let chain = vec![CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(default_provider().into()).with_safe_default_protocol_versions();
    let config = Arc::new(config.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream.unwrap());
            // Whoever distrusts the certificate says nothing.
            if matches!(stream.read(&mut [0; 4096]), Ok(1..)) {
                let answer = "HTTP/1.1 201 Created\r\nContent-Length: 11\r\nConnection: close\r\n\r\n{\"data\":[]}";
                let _ = stream.write_all(answer.as_bytes());
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    address
}

fn list(address: SocketAddr) -> Invocation {
    let url = format!("https://localhost:{}", address.port());
    Invocation::new(&["subscriptions", "list", "nursa", "--api", &url]).env("NURSA_TOKEN", TOKEN).file("ca.pem", CA)
}

#[test]
fn trusts_a_private_ca_where_it_is_named_and_nowhere_else() {
    let address = serve();
    succeeds(list(address).args(["--ca-file", "ca.pem"]));
    // What the machine trusts, whichever machine it is: some other certificate.
    let command = list(address).file("machine.pem", CERTIFICATE).env("SSL_CERT_FILE", "machine.pem");
    fails(command, 1, &["has a certificate that is not trusted", "`--ca-file`"]);
}

#[test]
fn says_what_is_wrong_with_a_file_of_certificates() {
    let address = serve();
    fails(list(address).args(["--ca-file", "none.pem"]), 2, &["the CA file none.pem"]);
    let empty = list(address).file("empty.pem", "no PEM\n").args(["--ca-file", "empty.pem"]);
    fails(empty, 2, &["it holds no certificate in PEM"]);
}

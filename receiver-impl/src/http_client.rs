//! Requests to others, over TLS and not: nothing but hyper and rustls, so that no proxy variable, no redirect and no
//! cookie has a say in where a token goes.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use http::uri::Scheme;
use http::{HeaderMap, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{ConfigBuilderExt as _, HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as Pool;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

/// The most bytes of an answer, if nothing else is said.
const MOST: usize = 16 << 20;

/// Whose certificates are trusted.
#[derive(Debug, Clone)]
pub enum Tls {
    /// Those that the machine trusts.
    Machine,
    /// Those of a PEM file alone.
    File(PathBuf),
    /// None: there is no https address.
    Unused,
}

/// A client.
#[derive(Debug, Clone)]
pub struct Http {
    pool: Pool<HttpsConnector<HttpConnector>, Full<Bytes>>,
    timeout: Duration,
    largest: usize,
}

/// An answer, whole.
#[derive(Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum HttpError {
    /// Certificates of a file cannot be read.
    Certificates(String),
    /// The certificates that the machine trusts cannot be read.
    Machine(String),
    /// No connection, or it broke.
    Unreachable {
        /// Whom it was to.
        host: String,
        /// What the system says.
        why: String,
        /// Whether the other side's certificate is not trusted.
        distrusted: bool,
    },
    /// It takes too long.
    Late {
        /// Who does not answer.
        host: String,
        /// How long that was.
        after: Duration,
    },
}

impl Tls {
    /// What these addresses need; a file of certificates goes before the machine's.
    pub fn for_addresses<'u>(addresses: impl IntoIterator<Item = &'u Uri>, file: Option<&Path>) -> Self {
        let secure = addresses.into_iter().any(|url| url.scheme() == Some(&Scheme::HTTPS));
        match file {
            _ if !secure => Self::Unused,
            Some(file) => Self::File(file.to_owned()),
            None => Self::Machine,
        }
    }
}

impl Http {
    /// A client that waits at most `timeout` for an answer.
    ///
    /// # Errors
    ///
    /// [`HttpError::Certificates`] or [`HttpError::Machine`].
    pub fn new(tls: &Tls, timeout: Duration) -> Result<Self, HttpError> {
        let unreadable = |what: &dyn fmt::Display| HttpError::Certificates(what.to_string());
        let builder = ClientConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|error| unreadable(&error))?;
        let config = match tls {
            Tls::Unused => builder.with_root_certificates(RootCertStore::empty()),
            Tls::File(path) => builder.with_root_certificates(roots(path)?),
            Tls::Machine => builder.with_native_roots().map_err(|error| HttpError::Machine(error.to_string()))?,
        };
        let connector = HttpsConnectorBuilder::new().with_tls_config(config.with_no_client_auth()).https_or_http();
        let pool = Pool::builder(TokioExecutor::new()).build(connector.enable_http1().build());
        Ok(Self { pool, timeout, largest: MOST })
    }

    /// The same, for answers of up to so many bytes; of others it reads 16 MiB at most.
    #[must_use]
    pub fn with_largest(self, largest: usize) -> Self {
        Self { largest, ..self }
    }

    /// Sends a request and reads the answer to its end.
    ///
    /// # Errors
    ///
    /// [`HttpError`], if there is none.
    pub async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, HttpError> {
        let host = request.uri().authority().map_or_else(String::new, ToString::to_string);
        let broken = |error: &(dyn Error + 'static)| {
            let why = innermost(error).to_string();
            let distrusted = why.contains("invalid peer certificate");
            HttpError::Unreachable { host: host.clone(), why, distrusted }
        };
        let answered = async {
            let answer = self.pool.request(request).await.map_err(|error| broken(&error))?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, self.largest).collect().await.map_err(|error| broken(&*error))?;
            Ok(Answer { status: head.status, headers: head.headers, body: body.to_bytes() })
        };
        let late = |_| HttpError::Late { host: host.clone(), after: self.timeout };
        tokio::time::timeout(self.timeout, answered).await.map_err(late)?
    }
}

fn roots(path: &Path) -> Result<RootCertStore, HttpError> {
    let unfit = |what: &dyn fmt::Display| HttpError::Certificates(format!("the CA file {}: {what}", path.display()));
    let pem = std::fs::read(path).map_err(|error: io::Error| unfit(&error))?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| unfit(&error))?;
        roots.add(certificate).map_err(|error| unfit(&error))?;
    }
    if roots.is_empty() { Err(unfit(&"it holds no certificate in PEM")) } else { Ok(roots) }
}

/// What the system or the library below said first; the errors around it only say that a request failed.
fn innermost<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificates(what) => f.write_str(what),
            Self::Machine(why) => write!(
                f,
                "the machine's certificates cannot be read: {why}; on Debian, install ca-certificates, or name a file \
                 with `--ca-file`"
            ),
            Self::Unreachable { host, why, distrusted: true } => {
                write!(f, "{host} has a certificate that is not trusted ({why}); name a private CA's with `--ca-file`")
            }
            Self::Unreachable { host, why, .. } => {
                write!(f, "cannot reach {host}: {why}; is the address right? Proxies are not used")
            }
            Self::Late { host, after } => {
                write!(f, "{host} gave no answer within {} s; `--timeout` waits longer", after.as_secs())
            }
        }
    }
}

impl Error for HttpError {}

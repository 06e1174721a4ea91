//! Where a broker is and how it is spoken to: `nats://[USER:PASSWORD@|TOKEN@]HOST[:PORT][,HOST...][/PREFIX][?...]`.
//!
//! What is secret in it is never printed. In a URL it can still be seen by whoever lists processes, so secrets may
//! stand in files that the URL names.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use zeroize::Zeroizing;

/// A broker, and the inbox in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// Whether the connection must be encrypted.
    pub(super) tls: bool,
    pub(super) servers: Vec<String>,
    /// What the names of streams and subjects begin with.
    pub(super) prefix: String,
    /// On how many servers each message is kept.
    pub(super) replicas: usize,
    pub(super) login: Login,
    pub(super) ca: Option<PathBuf>,
    pub(super) certificate: Option<(PathBuf, PathBuf)>,
    /// The most bytes of events; without it only the broker's own limit holds.
    pub(super) max_bytes: Option<i64>,
}

/// Who one is to the broker.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) enum Login {
    /// Nobody in particular.
    #[default]
    None,
    /// A name and a password.
    Password(String, Secret),
    /// A token.
    Token(Secret),
    /// A file with a JWT and the seed of its key.
    Credentials(PathBuf),
}

/// A secret, or the file that it is in.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Secret {
    Text(Zeroizing<String>),
    File(PathBuf),
}

const FORM: &str = "write nats://HOST:PORT or tls://HOST:PORT, with more servers behind commas, then /PREFIX and \
                    ?replicas=3&credentials=FILE&token-file=FILE&password-file=FILE&ca=FILE&certificate=FILE&key=FILE&\
                    max-bytes=BYTES as needed";

impl FromStr for Address {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // What is wrong is told without the text, which may hold a secret.
        let wrong = |what: &str| format!("the address of the broker is not understood: {what}; {FORM}");
        let (tls, rest) = match text.split_once("://") {
            Some(("nats", rest)) => (false, rest),
            Some(("tls", rest)) => (true, rest),
            _ => return Err(wrong("it begins neither with nats:// nor with tls://")),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, hosts) = match authority.rsplit_once('@') {
            Some((login, hosts)) => (Some(login), hosts),
            None => (None, authority),
        };
        let mut servers = Vec::new();
        for host in hosts.split(',') {
            let (name, port) = match host.rsplit_once(':') {
                Some((name, port)) if !port.ends_with(']') => (name, port),
                _ => (host, "4222"),
            };
            let port: u16 = port.parse().map_err(|_| wrong("a port is no number below 65536"))?;
            let fits = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
            if name.is_empty() || !name.chars().all(fits) {
                return Err(wrong("the name of a server is missing or none"));
            }
            servers.push(format!("{name}:{port}"));
        }
        let prefix = if prefix.is_empty() { "receiver" } else { prefix };
        if prefix.len() > 64 || !prefix.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            return Err(wrong("the prefix is made of letters, digits, - and _, 64 at most"));
        }
        let mut address = Self {
            tls,
            servers,
            prefix: prefix.to_owned(),
            replicas: 1,
            login: Login::None,
            ca: None,
            certificate: None,
            max_bytes: None,
        };
        address.login = match login.map(|login| login.split_once(':').map_or((login, None), |(a, b)| (a, Some(b)))) {
            None => Login::None,
            Some((user, Some(password))) => {
                Login::Password(decoded(user), Secret::Text(Zeroizing::new(decoded(password))))
            }
            Some((token, None)) => Login::Token(Secret::Text(Zeroizing::new(decoded(token)))),
        };
        address.read(query).map_err(|what| wrong(&what))?;
        Ok(address)
    }
}

fn decoded(text: &str) -> String {
    // The form of a query has a rule of its own for +, which stands for itself here.
    let text = text.replace('+', "%2B");
    form_urlencoded::parse(text.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default()
}

impl Address {
    fn read(&mut self, query: &str) -> Result<(), String> {
        let (mut certificate, mut key) = (None, None);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let file = || PathBuf::from(&*value);
            match &*name {
                "replicas" => {
                    let replicas = value.parse().ok().filter(|replicas| [1, 3, 5].contains(replicas));
                    self.replicas = replicas.ok_or("`replicas` is 1, 3 or 5")?;
                }
                "max-bytes" => {
                    let bytes = value.parse().ok().filter(|bytes| *bytes > 0);
                    self.max_bytes = Some(bytes.ok_or("`max-bytes` is a number of bytes")?);
                }
                "credentials" => self.login = Login::Credentials(file()),
                "token-file" => self.login = Login::Token(Secret::File(file())),
                "password-file" => match std::mem::take(&mut self.login) {
                    // Without a password in it, what stands before the @ is the name.
                    Login::Token(Secret::Text(user)) => {
                        self.login = Login::Password(user.as_str().to_owned(), Secret::File(file()));
                    }
                    _ => return Err("`password-file` needs a name before the @, without a password".to_owned()),
                },
                "ca" => self.ca = Some(file()),
                "certificate" => certificate = Some(file()),
                "key" => key = Some(file()),
                _ => return Err(format!("there is no setting `{}`", crate::log_text::Shown(&name))),
            }
        }
        self.certificate = match (certificate, key) {
            (None, None) => None,
            (Some(certificate), Some(key)) => Some((certificate, key)),
            _ => return Err("`certificate` and `key` go together".to_owned()),
        };
        Ok(())
    }
}

impl Secret {
    /// Reads it.
    pub(super) fn text(&self) -> Result<Zeroizing<String>, String> {
        match self {
            Self::Text(text) => Ok(text.clone()),
            Self::File(path) => {
                let text = std::fs::read_to_string(path).map(Zeroizing::new);
                let text = text.map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
                Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
            }
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if self.tls { "tls" } else { "nats" };
        let login = if self.login == Login::None { "" } else { "***@" };
        write!(f, "{scheme}://{login}{}/{}?replicas={}", self.servers.join(","), self.prefix, self.replicas)
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Address {
        text.parse().unwrap()
    }

    #[test]
    fn a_server_is_enough() {
        let address = read("nats://127.0.0.1");
        assert_eq!((address.servers, address.prefix.as_str()), (vec!["127.0.0.1:4222".to_owned()], "receiver"));
        assert_eq!((address.tls, address.replicas), (false, 1));
    }

    #[test]
    fn tells_servers_prefix_and_settings() {
        let address = read("tls://a:1,[::1]:2,c/hooks-2?replicas=3&ca=/ca.pem&certificate=/c&key=/k&max-bytes=10");
        assert_eq!(address.servers, ["a:1", "[::1]:2", "c:4222"]);
        assert_eq!((address.tls, address.replicas, address.max_bytes), (true, 3, Some(10)));
        assert_eq!((address.prefix.as_str(), address.ca), ("hooks-2", Some("/ca.pem".into())));
        assert_eq!(address.certificate, Some(("/c".into(), "/k".into())));
    }

    #[test]
    fn a_secret_is_read_and_never_shown() {
        for (text, secret) in [("nats://me:s%40c+ret@h", "s@c+ret"), ("nats://s3cret@h", "s3cret")] {
            let address = read(text);
            let (Login::Password(_, Secret::Text(found)) | Login::Token(Secret::Text(found))) = &address.login else {
                panic!("no secret");
            };
            assert_eq!(found.as_str(), secret);
            assert_eq!(address.to_string(), "nats://***@h:4222/receiver?replicas=1");
            assert!(!format!("{address:?}").contains(secret));
        }
        let address = read("nats://me@h?password-file=/p");
        assert!(address.login == Login::Password("me".to_owned(), Secret::File("/p".into())));
        assert!(read("nats://h?credentials=/c").login == Login::Credentials("/c".into()));
        assert!(read("nats://h?token-file=/t").login == Login::Token(Secret::File("/t".into())));
    }

    #[test]
    fn refuses_what_it_does_not_understand_without_repeating_it() {
        for text in [
            "http://hidden@h",
            "nats://hidden@",
            "nats://hidden@h:70000",
            "nats://hidden@h h",
            "nats://hidden@h/a.b",
            "nats://hidden@h?replicas=2",
            "nats://hidden@h?what=1",
            "nats://hidden@h?key=/k",
            "nats://h?password-file=/p",
        ] {
            let error = text.parse::<Address>().unwrap_err();
            assert!(
                error.starts_with("the address of the broker is not understood") && !error.contains("hidden"),
                "{error}"
            );
        }
    }
}

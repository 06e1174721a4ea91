//! Every setting, once: its flag, its variable, its key in `receiver.toml` and its default.
//!
//! The same struct is filled from the command line with the environment behind it, and from the file. What stands in
//! neither has the default that [`Config`](super::Config) gives it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

use super::inbox::Place;
use super::units::{Scalar, Size, Span};
use crate::schemes::SchemeSettings;

/// The settings of `receiver serve`. The file's keys are the flags' names.
#[derive(Debug, Clone, Default, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Where webhooks arrive [default: 127.0.0.1:8080]
    #[arg(long, env = "RECEIVER_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,

    /// Where the live page, health and metrics are served; keep it private [default: 127.0.0.1:8081]
    #[arg(long, env = "RECEIVER_ADMIN", value_name = "ADDRESS:PORT")]
    pub admin: Option<SocketAddr>,

    /// The file with the token that the admin port asks for; needed where others can reach it [default: none asked for]
    #[arg(long, env = "RECEIVER_ADMIN_TOKEN_FILE", value_name = "FILE")]
    pub admin_token_file: Option<PathBuf>,

    /// The largest body that is read; a larger one is answered 413 [default: 1MiB]
    #[arg(long, env = "RECEIVER_BODY_LIMIT", value_name = "SIZE")]
    pub body_limit: Option<Size>,

    /// The largest request head that is read; a larger one is answered 431 [default: 16KiB]
    #[arg(long, env = "RECEIVER_HEADER_LIMIT", value_name = "SIZE")]
    pub header_limit: Option<Size>,

    /// How long a request's head may take from its first byte on, and the first one from connecting on [default: 5s]
    #[arg(long, env = "RECEIVER_HEADER_TIMEOUT", value_name = "TIME")]
    pub header_timeout: Option<Span>,

    /// How long a connection may idle between requests; while `max-connections` are open, no longer than
    /// `header-timeout` [default: 75s]
    #[arg(long, env = "RECEIVER_IDLE_TIMEOUT", value_name = "TIME")]
    pub idle_timeout: Option<Span>,

    /// How long a request's body may take; a slower one is answered 408, or told to retry [default: 10s]
    #[arg(long, env = "RECEIVER_BODY_TIMEOUT", value_name = "TIME")]
    pub body_timeout: Option<Span>,

    /// How many connections are open at once; further ones wait to be accepted [default: 1024]
    #[arg(long, env = "RECEIVER_MAX_CONNECTIONS", value_name = "NUMBER")]
    pub max_connections: Option<usize>,

    /// How many requests are worked on at once; further ones are told to retry [default: 256]
    #[arg(long, env = "RECEIVER_MAX_REQUESTS", value_name = "NUMBER")]
    pub max_requests: Option<usize>,

    /// How long a handler may take before the event is tried again [default: 4s]
    #[arg(long, env = "RECEIVER_HANDLER_DEADLINE", value_name = "TIME")]
    pub handler_deadline: Option<Span>,

    /// What `Retry-After` says where the provider is told to retry [default: 5s]
    #[arg(long, env = "RECEIVER_RETRY_AFTER", value_name = "TIME")]
    pub retry_after: Option<Span>,

    /// How long requests and handlers under way may take once the receiver is told to stop [default: 10s]
    #[arg(long, env = "RECEIVER_SHUTDOWN_GRACE", value_name = "TIME")]
    pub shutdown_grace: Option<Span>,

    /// Where events are kept until they are handled: sqlite:PATH, nats://HOST:PORT for many machines, or none to handle
    /// them before the provider is answered [default: sqlite:./data/inbox.db]
    #[arg(long, env = "RECEIVER_INBOX", value_name = "INBOX", hide_env_values = true)]
    pub inbox: Option<Place>,

    /// How many admissions may wait for the inbox; further ones are told to retry [default: 4096]
    #[arg(long, env = "RECEIVER_INBOX_QUEUE", value_name = "NUMBER")]
    pub inbox_queue: Option<usize>,

    /// How long keeping an event may take before the provider is told to retry [default: 3s]
    #[arg(long, env = "RECEIVER_INBOX_TIMEOUT", value_name = "TIME")]
    pub inbox_timeout: Option<Span>,

    /// How long the bodies and headers of handled events are kept [default: 7d]
    #[arg(long, env = "RECEIVER_KEEP_BODIES", value_name = "TIME")]
    pub keep_bodies: Option<Span>,

    /// How long the identities of handled events are remembered, and copies of them told [default: 14d]
    #[arg(long, env = "RECEIVER_KEEP_IDENTITIES", value_name = "TIME")]
    pub keep_identities: Option<Span>,

    /// The same for events without an identity of their own, whose copies are told by a digest [default: 24h]
    #[arg(long, env = "RECEIVER_KEEP_DIGESTS", value_name = "TIME")]
    pub keep_digests: Option<Span>,

    /// How many handlers of kept events run at once, for each provider [default: 16]
    #[arg(long, env = "RECEIVER_CONCURRENCY", value_name = "NUMBER")]
    pub concurrency: Option<usize>,

    /// How often a kept event is tried before it is dead [default: 20]
    #[arg(long, env = "RECEIVER_MAX_ATTEMPTS", value_name = "NUMBER")]
    pub max_attempts: Option<u32>,

    /// How long the first pause between two tries may be; each further one may be twice as long [default: 1s]
    #[arg(long, env = "RECEIVER_RETRY_FIRST", value_name = "TIME")]
    pub retry_first: Option<Span>,

    /// The longest pause between two tries [default: 1h]
    #[arg(long, env = "RECEIVER_RETRY_MOST", value_name = "TIME")]
    pub retry_most: Option<Span>,

    /// `[providers.NAME]`: what holds for one provider.
    #[arg(skip)]
    pub providers: BTreeMap<String, ProviderSettings>,

    /// `[schemes.NAME]`: how deliveries are signed to a provider's endpoints, or to one, where the spec does not say.
    #[arg(skip)]
    pub schemes: BTreeMap<String, SchemeSettings>,
}

/// A table `[providers.NAME]` of the file. Secrets themselves never stand in the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProviderSettings {
    /// Whether `any` or `all` of the signature schemes that have a key must hold; `NAME_SIGNATURES` goes before.
    pub signatures: Option<String>,
    /// The file that holds its secrets; `NAME_SECRETS` and `NAME_SECRETS_FILE` go before.
    pub secrets_file: Option<PathBuf>,
    /// The file that holds its public keys; `NAME_PUBLIC_KEYS` and `NAME_PUBLIC_KEYS_FILE` go before.
    pub public_keys_file: Option<PathBuf>,
    /// How far a signed time may be from the clock, instead of what the spec says; `NAME_TOLERANCE` goes before.
    pub tolerance: Option<Span>,
    /// Its own handler deadline.
    pub handler_deadline: Option<Span>,
    /// Its own number of handlers that run at once.
    pub concurrency: Option<usize>,
    /// Its own limit on tries.
    pub max_attempts: Option<u32>,
    /// Its own first pause between two tries.
    pub retry_first: Option<Span>,
    /// Its own longest pause between two tries.
    pub retry_most: Option<Span>,
    /// The file with the values of `Authorization`, one a line, of which every request must have one;
    /// `NAME_AUTHORIZATION` and `NAME_AUTHORIZATION_FILE` go before.
    pub authorization_file: Option<PathBuf>,
    /// Whether a request that does not prove who sent it is answered with the spec's refusal (`refuse`) or, while
    /// secrets change, as after a passing fault (`retry`); `NAME_UNAUTHENTICATED` goes before.
    pub unauthenticated: Option<String>,
    /// `answer` or `refuse` challenges; `NAME_CHALLENGE` goes before.
    pub challenge: Option<String>,
    /// How many challenges without a signature an endpoint answers in a minute; `NAME_CHALLENGE_RATE` goes before.
    pub challenge_rate: Option<Scalar>,
    /// Where its management API is, if not at its own address; `NAME_API` goes before.
    pub api: Option<String>,
    /// How many requests a minute the provider is told that it may send, `*` for any number; `NAME_ALLOWED_RATE` goes
    /// before.
    pub allowed_rate: Option<Scalar>,
}

impl Settings {
    /// These settings, with `below` where they say nothing.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            listen: self.listen.or(below.listen),
            admin: self.admin.or(below.admin),
            admin_token_file: self.admin_token_file.or(below.admin_token_file),
            body_limit: self.body_limit.or(below.body_limit),
            header_limit: self.header_limit.or(below.header_limit),
            header_timeout: self.header_timeout.or(below.header_timeout),
            idle_timeout: self.idle_timeout.or(below.idle_timeout),
            body_timeout: self.body_timeout.or(below.body_timeout),
            max_connections: self.max_connections.or(below.max_connections),
            max_requests: self.max_requests.or(below.max_requests),
            handler_deadline: self.handler_deadline.or(below.handler_deadline),
            retry_after: self.retry_after.or(below.retry_after),
            shutdown_grace: self.shutdown_grace.or(below.shutdown_grace),
            inbox: self.inbox.or(below.inbox),
            inbox_queue: self.inbox_queue.or(below.inbox_queue),
            inbox_timeout: self.inbox_timeout.or(below.inbox_timeout),
            keep_bodies: self.keep_bodies.or(below.keep_bodies),
            keep_identities: self.keep_identities.or(below.keep_identities),
            keep_digests: self.keep_digests.or(below.keep_digests),
            concurrency: self.concurrency.or(below.concurrency),
            max_attempts: self.max_attempts.or(below.max_attempts),
            retry_first: self.retry_first.or(below.retry_first),
            retry_most: self.retry_most.or(below.retry_most),
            providers: if self.providers.is_empty() { below.providers } else { self.providers },
            schemes: if self.schemes.is_empty() { below.schemes } else { self.schemes },
        }
    }
}

//! `receiver send`: a provider on one's own desk.
//!
//! It knows the endpoints, examples and signature schemes from the same tables as the receiver, so that whatever the
//! spec declares can be sent.

mod client;
mod event;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use http::{Request, Uri};
use http_body_util::Full;
use tokio::sync::mpsc;
use webhook_api::PROVIDERS;

use super::Failure;
use crate::catalog::{self, Listed, Wanted};
use crate::config::{Config, Settings};
use crate::dev;
use crate::http_client::Http;
use crate::providers;
use crate::schemes;
use crate::secrets::{Credentials, Secret};
use crate::signature::sign_delivery;

use event::{Change, Template};
use report::{Answer, Report};

/// What `receiver send` is told.
#[derive(Debug, clap::Args)]
pub struct SendArgs {
    /// The event's type, such as appliance/online; --list shows all
    #[arg(required_unless_present = "list")]
    event: Option<String>,

    /// List the events and stop
    #[arg(long)]
    list: bool,

    /// The receiver's address; the endpoint's path is put behind it
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    to: Uri,

    /// Only events of this provider
    #[arg(long, value_name = "NAME")]
    provider: Option<String>,

    /// The endpoint to send to, where several take the event
    #[arg(long, value_name = "ID")]
    endpoint: Option<String>,

    /// Put a value at a JSON pointer: /data/model=PV-12. It is JSON if it reads as such, else text
    #[arg(long, value_name = "POINTER=VALUE")]
    set: Vec<Change>,

    /// Send this file's bytes instead of the example
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,

    /// Keep the id of the example or file: send the same event again
    #[arg(long)]
    keep_id: bool,

    /// How many to send
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    count: u32,

    /// How many to send at once
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    concurrency: u16,

    /// Sign with this secret instead of the provider's variable, which others on the machine cannot read
    #[arg(long, value_name = "SECRET", hide_env_values = true)]
    secret: Option<String>,

    /// Read settings from this file instead of receiver.toml
    #[arg(long, env = "RECEIVER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,

    /// Give up on an answer after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    timeout: u64,

    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// What every request of one call has in common.
#[derive(Debug)]
struct Job {
    listed: Listed,
    template: Template,
    secrets: Vec<Secret>,
    authorization: Option<HeaderValue>,
    url: Uri,
    client: Http,
    left: AtomicUsize,
}

pub(super) fn run(args: &SendArgs) -> Result<ExitCode, Failure> {
    if args.list {
        report::list(catalog::all(PROVIDERS), args.json).map_err(Failure::run)?;
        return Ok(ExitCode::SUCCESS);
    }
    let wanted = Wanted {
        event: args.event.as_deref().unwrap_or_default(),
        provider: args.provider.as_deref(),
        endpoint: args.endpoint.as_deref(),
    };
    let config = Config::load(Settings::default(), args.config.as_deref(), PROVIDERS).map_err(Failure::usage)?;
    let listed = config.completed(catalog::find(PROVIDERS, wanted).map_err(Failure::usage)?);
    schemes::of_endpoint(listed.endpoint).map_err(Failure::usage)?;
    let credentials = credentials(args, &config, listed)?;
    let job = Job {
        template: Template::new(listed, args.body.as_deref(), &args.set, args.keep_id).map_err(Failure::usage)?,
        authorization: authorization(&credentials)?,
        secrets: secrets(args, credentials, listed)?,
        url: client::url(&args.to, listed.endpoint.path).map_err(Failure::usage)?,
        client: client::client(&args.to, Duration::from_secs(args.timeout)).map_err(Failure::run)?,
        left: AtomicUsize::new(args.count as usize),
        listed,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::run)?;
    runtime.block_on(send_all(Arc::new(job), args))
}

async fn send_all(job: Arc<Job>, args: &SendArgs) -> Result<ExitCode, Failure> {
    let (sender, mut answers) = mpsc::channel(64);
    for _ in 0..u32::from(args.concurrency).min(args.count) {
        tokio::spawn(worker(Arc::clone(&job), sender.clone()));
    }
    drop(sender);
    let mut report = Report::new(job.listed, args.json);
    while let Some(answer) = answers.recv().await {
        report.add(&answer?).map_err(Failure::run)?;
    }
    report.end().map_err(Failure::run)?;
    Ok(if report.all_good() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn worker(job: Arc<Job>, answers: mpsc::Sender<Result<Answer, Failure>>) {
    let take = |left: usize| left.checked_sub(1);
    while job.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
        let answer = send_one(&job).await;
        let failed = answer.is_err();
        // Nobody listens any more once one request could not be made at all.
        if answers.send(answer).await.is_err() || failed {
            return;
        }
    }
}

async fn send_one(job: &Job) -> Result<Answer, Failure> {
    let delivery = job.template.next();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let mut headers: HeaderMap = delivery.headers;
    let signed = sign_delivery(job.listed.endpoint, &job.secrets, &headers, &delivery.body, now);
    headers.extend(signed.map_err(Failure::usage)?);
    headers.extend(job.authorization.clone().map(|value| (AUTHORIZATION, value)));
    let mut request = Request::new(Full::new(delivery.body));
    *request.method_mut() = job.listed.endpoint.method.clone();
    *request.uri_mut() = job.url.clone();
    *request.headers_mut() = headers;
    let began = Instant::now();
    match job.client.exchange(request).await {
        Ok(answer) => Ok(Answer { status: answer.status, time: began.elapsed(), id: delivery.id }),
        Err(error) => Err(Failure::run(client::told(&error, &job.url))),
    }
}

/// What the receiver itself would read. With the flag it need not be readable.
fn credentials(args: &SendArgs, config: &Config, listed: Listed) -> Result<Credentials, Failure> {
    let config = config.providers.iter().find(|config| config.provider.name == listed.provider.name);
    let credentials = config.map(|config| providers::read(config, &|name| std::env::var_os(name))).transpose();
    match credentials {
        Err(_) if args.secret.is_some() => Ok(Credentials::default()),
        credentials => credentials.map(Option::unwrap_or_default).map_err(Failure::usage),
    }
}

/// The first of the values that the receiver takes.
fn authorization(credentials: &Credentials) -> Result<Option<HeaderValue>, Failure> {
    let Some(values) = &credentials.authorization else { return Ok(None) };
    let value = values.keys().first().map(|value| HeaderValue::from_bytes(value.expose().as_bytes()));
    let value = value.transpose().map_err(|_| format!("{} holds what no header can carry", values.source()));
    let mut value = value.map_err(Failure::usage)?;
    value.iter_mut().for_each(|value| value.set_sensitive(true));
    Ok(value)
}

/// What signs: the flag, else what the receiver itself would read, else what a receiver in dev mode made up.
fn secrets(args: &SendArgs, credentials: Credentials, listed: Listed) -> Result<Vec<Secret>, Failure> {
    if let Some(secret) = &args.secret {
        return Ok(vec![Secret::new(secret.as_str())]);
    }
    let secrets = credentials.secrets.map(|keys| keys.keys().to_vec());
    let secrets = secrets.or_else(|| dev::secret(listed.provider.name).map(|secret| vec![secret]));
    if secrets.is_none() && listed.endpoint.guards.iter().all(|all| !all.is_empty()) {
        let variable = Credentials::variable(listed.provider.name, true);
        return Err(Failure::usage(format!(
            "there is no secret to sign with; set {variable} to one that the receiver has, give `--secret`, or start \
             `receiver serve --dev` in this folder"
        )));
    }
    Ok(secrets.unwrap_or_default())
}

//! The way to an API: sends calls, or in a dry run shows them.

use std::fmt::Write as _;
use std::io::{Write as _, stdout};

use http::Uri;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::options::CommonArgs;
use crate::commands::Failure;
use crate::commands::terminal;
use crate::http_client::{Http, Tls};
use crate::management::{Call, redact};
use crate::subscriptions::{Api, Client, Credential, Reply};

/// The way to an API.
#[derive(Debug)]
pub(super) struct Session<'a> {
    pub(super) api: Api,
    pub(super) common: &'a CommonArgs,
    base: Uri,
    client: Option<Client>,
}

impl<'a> Session<'a> {
    pub(super) fn open(api: Api, common: &'a CommonArgs) -> Result<Self, Failure> {
        let base = common.base(api)?;
        let client = if common.dry_run { None } else { Some(client(api, &base, common)?) };
        Ok(Self { api, common, base, client })
    }

    /// Whether nothing is sent.
    pub(super) fn is_dry(&self) -> bool {
        self.client.is_none()
    }

    /// Sends a call. In a dry run it is shown, and nothing stands in the answer.
    pub(super) async fn send<T: DeserializeOwned + Default>(&self, call: &Call<T>) -> Result<Reply<T>, Failure> {
        match &self.client {
            Some(client) => client.send(call).await.map_err(Failure::run),
            None => self.show(call),
        }
    }

    fn show<T: Default>(&self, call: &Call<T>) -> Result<Reply<T>, Failure> {
        let base = self.base.to_string();
        let mut text = format!("{} {}{}\n", call.method(), base.trim_end_matches('/'), call.target());
        // Writing to a text cannot fail.
        if let Some(media_type) = call.accepts() {
            let _ = writeln!(text, "Accept: {media_type}");
        }
        text.push_str("Authorization: Bearer [redacted]\n");
        if let Some(payload) = call.payload() {
            let body = serde_json::to_string_pretty(&redact(&payload.value)).map_err(Failure::run)?;
            let _ = writeln!(text, "Content-Type: {}\n\n{body}", payload.media_type);
        }
        text.push('\n');
        print(&text)?;
        Ok(Reply { value: T::default(), json: Value::Null })
    }
}

/// Prints a request that is not sent.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    stdout().lock().write_all(terminal::plain(text).as_bytes()).map_err(Failure::output)
}

fn client(api: Api, base: &Uri, common: &CommonArgs) -> Result<Client, Failure> {
    let credential = Credential::read(api, &|name| std::env::var_os(name)).map_err(Failure::usage)?;
    if let Some(url) = credential.url().filter(|url| !super::options::is_safe(url)) {
        return Err(Failure::usage(format_args!(
            "GREENLAKE_TOKEN_URL, `{url}`, is not https; the secret would be readable"
        )));
    }
    let tls = Tls::for_addresses([base].into_iter().chain(credential.url()), common.ca_file.as_deref());
    let http = Http::new(&tls, common.timeout()).map_err(Failure::usage)?;
    Ok(Client::new(api, base, http, credential, |notice| eprintln!("{notice}")))
}

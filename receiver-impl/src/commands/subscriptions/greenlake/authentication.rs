//! What HPE puts into `Authorization` of challenges and deliveries: nothing, an API key, or tokens that it fetches. Keys and
//! secrets come from files and from what the receiver itself is told, never from the command line, which others can see.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use http::Uri;
use zeroize::Zeroizing;

use crate::commands::Failure;
use crate::commands::subscriptions::options::is_safe;
use crate::commands::subscriptions::session::Session;
use crate::commands::subscriptions::trial;
use crate::management::Hidden;
use crate::management::greenlake::models;
use crate::secrets::Secret;

/// The ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// No `Authorization`
    None,
    /// A key, as it is
    ApiKey,
    /// `Bearer` and a token that HPE fetches with client id and secret
    Oauth,
}

/// What a command is told of it.
#[derive(Debug, Default, clap::Args)]
pub(in super::super) struct AuthArgs {
    /// HPE webhooks: what challenges and deliveries carry in `Authorization`
    #[arg(long, value_name = "WAY")]
    auth: Option<Way>,
    /// With `--auth api-key`: the file with the key, if it is not the one that the receiver demands
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,
    /// With `--auth oauth`: whom HPE fetches tokens as
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// With `--auth oauth`: the file with the client's secret
    #[arg(long, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,
    /// With `--auth oauth`: where HPE fetches tokens
    #[arg(long, value_name = "URL")]
    issuer_url: Option<Uri>,
}

/// The members of a webhook that say it.
#[derive(Debug, Default)]
pub(in super::super) struct Authentication {
    auth_type: Option<String>,
    api_key: Option<Hidden>,
    client_id: Option<String>,
    client_secret: Option<Hidden>,
    issuer_url: Option<String>,
}

impl AuthArgs {
    /// The options, and which were given.
    pub(in super::super) fn given(&self) -> [(&'static str, bool); 5] {
        [
            ("--auth", self.auth.is_some()),
            ("--api-key-file", self.api_key_file.is_some()),
            ("--client-id", self.client_id.is_some()),
            ("--client-secret-file", self.client_secret_file.is_some()),
            ("--issuer-url", self.issuer_url.is_some()),
        ]
    }

    /// What was said, if anything.
    pub(in super::super) fn said(&self, session: &Session<'_>) -> Result<Option<Authentication>, Failure> {
        let allowed: &[&str] = match self.auth {
            Some(Way::ApiKey) => &["--auth", "--api-key-file"],
            Some(Way::Oauth) => &["--auth", "--client-id", "--client-secret-file", "--issuer-url"],
            Some(Way::None) | None => &["--auth"],
        };
        if let Some((name, _)) = self.given().into_iter().find(|(name, given)| *given && !allowed.contains(name)) {
            let way = if name == "--api-key-file" { "api-key" } else { "oauth" };
            return Err(Failure::usage(format_args!("`{name}` goes with `--auth {way}`")));
        }
        match self.auth {
            None => Ok(None),
            Some(Way::None) => Ok(Some(Authentication { auth_type: Some(String::new()), ..Authentication::default() })),
            Some(Way::ApiKey) => match &self.api_key_file {
                Some(file) => read(file).map(Authentication::key).map(Some),
                None => match demanded(session)? {
                    Some(key) => Ok(Some(Authentication::key(bare(key)?))),
                    None => Err(Failure::usage(
                        "the receiver demands no `Authorization` here; name the file with the key: `--api-key-file`",
                    )),
                },
            },
            Some(Way::Oauth) => self.oauth().map(Some),
        }
    }

    fn oauth(&self) -> Result<Authentication, Failure> {
        let (Some(id), Some(secret), Some(issuer)) = (&self.client_id, &self.client_secret_file, &self.issuer_url)
        else {
            return Err(Failure::usage(
                "`--auth oauth` needs `--client-id`, `--client-secret-file` and `--issuer-url`",
            ));
        };
        if !is_safe(issuer) {
            return Err(Failure::usage(format_args!(
                "`--issuer-url {issuer}` is not https, so others could read the client's secret on its way"
            )));
        }
        Ok(Authentication {
            auth_type: Some("Oauth".to_owned()),
            client_id: Some(id.clone()),
            client_secret: Some(read(secret)?.into()),
            issuer_url: Some(issuer.to_string()),
            api_key: None,
        })
    }

    /// For `create`: what was said; nothing, where the receiver demands nothing.
    pub(super) fn for_create(&self, session: &Session<'_>) -> Result<Authentication, Failure> {
        match self.said(session)? {
            Some(said) => Ok(said),
            None if demanded(session)?.is_none() => Ok(Authentication::default()),
            None => Err(Failure::usage(
                "the receiver demands an `Authorization`, so it would refuse HPE's challenge and deliveries: give `--auth \
                 api-key`, which has HPE send the key that the receiver demands, `--auth oauth`, or `--auth none` if this \
                 webhook is another receiver's",
            )),
        }
    }

    /// For `setup`: what was said, or what the receiver demands. `now` is the `authType` of a webhook that is there.
    pub(in super::super) fn for_setup(&self, session: &Session<'_>, now: &str) -> Result<Authentication, Failure> {
        if let Some(said) = self.said(session)? {
            return Ok(said);
        }
        match demanded(session)? {
            // It was set up for tokens, and so it stays.
            Some(value) if value.expose().contains(' ') && now.eq_ignore_ascii_case("oauth") => {
                Ok(Authentication::default())
            }
            Some(value) => bare(value).map(Authentication::key),
            None => Ok(Authentication::default()),
        }
    }
}

impl Authentication {
    fn key(key: Secret) -> Self {
        Self { auth_type: Some("APIKey".to_owned()), api_key: Some(key.into()), ..Self::default() }
    }

    /// Whether there is anything to send.
    pub(in super::super) fn is_said(&self) -> bool {
        self.auth_type.is_some()
    }

    /// A new webhook with it.
    pub(in super::super) fn of_input(self, input: models::WebhookInput) -> models::WebhookInput {
        let Self { auth_type, api_key, client_id, client_secret, issuer_url } = self;
        models::WebhookInput { auth_type, api_key, client_id, client_secret, issuer_url, ..input }
    }

    /// A change of a webhook with it.
    pub(in super::super) fn of_patch(self, patch: models::WebhookPatch) -> models::WebhookPatch {
        let Self { auth_type, api_key, client_id, client_secret, issuer_url } = self;
        models::WebhookPatch { auth_type, api_key, client_id, client_secret, issuer_url, ..patch }
    }
}

/// What the receiver demands.
fn demanded(session: &Session<'_>) -> Result<Option<Secret>, Failure> {
    let Some(value) = trial::authorization(session)? else { return Ok(None) };
    value.to_str().map(|text| Some(Secret::new(text))).map_err(Failure::usage)
}

/// HPE sends a key without a word before it.
fn bare(value: Secret) -> Result<Secret, Failure> {
    if !value.expose().contains(' ') {
        return Ok(value);
    }
    Err(Failure::usage(
        "the receiver demands an `Authorization` with a scheme word, which HPE sends with tokens alone: give `--auth oauth`, \
         or give the receiver a bare key",
    ))
}

/// The one line of a file.
fn read(path: &Path) -> Result<Secret, Failure> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map(Zeroizing::new);
    let text = text.map_err(|error| Failure::usage(format_args!("{shown} cannot be read: {error}")))?;
    match text.trim() {
        "" => Err(Failure::usage(format_args!("{shown} is empty; it must hold one line"))),
        line if line.contains(char::is_control) => {
            Err(Failure::usage(format_args!("{shown} holds more than one line of text")))
        }
        line => Ok(Secret::new(line)),
    }
}

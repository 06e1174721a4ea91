//! `[schemes.NAME]` as it is written, with the keys, values and defaults of the spec's `x-webhook-signature`.

use serde::Deserialize;
use webhook_api::contract::{
    Algorithm, Blanks, Encoding, KeyEncoding, KeyRule, OnFault, RepeatedHeader, SignatureScheme, TimestampFormat,
    TimestampRule, TimestampSource,
};

use super::template;

/// How many signatures are looked at where nothing is said and a separator tells them apart.
const DEFAULT_MAX_SIGNATURES: usize = 8;

/// A table `[schemes.NAME]` of the file; `NAME` is a provider's or an endpoint's. Keys never stand in it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SchemeSettings {
    /// The header with the signatures.
    pub header: Option<String>,
    /// The algorithm.
    pub algorithm: Option<AlgorithmName>,
    /// How the signature's bytes are written.
    pub encoding: Option<EncodingName>,
    /// What stands before each signature.
    pub prefix: Option<String>,
    /// What separates the elements of the value.
    pub separator: Option<char>,
    /// Blanks around elements.
    pub blanks: Option<BlanksName>,
    /// What an element with the right prefix and an unreadable signature does.
    pub malformed: Option<OnFaultName>,
    /// What an element that is neither signature nor timestamp does.
    pub other_elements: Option<OnFaultName>,
    /// What several header lines mean.
    pub repeated_header: Option<RepeatedHeaderName>,
    /// The most signatures looked at; default 1 without a separator, 8 with one.
    pub max_signatures: Option<usize>,
    /// The signed text: a template over `{body}`, `{timestamp}`, `{header:NAME}`.
    pub signed: Option<String>,
    /// The signed time of sending.
    pub timestamp: Option<TimestampSettings>,
    /// How the secret's text becomes key bytes.
    pub key: Option<KeySettings>,
    /// That there is no better algorithm than HMAC-SHA1: what `x-webhook-legacy` says in the spec.
    pub legacy: Option<bool>,
    /// That everybody may send events; nothing else may stand beside it.
    pub open: Option<bool>,
}

/// `[schemes.NAME.timestamp]`: exactly one of `element` and `header`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TimestampSettings {
    /// The prefix of the element of the signature header that holds it.
    pub element: Option<String>,
    /// The header that holds it.
    pub header: Option<String>,
    /// How it is written.
    pub format: Option<TimestampFormatName>,
    /// The allowed distance from the receiver's clock, in seconds.
    pub tolerance: Option<u64>,
}

/// `[schemes.NAME.key]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct KeySettings {
    /// How the key's bytes are written.
    pub encoding: Option<KeyEncodingName>,
    /// What is taken off the text first, where it is there.
    pub prefix: Option<String>,
}

/// Gives each of the contract's values the name that it has in the spec and in the file.
macro_rules! names {
    ($(#[$doc:meta])* $names:ident of $values:ident { $($value:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[allow(missing_docs, reason = "the contract's type of the same name says what each value means")]
        pub enum $names {
            $($value),+
        }

        impl From<$names> for $values {
            fn from(name: $names) -> Self {
                match name {
                    $($names::$value => Self::$value),+
                }
            }
        }
    };
}

names! {
    /// The `algorithm` of a scheme.
    AlgorithmName of Algorithm { HmacSha1, HmacSha256, HmacSha384, HmacSha512, RsaPkcs1Sha256, Ed25519 }
}
names! {
    /// The `encoding` of a signature.
    EncodingName of Encoding { Hex, Base64, Base64Any }
}
names! {
    /// The `blanks` around elements.
    BlanksName of Blanks { Trim, OneAfterSeparator }
}
names! {
    /// What an unusable element does.
    OnFaultName of OnFault { Ignore, Refuse }
}
names! {
    /// What several lines of the header mean.
    RepeatedHeaderName of RepeatedHeader { Refuse, Join }
}
names! {
    /// The `format` of a timestamp.
    TimestampFormatName of TimestampFormat { UnixSeconds, UnixMilliseconds }
}
names! {
    /// The `encoding` of a key.
    KeyEncodingName of KeyEncoding { Utf8, Base64, Hex, Pem }
}

impl SchemeSettings {
    /// A key of a signature that is there, if one is.
    pub(super) fn first_key(&self) -> Option<&'static str> {
        let keys = [
            ("header", self.header.is_some()),
            ("algorithm", self.algorithm.is_some()),
            ("encoding", self.encoding.is_some()),
            ("prefix", self.prefix.is_some()),
            ("separator", self.separator.is_some()),
            ("blanks", self.blanks.is_some()),
            ("malformed", self.malformed.is_some()),
            ("other-elements", self.other_elements.is_some()),
            ("repeated-header", self.repeated_header.is_some()),
            ("max-signatures", self.max_signatures.is_some()),
            ("signed", self.signed.is_some()),
            ("timestamp", self.timestamp.is_some()),
            ("key", self.key.is_some()),
            ("legacy", self.legacy.is_some()),
        ];
        keys.into_iter().find(|(_, is_there)| *is_there).map(|(key, _)| key)
    }
}

/// The scheme that an entry describes, or the key that is wrong and why.
pub(super) fn scheme(name: &str, entry: &SchemeSettings) -> Result<SignatureScheme, (&'static str, String)> {
    let missing = |key, example: &str| (key, format!("is missing; write what the provider documents, as `{example}`"));
    let default_max = if entry.separator.is_some() { DEFAULT_MAX_SIGNATURES } else { 1 };
    let header = entry.header.as_deref().ok_or_else(|| missing("header", "header = \"X-Signature\""))?;
    let algorithm = entry.algorithm.ok_or_else(|| missing("algorithm", "algorithm = \"hmac-sha256\""))?;
    let encoding = entry.encoding.ok_or_else(|| missing("encoding", "encoding = \"hex\""))?;
    let signed = template::parts(entry.signed.as_deref().unwrap_or("{body}")).map_err(|fault| ("signed", fault))?;
    let key = entry.key.clone().unwrap_or_default();
    Ok(SignatureScheme {
        // A colon cannot stand in the name of a scheme of the spec, so the two kinds never meet.
        name: text(&format!("receiver.toml:{name}")),
        description: "",
        header: text(header),
        algorithm: algorithm.into(),
        encoding: encoding.into(),
        prefix: text(entry.prefix.as_deref().unwrap_or_default()),
        separator: entry.separator,
        blanks: entry.blanks.unwrap_or(BlanksName::Trim).into(),
        malformed: entry.malformed.unwrap_or(OnFaultName::Ignore).into(),
        others: entry.other_elements.unwrap_or(OnFaultName::Ignore).into(),
        repeated_header: entry.repeated_header.unwrap_or(RepeatedHeaderName::Refuse).into(),
        max_signatures: entry.max_signatures.unwrap_or(default_max),
        signed: signed.leak(),
        timestamp: entry.timestamp.as_ref().map(timestamp).transpose()?,
        key: KeyRule {
            encoding: key.encoding.unwrap_or(KeyEncodingName::Utf8).into(),
            prefix: text(key.prefix.as_deref().unwrap_or_default()),
        },
    })
}

fn timestamp(entry: &TimestampSettings) -> Result<TimestampRule, (&'static str, String)> {
    let source = match (&entry.element, &entry.header) {
        (Some(element), None) => TimestampSource::Element(text(element)),
        (None, Some(header)) => TimestampSource::Header(text(header)),
        (Some(_), Some(_)) | (None, None) => {
            let fault = "stands in an `element` of the signature header or in a `header` of its own; write one of them";
            return Err(("timestamp", fault.to_owned()));
        }
    };
    let missing = || ("timestamp.tolerance", "is missing; write the provider's, in seconds, or 300".to_owned());
    Ok(TimestampRule {
        source,
        format: entry.format.unwrap_or(TimestampFormatName::UnixSeconds).into(),
        tolerance_seconds: entry.tolerance.ok_or_else(missing)?,
    })
}

/// Text that lives as long as the contract.
pub(super) fn text(text: &str) -> &'static str {
    text.to_owned().leak()
}

//! The token of the admin port: one word in a file, which programs send and people type in once.
//!
//! It is compared in constant time, and never printed.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::header::HeaderValue;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::hex::hex;
use crate::secrets::Secret;

/// The largest file that is read.
const LARGEST: u64 = 4096;
/// A shorter token could be guessed.
const SHORTEST: usize = 16;

/// What opens the admin port.
#[derive(Debug, Clone)]
pub(crate) struct AdminToken(Secret);

impl AdminToken {
    /// The token in this file: one line of visible ASCII characters.
    ///
    /// # Errors
    ///
    /// What is wrong with the file, never what stands in it.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        let fault = |what: &str| format!("the admin token file {}: {what}", path.display());
        let mut text = Zeroizing::new(String::with_capacity(LARGEST as usize + 1));
        let read = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_string(&mut text));
        read.map_err(|error| fault(&format!("it cannot be read: {error}")))?;
        Self::parse(&text).map_err(|what| fault(&what))
    }

    fn parse(text: &str) -> Result<Self, String> {
        let word = text.trim_end_matches(['\r', '\n']);
        match word.len() {
            _ if !word.bytes().all(|byte| byte.is_ascii_graphic()) => {
                Err("it must hold one line of visible ASCII characters, without blanks".to_owned())
            }
            0 => Err("it is empty; `openssl rand -hex 32` makes a token".to_owned()),
            length @ 1..SHORTEST => Err(format!(
                "its token has {length} characters; it needs {SHORTEST} or more, as `openssl rand -hex 32` makes them"
            )),
            length if length as u64 > LARGEST => Err(format!("it has more than {LARGEST} bytes")),
            _ => Ok(Self(Secret::new(word))),
        }
    }

    /// This one.
    #[cfg(test)]
    pub(crate) fn of(text: &str) -> Self {
        Self(Secret::new(text))
    }

    /// Whether this is it. Neither the time nor anything else tells how much of it is right.
    pub(crate) fn is(&self, given: &str) -> bool {
        let digest = |text: &str| Sha256::digest(text.as_bytes());
        digest(self.0.expose()).ct_eq(&digest(given)).into()
    }

    /// The value of `Authorization` for programs.
    pub(crate) fn bearer(&self) -> HeaderValue {
        let value = Zeroizing::new(format!("Bearer {}", self.0.expose()));
        // Visible ASCII is fit for a header.
        let mut value = HeaderValue::from_str(&value).unwrap_or(HeaderValue::from_static(""));
        value.set_sensitive(true);
        value
    }

    /// A seal on a text, which only who knows the token can make, as hexadecimal digits.
    pub(crate) fn seal(&self, text: &str) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose().as_bytes()) else { return String::new() };
        mac.update(text.as_bytes());
        hex(&mac.finalize().into_bytes())
    }

    /// Whether a text has its seal, in constant time.
    pub(crate) fn sealed(&self, text: &str, seal: &str) -> bool {
        let own = self.seal(text);
        !own.is_empty() && bool::from(own.as_bytes().ct_eq(seal.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef";

    fn token() -> AdminToken {
        AdminToken::parse(TOKEN).unwrap()
    }

    #[test]
    fn is_itself_and_nothing_else() {
        for text in [TOKEN, "0123456789abcdef\n", "0123456789abcdef\r\n"] {
            assert!(AdminToken::parse(text).unwrap().is(TOKEN));
        }
        for other in ["", "0123456789abcde", "0123456789abcdeg", "0123456789abcdef0", "0123456789ABCDEF"] {
            assert!(!token().is(other), "{other}");
        }
        assert_eq!(token().bearer(), "Bearer 0123456789abcdef");
    }

    #[test]
    fn never_prints() {
        let shown = format!("{:?} {:?}", token(), token().bearer());
        assert!(!shown.contains(TOKEN), "{shown}");
    }

    #[test]
    fn refuses_what_is_short_or_more_than_a_word() {
        for (text, part) in [
            ("", "it is empty"),
            ("0123456789abcde", "15 characters"),
            ("0123456789abcdef second", "one line"),
            ("0123456789abcdef\n0123456789abcdef", "one line"),
            (" 0123456789abcdef", "one line"),
        ] {
            let error = AdminToken::parse(text).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
        let missing = AdminToken::read(Path::new("/nowhere/token")).unwrap_err();
        assert!(missing.starts_with("the admin token file /nowhere/token: it cannot be read"), "{missing}");
    }

    #[test]
    fn seals_what_others_cannot() {
        let seal = token().seal("until 5");
        assert!(token().sealed("until 5", &seal));
        assert!(!token().sealed("until 6", &seal));
        assert!(!token().sealed("until 5", ""));
        assert!(!AdminToken::parse("fedcba9876543210").unwrap().sealed("until 5", &seal));
    }
}

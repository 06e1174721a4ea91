//! The `Authorization` that a provider sends besides its signature: a bearer token or a bare key, known beforehand.
//!
//! It is no signature: whoever has seen one request can send it again. So it never stands in for one, and only adds.

use http::HeaderMap;
use http::header::AUTHORIZATION;
use ring::digest::{SHA256, digest};
use subtle::{Choice, ConstantTimeEq as _};

use crate::secrets::KeySet;

use super::refusal::Refusal;

/// The values of which a request must have one, scheme word and all.
///
/// Their digests, to be exact: those have one length, so that the time of a comparison does not tell the values' own.
#[derive(Debug)]
pub(super) struct Authorization(Vec<[u8; 32]>);

impl Authorization {
    pub(super) fn new(values: &KeySet) -> Self {
        Self(values.keys().iter().map(|value| sha256(value.expose().as_bytes())).collect())
    }

    /// Every value is compared, whichever fits.
    pub(super) fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let mut lines = headers.get_all(AUTHORIZATION).iter();
        let (Some(only), None) = (lines.next(), lines.next()) else { return Err(Refusal::MissingAuthorization) };
        let given = sha256(only.as_bytes());
        let fits = self.0.iter().fold(Choice::from(0), |fits, value| fits | value.ct_eq(&given));
        if bool::from(fits) { Ok(()) } else { Err(Refusal::WrongAuthorization) }
    }
}

fn sha256(text: &[u8]) -> [u8; 32] {
    digest(&SHA256, text).as_ref().first_chunk().copied().unwrap_or_default()
}

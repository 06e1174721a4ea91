//! Signature headers of any bytes, and the headers with the time and the id that some schemes sign.

use std::sync::OnceLock;

use http::{HeaderMap, HeaderName, HeaderValue};
use receiver::diagnose::{Content, diagnose};
use receiver::secrets::Secret;
use receiver::signature::{Signer, Verifier};
use webhook_api::contract::{Encoding, SignatureScheme};

use super::schemes::{ALL, Keyed};

const BODY: &[u8] = b"{}";
/// The second in which everything was signed.
const NOW: u64 = 1_767_225_600;

/// A request under one scheme that verifies.
struct Right {
    verifier: Verifier,
    headers: HeaderMap,
    /// The text of the signature alone.
    signature: String,
}

/// The first byte chooses the scheme, the second one of the headers that it needs; each line that follows is a line of
/// that header, in which a byte 1 stands for its right value, a byte 2 for the right signature, and a byte 3 for a value
/// whose last digit is wrong. What verifies must contain the right signature, or be the right time or id to the byte.
pub(crate) fn signature_header(data: &[u8]) {
    static RIGHT: OnceLock<Vec<Right>> = OnceLock::new();
    let right = RIGHT.get_or_init(|| ALL.iter().map(Right::new).collect());
    let [scheme, which, text @ ..] = data else { return };
    let right = &right[usize::from(*scheme) % right.len()];
    let names: Vec<&HeaderName> = right.headers.keys().collect();
    let name = names[usize::from(*which) % names.len()];
    let value = right.headers[name].as_bytes();

    let mut headers = right.headers.clone();
    headers.remove(name);
    for line in text.split(|byte| *byte == b'\n') {
        if let Ok(line) = HeaderValue::from_bytes(&right.filled(value, line)) {
            headers.append(name, line);
        }
    }
    let verdict = right.verifier.verify(&headers, BODY, NOW);
    let lines: Vec<&[u8]> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
    if lines == [value] {
        assert!(verdict.is_ok(), "{headers:?} is right: {verdict:?}");
    } else if verdict.is_ok() {
        let scheme = right.verifier.scheme();
        assert!(*name == scheme.header, "{headers:?} verifies");
        assert!(lines.iter().any(|line| spelled(scheme, line).contains(&right.signature)), "{headers:?} verifies");
    }
    // What people are shown is found by another reader, which must see a signature where one verifies.
    let diagnosis = diagnose(&right.verifier, None, &headers, BODY, NOW);
    let has_signature = diagnosis.elements.iter().any(|element| matches!(element.content, Content::Signature(_)));
    assert!(verdict.is_err() || has_signature, "{diagnosis:?}");
}

impl Right {
    fn new(keyed: &Keyed) -> Self {
        let mut headers = HeaderMap::new();
        if keyed.signs_id() {
            headers.insert("webhook-id", HeaderValue::from_static("msg_1"));
        }
        let signed = Signer::new(keyed.scheme, &[Secret::new(keyed.private)]).unwrap().sign(&headers, BODY, NOW);
        headers.extend(signed.unwrap());
        let value = spelled(keyed.scheme, headers[keyed.scheme.header].as_bytes());
        let parts = value.split([',', '=']);
        let signature = parts.max_by_key(|part| part.len()).unwrap_or_default().to_owned();
        Self { verifier: Verifier::new(keyed.scheme, &[Secret::new(keyed.public)]).unwrap(), headers, signature }
    }

    fn filled(&self, value: &[u8], line: &[u8]) -> Vec<u8> {
        let fill = |byte: &u8| match byte {
            1 => value.to_vec(),
            2 => self.signature.as_bytes().to_vec(),
            3 => String::from_utf8_lossy(value).replace(&self.signature, &wrong(&self.signature)).into_bytes(),
            byte => vec![*byte],
        };
        line.iter().flat_map(fill).collect()
    }
}

/// A signature with another last digit, of those that are good ones in base64 without bits to spare.
fn wrong(signature: &str) -> String {
    let (rest, last) = signature.split_at(signature.len() - 1);
    format!("{rest}{}", if last.eq_ignore_ascii_case("A") { "Q" } else { "A" })
}

/// A header's text with all spellings of a signature made into one.
fn spelled(scheme: &SignatureScheme, text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    match scheme.encoding {
        Encoding::Hex => text.to_ascii_lowercase(),
        Encoding::Base64 => text.into_owned(),
        Encoding::Base64Any => text.replace('-', "+").replace('_', "/"),
    }
}

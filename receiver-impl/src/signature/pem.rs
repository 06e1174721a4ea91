//! PEM text (RFC 7468) to bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// One block.
pub(super) struct Block<'t> {
    /// What the dashes enclose, such as `PUBLIC KEY`.
    pub(super) label: &'t str,
    /// What the base64 text stands for.
    pub(super) der: Vec<u8>,
}

/// Whether `text` has the marks of a PEM block anywhere, whole or broken.
pub(super) fn looks_like_pem(text: &str) -> bool {
    text.contains(BEGIN) || text.contains(END)
}

/// Reads `text`, which must be one block and nothing else but blanks around it.
pub(super) fn decode(text: &str) -> Option<Block<'_>> {
    let (label, rest) = text.trim().strip_prefix(BEGIN)?.split_once(DASHES)?;
    let (body, end) = rest.split_once(END)?;
    if end.strip_suffix(DASHES)? != label {
        return None;
    }
    let base64: String = body.split_ascii_whitespace().collect();
    Some(Block { label, der: STANDARD.decode(base64).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_one_block_with_any_line_ends() {
        for text in [
            "-----BEGIN PUBLIC KEY-----\nAQID\nBA==\n-----END PUBLIC KEY-----\n",
            "\r\n-----BEGIN PUBLIC KEY-----\r\nAQIDBA==\r\n-----END PUBLIC KEY-----",
        ] {
            let block = decode(text).unwrap();
            assert_eq!((block.label, block.der), ("PUBLIC KEY", vec![1, 2, 3, 4]));
        }
    }

    #[test]
    fn refuses_what_is_not_exactly_one_block() {
        for text in [
            "",
            "AQIDBA==",
            "-----BEGIN PUBLIC KEY-----\nAQIDBA==",
            "-----BEGIN PUBLIC KEY-----\nAQIDBA==\n-----END RSA PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\nAQIDBA\n-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\nAQIDBA==\n-----END PUBLIC KEY-----\nmore",
            "-----BEGIN A-----\nAQID\n-----END A-----\n-----BEGIN A-----\nAQID\n-----END A-----",
        ] {
            assert!(decode(text).is_none(), "{text}");
        }
    }

    #[test]
    fn knows_pem_by_either_of_its_marks() {
        assert!(looks_like_pem("-----BEGIN PUBLIC KEY-----"));
        assert!(looks_like_pem("-----END RSA PUBLIC KEY-----"));
        assert!(!looks_like_pem("-----"));
        assert!(!looks_like_pem("BEGIN the day"));
    }
}

//! Signature and key bytes from and to text.

use base64::Engine;
use base64::engine::general_purpose::{
    GeneralPurpose, GeneralPurposeConfig, STANDARD, STANDARD_PAD_INDIFFERENT, URL_SAFE_PAD_INDIFFERENT,
};
use base64::{alphabet, engine::DecodePaddingMode};
use webhook_api::contract::Encoding;

use crate::hex::hex;

/// Decodes `text` to the front of `out` and says how many bytes that makes; `None` if it is no such text or too long.
pub(super) fn decode(encoding: Encoding, text: &[u8], out: &mut [u8]) -> Option<usize> {
    match encoding {
        Encoding::Hex => decode_hex(text, out),
        Encoding::Base64 => STANDARD.decode_slice(text, out).ok(),
        Encoding::Base64Any if is_url_safe(text) => URL_SAFE_PAD_INDIFFERENT.decode_slice(text, out).ok(),
        Encoding::Base64Any => STANDARD_PAD_INDIFFERENT.decode_slice(text, out).ok(),
    }
}

/// Writes `bytes` as senders do: lower-case hexadecimal, or padded standard base64.
pub(super) fn encode(encoding: Encoding, bytes: &[u8]) -> String {
    match encoding {
        Encoding::Hex => hex(bytes),
        Encoding::Base64 | Encoding::Base64Any => STANDARD.encode(bytes),
    }
}

/// Decodes a configured key from hexadecimal.
pub(super) fn hex_key(text: &str) -> Option<Vec<u8>> {
    let mut bytes = vec![0; text.len() / 2];
    (decode_hex(text.as_bytes(), &mut bytes)? == bytes.len()).then_some(bytes)
}

/// Decodes a configured key from base64 of either alphabet, padded or not.
///
/// Unlike in signatures, stray bits in the last character are let pass: providers' libraries do, and a key has no
/// second spelling that could be abused.
pub(super) fn base64_key(text: &str) -> Option<Vec<u8>> {
    const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    const BASE64: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
    const BASE64_URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);
    if is_url_safe(text.as_bytes()) { BASE64_URL.decode(text).ok() } else { BASE64.decode(text).ok() }
}

fn is_url_safe(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'-' | b'_'))
}

fn decode_hex(text: &[u8], out: &mut [u8]) -> Option<usize> {
    let (pairs, rest) = text.as_chunks::<2>();
    let out = out.get_mut(..pairs.len())?;
    // Whole blocks have a length known beforehand and no branches: the compiler takes many digits at a time.
    let (blocks, few) = pairs.as_chunks::<16>();
    let (out_blocks, out_few) = out.as_chunks_mut::<16>();
    let mut faults = rest.len() as u8;
    for (bytes, pairs) in out_blocks.iter_mut().zip(blocks) {
        for (byte, pair) in bytes.iter_mut().zip(pairs) {
            faults |= decode_pair(*pair, byte);
        }
    }
    for (byte, pair) in out_few.iter_mut().zip(few) {
        faults |= decode_pair(*pair, byte);
    }
    (faults == 0).then_some(pairs.len())
}

/// Decodes two digits and says whether one of them is none: 1 or 0.
fn decode_pair([high, low]: [u8; 2], byte: &mut u8) -> u8 {
    let ((high, high_fault), (low, low_fault)) = (hex_value(high), hex_value(low));
    *byte = high << 4 | low;
    high_fault | low_fault
}

fn hex_value(digit: u8) -> (u8, u8) {
    let letter = (digit | 0x20).wrapping_sub(b'a');
    let decimal = digit.wrapping_sub(b'0');
    let value = if letter < 6 { letter + 10 } else { decimal };
    (value & 15, u8::from(letter >= 6) & u8::from(decimal >= 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(encoding: Encoding, text: &[u8]) -> Option<Vec<u8>> {
        let mut out = [0; 4];
        decode(encoding, text, &mut out).map(|len| out[..len].to_vec())
    }

    #[test]
    fn reads_hexadecimal_of_either_case() {
        assert_eq!(decoded(Encoding::Hex, b"00fFa9"), Some(vec![0x00, 0xff, 0xa9]));
        assert_eq!(decoded(Encoding::Hex, b""), Some(vec![]));
    }

    #[test]
    fn refuses_odd_foreign_and_overlong_hexadecimal() {
        for text in ["0", "000", "0g", "g0", " 00", "0x00", "0000000000", "\u{e9}"] {
            assert_eq!(decoded(Encoding::Hex, text.as_bytes()), None, "{text}");
        }
        for byte in (0..=255u8).filter(|byte| !byte.is_ascii_hexdigit()) {
            assert_eq!(decoded(Encoding::Hex, &[b'0', byte]), None, "{byte}");
        }
    }

    #[test]
    fn reads_strict_base64_only_with_padding_and_in_the_standard_alphabet() {
        assert_eq!(decoded(Encoding::Base64, b"+/8="), Some(vec![0xfb, 0xff]));
        for text in ["+/8", "-_8=", "+/9=", "+/8==", "+/8=\n", "+/8=AAAA", "AAAAAAAA"] {
            assert_eq!(decoded(Encoding::Base64, text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn reads_any_base64_in_either_alphabet_padded_or_not() {
        for text in ["+/8=", "+/8", "-_8=", "-_8"] {
            assert_eq!(decoded(Encoding::Base64Any, text.as_bytes()), Some(vec![0xfb, 0xff]), "{text}");
        }
        for text in ["-/8=", "+/9", "=", "+/8=="] {
            assert_eq!(decoded(Encoding::Base64Any, text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn fills_a_buffer_of_exactly_the_right_size() {
        let mut out = [0; 64];
        let text = encode(Encoding::Base64, &[7; 64]);
        assert_eq!(decode(Encoding::Base64, text.as_bytes(), &mut out), Some(64));
        assert_eq!(decode(Encoding::Base64Any, text.as_bytes(), &mut out), Some(64));
        assert_eq!(out, [7; 64]);
    }

    #[test]
    fn writes_what_it_reads() {
        assert_eq!(encode(Encoding::Hex, &[0x00, 0xff, 0xa9]), "00ffa9");
        assert_eq!(encode(Encoding::Base64, &[0xfb, 0xff]), "+/8=");
    }

    #[test]
    fn keys_may_have_stray_bits_but_no_foreign_characters() {
        assert_eq!(base64_key("+/9"), Some(vec![0xfb, 0xff]));
        assert_eq!(base64_key("+/ 8="), None);
        assert_eq!(hex_key("00ff0"), None);
    }
}

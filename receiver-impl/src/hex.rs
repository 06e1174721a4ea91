//! Bytes as hexadecimal digits, in lower case.

/// The digits of `bytes`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    with_hex(String::new(), bytes)
}

/// `text` and behind it the digits of `bytes`.
pub(crate) fn with_hex(mut text: String, bytes: &[u8]) -> String {
    text.reserve_exact(2 * bytes.len());
    // A digest at a time, without a branch: the compiler takes many digits at once.
    for bytes in bytes.chunks(32) {
        let mut digits = [[0; 2]; 32];
        for (pair, byte) in digits.iter_mut().zip(bytes) {
            *pair = [digit(byte >> 4), digit(byte & 15)];
        }
        // Digits are always UTF-8.
        text.push_str(str::from_utf8(digits[..bytes.len()].as_flattened()).unwrap_or_default());
    }
    text
}

fn digit(value: u8) -> u8 {
    const TO_LETTERS: u8 = b'a' - b'9' - 1;
    b'0' + value + u8::from(value > 9) * TO_LETTERS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_two_digits_for_each_byte() {
        assert_eq!(hex(b""), "");
        let bytes: Vec<u8> = (0..=255).collect();
        let expected: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex(&bytes), expected);
        assert_eq!(hex(&bytes[..33]), expected[..66]);
    }

    #[test]
    fn leaves_what_stands_before() {
        assert_eq!(with_hex("sha256:".to_owned(), &[0x0f, 0xa0]), "sha256:0fa0");
    }
}

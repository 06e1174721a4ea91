//! What can be wrong with a scheme or a key before any delivery comes. None of it ever holds the key.

use std::fmt;

/// Why a scheme cannot be put to work; `spec check` refuses most of these before they get here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemeFault {
    /// A header's name is none.
    HeaderName(&'static str),
    /// The most signatures allowed is 0, or more than the engine's 16.
    MaxSignatures(usize),
    /// The separator is not an ASCII character.
    Separator(char),
    /// Header lines are joined, but nothing separates them.
    JoinedWithoutSeparator,
    /// The body is not signed.
    BodyNotSigned,
    /// A timestamp is checked but not signed, or signed but not declared.
    TimestampNotSigned,
    /// The signed text has more than 16 pieces.
    TooManyPieces,
    /// The key's encoding does not go with the algorithm.
    KeyEncoding,
}

impl fmt::Display for SchemeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeaderName(name) => write!(f, "`{name}` is no name of a header"),
            Self::MaxSignatures(found) => write!(f, "max-signatures is {found}; it must be 1 to 16"),
            Self::Separator(found) => write!(f, "the separator {found:?} is not ASCII"),
            Self::JoinedWithoutSeparator => f.write_str("repeated-header is join, which needs a separator"),
            Self::BodyNotSigned => f.write_str("the signed text leaves {body} out"),
            Self::TimestampNotSigned => f.write_str("the timestamp must be both declared and part of the signed text"),
            Self::TooManyPieces => f.write_str("the signed text has more than 16 pieces"),
            Self::KeyEncoding => f.write_str("shared secrets are not pem, and public keys not utf8"),
        }
    }
}

impl std::error::Error for SchemeFault {}

/// Why a configured text is no key for a scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyFault {
    /// Nothing is left once the prefix is taken off.
    Empty,
    /// It is longer than any key.
    TooLong,
    /// It is PEM text where a shared secret belongs. A public key is no secret: who knows it could sign with it.
    PemAsSecret,
    /// It is a private key where a public one belongs.
    PrivateKey,
    /// It is not hexadecimal.
    NotHex,
    /// It is not base64.
    NotBase64,
    /// It is not a PEM block with a public key.
    NotPublicPem,
    /// It is not a PEM block with a private key in PKCS #8 form; for signing.
    NotPrivatePem,
    /// The key inside is for another algorithm, or broken.
    NotRsa,
    /// The RSA modulus has this many bits.
    RsaSize(usize),
    /// The RSA exponent is even, too small or too large.
    RsaExponent,
    /// The key inside is for another algorithm, or broken.
    NotEd25519,
}

impl fmt::Display for KeyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("is empty"),
            Self::TooLong => f.write_str("is longer than 8192 characters"),
            Self::PemAsSecret => {
                f.write_str("is PEM text, which is no shared secret; public keys have a setting of their own")
            }
            Self::PrivateKey => f.write_str("is a private key; put the public key here and keep the private one away"),
            Self::NotHex => f.write_str("is not hexadecimal"),
            Self::NotBase64 => f.write_str("is not base64"),
            Self::NotPublicPem => f.write_str("is not a PEM block `PUBLIC KEY` or `RSA PUBLIC KEY`"),
            Self::NotPrivatePem => f.write_str("is not a PEM block `PRIVATE KEY`"),
            Self::NotRsa => f.write_str("is not a well-formed RSA key"),
            Self::RsaSize(bits) => write!(f, "is an RSA key of {bits} bits; it must have 2048 to 4096"),
            Self::RsaExponent => f.write_str("has an unfit RSA exponent; 65537 is usual"),
            Self::NotEd25519 => f.write_str("is not an Ed25519 key of 32 bytes"),
        }
    }
}

impl std::error::Error for KeyFault {}

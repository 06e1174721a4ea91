//! What a provider says is shown; a secret that it repeats is not.

use crate::log_text::clip;
use crate::secrets::Secret;

/// Shorter texts stand everywhere, and hide nothing worth hiding.
const SHORTEST: usize = 4;

/// A provider's text, fit to be shown: without these secrets and control characters, and not too long.
pub(super) fn scrub(text: &str, secrets: &[Secret]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().map(Secret::expose).filter(|secret| secret.len() >= SHORTEST) {
        text = text.replace(secret, "[redacted]");
    }
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let clipped = clip(&words);
    if clipped.len() < words.len() { format!("{clipped}...") } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strikes_secrets_out_before_it_cuts() {
        let token = Secret::new("eyJhbGciOi.hush");
        let long = format!("{} {}", "x".repeat(190), token.expose());
        assert!(!scrub(&long, std::slice::from_ref(&token)).contains("eyJ"));
        assert_eq!(scrub("bad\n\u{1b}[2J token eyJhbGciOi.hush", &[token]), "bad [2J token [redacted]");
    }
}

//! One secret at two providers: each of them, and whoever robs one of them, can sign in the other's name.
//!
//! What tells their deliveries apart is then the scheme alone. Under another algorithm a signature is worth nothing,
//! and under the same one in another header a delivery, as it was sent, has no signature at all; that is as much as a
//! receiver can do, so it warns. With the same algorithm in the same header nothing is left, and it refuses to start.

use std::fmt;

use webhook_api::contract::{Provider, SignatureScheme};

use crate::secrets::Credentials;

/// A secret that two providers have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedSecret {
    first: Place,
    second: Place,
    /// The header in which a delivery of the one would pass for one of the other.
    header: Option<&'static str>,
}

/// Where a secret stands: the variable or setting, and the place there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    source: String,
    slot: usize,
}

/// The secrets that providers share.
///
/// # Errors
///
/// The first one with which a delivery to one provider would pass at another.
pub fn shared_secrets(providers: &[(&'static Provider, &Credentials)]) -> Result<Vec<SharedSecret>, SharedSecret> {
    let mut shared = Vec::new();
    for (index, first) in providers.iter().enumerate() {
        for second in providers.iter().take(index) {
            shared.extend(of_two(second, first));
        }
    }
    match shared.iter().find(|secret| secret.header.is_some()) {
        Some(fatal) => Err(fatal.clone()),
        None => Ok(shared),
    }
}

fn of_two(
    first: &(&'static Provider, &Credentials),
    second: &(&'static Provider, &Credentials),
) -> Option<SharedSecret> {
    let ((one, of_one), (other, of_other)) = (first, second);
    let (of_one, of_other) = of_one.secrets.as_ref().zip(of_other.secrets.as_ref())?;
    let in_one = |text: &str| of_one.keys().iter().position(|key| key.expose() == text);
    let mut both = of_other.keys().iter().enumerate();
    let (here, there) = both.find_map(|(there, key)| in_one(key.expose()).map(|here| (here, there)))?;
    Some(SharedSecret {
        first: Place { source: of_one.source().to_owned(), slot: here + 1 },
        second: Place { source: of_other.source().to_owned(), slot: there + 1 },
        header: common_header(one, other),
    })
}

/// A header in which both providers put signatures of the same algorithm, made with shared secrets.
fn common_header(one: &'static Provider, other: &'static Provider) -> Option<&'static str> {
    let alike = |scheme: &&SignatureScheme| {
        let same = |found: &&SignatureScheme| {
            found.header.eq_ignore_ascii_case(scheme.header) && found.algorithm == scheme.algorithm
        };
        scheme.algorithm.is_hmac() && schemes(other).any(|found| same(&found))
    };
    schemes(one).find(alike).map(|scheme| scheme.header)
}

fn schemes(provider: &'static Provider) -> impl Iterator<Item = &'static SignatureScheme> {
    provider.endpoints.iter().flat_map(|endpoint| endpoint.guards).copied().flatten().copied()
}

impl fmt::Display for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { first, second, header } = self;
        write!(f, "{}, key {}, is also {}, key {}: ", second.source, second.slot, first.source, first.slot)?;
        if let Some(header) = header {
            write!(f, "both providers sign alike in `{header}`, so that the deliveries of one would pass")?;
        } else {
            f.write_str("whoever has it can sign for both providers")?;
        }
        f.write_str("; give each provider a secret of its own")
    }
}

impl std::error::Error for SharedSecret {}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use webhook_api::contract::Endpoint;
    use webhook_api::providers::greenlake::GREENLAKE_EVENTS;
    use webhook_api::providers::gridx::GRIDX_EVENTS;
    use webhook_api::schemes::GREENLAKE_SIGNATURE;

    use super::*;
    use crate::secrets::KeyFiles;

    static ALIKE: Endpoint = Endpoint {
        guards: &[&[&SignatureScheme { header: "hpe-webhook-SIGNATURE", name: "alike", ..GREENLAKE_SIGNATURE }]],
        ..GREENLAKE_EVENTS
    };

    static GRIDX: Provider = Provider { name: "gridx", summary: "", endpoints: &[&GRIDX_EVENTS] };
    static GREENLAKE: Provider = Provider { name: "greenlake", summary: "", endpoints: &[&GREENLAKE_EVENTS] };
    static OTHER: Provider = Provider { name: "other", summary: "", endpoints: &[&ALIKE] };

    fn secrets(provider: &Provider, text: &str) -> Credentials {
        let name = format!("{}_SECRETS", provider.name.to_uppercase());
        Credentials::read(provider.name, &KeyFiles::default(), &|asked| (asked == name).then(|| OsString::from(text)))
            .unwrap()
    }

    fn shared(one: (&'static Provider, &str), other: (&'static Provider, &str)) -> Result<Vec<String>, String> {
        let (of_one, of_other) = (secrets(one.0, one.1), secrets(other.0, other.1));
        let shared = shared_secrets(&[(one.0, &of_one), (other.0, &of_other)]);
        let texts = |shared: Vec<SharedSecret>| shared.iter().map(ToString::to_string).collect();
        shared.map(texts).map_err(|error| error.to_string())
    }

    #[test]
    fn providers_with_secrets_of_their_own_are_fine() {
        assert_eq!(shared((&GRIDX, "one\ntwo"), (&GREENLAKE, "three")), Ok(vec![]));
        assert_eq!(shared((&OTHER, "one\ntwo"), (&GREENLAKE, "three")), Ok(vec![]));
    }

    #[test]
    fn warns_of_a_secret_that_providers_with_different_schemes_share() {
        assert_eq!(
            shared((&GRIDX, "one\ntwo"), (&GREENLAKE, "two")),
            Ok(vec![
                "GREENLAKE_SECRETS, key 1, is also GRIDX_SECRETS, key 2: whoever has it can sign for both providers; \
                 give each provider a secret of its own"
                    .to_owned()
            ])
        );
    }

    #[test]
    fn refuses_a_secret_that_providers_with_the_same_scheme_share() {
        let message = shared((&GREENLAKE, "one"), (&OTHER, "two\none")).unwrap_err();
        assert_eq!(
            message,
            "OTHER_SECRETS, key 2, is also GREENLAKE_SECRETS, key 1: both providers sign alike in \
             `HPE-Webhook-Signature`, so that the deliveries of one would pass; give each provider a secret of its own"
        );
    }
}

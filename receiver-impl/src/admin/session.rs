//! The cookie of a browser that typed the token in: until when it is good, and a seal on that. The receiver remembers
//! nothing of it, so it outlives a restart; another token ends it.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};

use crate::admin_token::AdminToken;

/// Its name.
const NAME: &str = "receiver_session";
/// How long it is good.
const LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// The header that gives the cookie to a browser.
pub(super) fn issue(token: &AdminToken) -> Option<HeaderValue> {
    let until = now() + LIFE.as_secs();
    let seal = token.seal(&sealed(until));
    HeaderValue::from_str(&cookie(&format!("{until}.{seal}"), LIFE.as_secs())).ok()
}

/// The header that takes it away.
pub(super) fn end() -> Option<HeaderValue> {
    HeaderValue::from_str(&cookie("", 0)).ok()
}

/// Whether a request has a cookie that is still good.
pub(super) fn is_good(token: &AdminToken, headers: &HeaderMap) -> bool {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut ours = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('=').filter(|(name, _)| *name == NAME));
    ours.any(|(_, value)| {
        let (until, seal) = value.split_once('.').unwrap_or_default();
        until.parse().is_ok_and(|until: u64| until > now() && token.sealed(&sealed(until), seal))
    })
}

fn cookie(value: &str, seconds: u64) -> String {
    format!("{NAME}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict")
}

/// What the seal is on: nothing else that is ever sealed reads like this.
fn sealed(until: u64) -> String {
    format!("receiver admin session until {until}")
}

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> AdminToken {
        AdminToken::of(text)
    }

    fn good(token: &AdminToken, cookie: &str) -> bool {
        is_good(token, &HeaderMap::from_iter([(COOKIE, cookie.parse().unwrap())]))
    }

    #[test]
    fn is_good_for_the_token_that_it_was_issued_for() {
        let token_a = token("0123456789abcdef");
        let issued = issue(&token_a).unwrap();
        let issued = issued.to_str().unwrap();
        assert!(issued.ends_with("; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict"), "{issued}");
        let cookie = issued.split(';').next().unwrap();
        assert!(good(&token_a, cookie) && good(&token_a, &format!("other=1; {cookie}")));
        assert!(!good(&token("fedcba9876543210"), cookie));
        assert!(!good(&token_a, &format!("x{cookie}")));
    }

    #[test]
    fn nobody_makes_one_last_longer() {
        let token = token("0123456789abcdef");
        let sealed_at = |until: u64| format!("{NAME}={until}.{}", token.seal(&sealed(until)));
        assert!(good(&token, &sealed_at(now() + 60)));
        assert!(!good(&token, &sealed_at(now())));
        let longer = sealed_at(now() + 60).replace(&(now() + 60).to_string(), &(now() + 61).to_string());
        assert!(!good(&token, &longer));
        for odd in ["receiver_session=", "receiver_session=.", "receiver_session=9999999999."] {
            assert!(!good(&token, odd), "{odd}");
        }
    }
}

//! The cookie of a browser that typed the token in: until when it is good, and a seal on that. The receiver remembers
//! nothing of it, so it outlives a restart; another token ends it.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};

use crate::admin_token::AdminToken;

/// What its name begins with. The rest comes from the token: a browser gives a cookie to every port of a host, where
/// another receiver may listen.
const NAME: &str = "receiver_session_";
/// How long it is good.
const LIFE: Duration = Duration::from_secs(12 * 60 * 60);

/// The header that gives the cookie to a browser.
pub(super) fn issue(token: &AdminToken) -> Option<HeaderValue> {
    let until = now() + LIFE.as_secs();
    let seal = token.seal(&sealed(until));
    HeaderValue::from_str(&cookie(token, &format!("{until}.{seal}"), LIFE.as_secs())).ok()
}

/// The header that takes it away.
pub(super) fn end(token: &AdminToken) -> Option<HeaderValue> {
    HeaderValue::from_str(&cookie(token, "", 0)).ok()
}

/// Whether a request has a cookie that is still good.
pub(super) fn is_good(token: &AdminToken, headers: &HeaderMap) -> bool {
    let ours = name(token);
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut values = cookies
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('=').filter(|(name, _)| *name == ours));
    values.any(|(_, value)| {
        let (until, seal) = value.split_once('.').unwrap_or_default();
        until.parse().is_ok_and(|until: u64| until > now() && token.sealed(&sealed(until), seal))
    })
}

fn name(token: &AdminToken) -> String {
    let seal = token.seal("name of the admin session's cookie");
    format!("{NAME}{}", seal.get(..8).unwrap_or_default())
}

fn cookie(token: &AdminToken, value: &str, seconds: u64) -> String {
    let name = name(token);
    format!("{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Strict")
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
        let sealed_at = |until: u64| format!("{}={until}.{}", name(&token), token.seal(&sealed(until)));
        assert!(good(&token, &sealed_at(now() + 60)));
        assert!(!good(&token, &sealed_at(now())));
        let longer = sealed_at(now() + 60).replace(&(now() + 60).to_string(), &(now() + 61).to_string());
        assert!(!good(&token, &longer));
        for odd in ["", ".", "9999999999."] {
            assert!(!good(&token, &format!("{}={odd}", name(&token))), "{odd}");
        }
    }

    #[test]
    fn sessions_with_two_receivers_of_one_host_live_side_by_side() {
        let (one, other) = (token("0123456789abcdef"), token("fedcba9876543210"));
        let issued = [&one, &other].map(|token| issue(token).unwrap());
        let [first, second] = issued.each_ref().map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap());
        assert_ne!(first.split('=').next(), second.split('=').next());
        let both = format!("{first}; {second}");
        assert!(good(&one, &both) && good(&other, &both));
        assert!(end(&one).unwrap().to_str().unwrap().starts_with(&format!("{}=;", name(&one))));
    }
}

//! How long to wait when a provider says that it is asked too often (429).

use std::time::Duration;

use ::http::HeaderMap;

/// The headers that say how many seconds: the standard's, and HPE's.
const TOLD: [&str; 2] = ["retry-after", "ratelimit-reset"];
/// The first pause where nothing is said; each further one is twice as long.
const FIRST: Duration = Duration::from_secs(1);
/// All pauses of one call together: a minute is what limits count by, and somebody waits for the command.
pub(super) const MOST: Duration = Duration::from_secs(120);

/// The pauses of one call.
#[derive(Debug, Default)]
pub(super) struct Pauses {
    number: u32,
    waited: Duration,
}

/// What comes of a 429.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Wait so long, and ask again.
    Wait(Duration),
    /// It would take too long.
    GiveUp(Duration),
}

impl Pauses {
    /// What to do about an answer with these headers.
    pub(super) fn next(&mut self, headers: &HeaderMap) -> Next {
        let pause = told(headers).unwrap_or(FIRST * 2_u32.saturating_pow(self.number.min(6)));
        // "Now" would be asked again and again.
        let pause = pause.max(FIRST);
        if self.waited + pause > MOST {
            return Next::GiveUp(pause);
        }
        self.number += 1;
        self.waited += pause;
        Next::Wait(pause)
    }
}

fn told(headers: &HeaderMap) -> Option<Duration> {
    let seconds = |name| headers.get(name)?.to_str().ok()?.trim().parse::<u64>().ok();
    TOLD.into_iter().find_map(seconds).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use ::http::HeaderValue;

    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name.parse().unwrap(), HeaderValue::from_static(value))])
    }

    #[test]
    fn waits_as_told() {
        let wait = |name, value| Pauses::default().next(&headers(name, value));
        assert_eq!(wait("retry-after", "7"), Next::Wait(Duration::from_secs(7)));
        assert_eq!(wait("ratelimit-reset", "9"), Next::Wait(Duration::from_secs(9)));
        assert_eq!(wait("retry-after", "0"), Next::Wait(FIRST));
        assert_eq!(wait("retry-after", "3600"), Next::GiveUp(Duration::from_secs(3600)));
    }

    #[test]
    fn waits_longer_each_time_and_not_for_ever_where_nothing_is_said() {
        let mut pauses = Pauses::default();
        let mut waits = Vec::new();
        while let Next::Wait(pause) = pauses.next(&headers("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT")) {
            waits.push(pause.as_secs());
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32]);
    }
}

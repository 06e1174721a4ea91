//! Admissions that nobody waits for any more, because the inbox took too long or the connection was gone. The inbox may
//! keep such an event all the same, and then takes the provider's next try for a copy: nobody would be told of it.

use std::borrow::Cow;
use std::collections::HashSet;

/// As many of them are remembered, and at most as many before these.
const MOST: usize = 4_096;

/// Provider and identity of such events.
#[derive(Debug, Default)]
pub(super) struct GivenUp {
    newer: HashSet<(Cow<'static, str>, String)>,
    older: HashSet<(Cow<'static, str>, String)>,
}

impl GivenUp {
    /// Remembers one.
    pub(super) fn note(&mut self, provider: Cow<'static, str>, identity: String) {
        if self.newer.len() >= MOST {
            self.older = std::mem::take(&mut self.newer);
        }
        self.newer.insert((provider, identity));
    }

    /// Whether this is one.
    pub(super) fn has(&self, provider: &str, identity: &str) -> bool {
        let event = (Cow::Borrowed(provider), identity.to_owned());
        !self.is_empty() && (self.newer.contains(&event) || self.older.contains(&event))
    }

    /// It is known what became of this one.
    pub(super) fn forget(&mut self, provider: &str, identity: &str) {
        if !self.is_empty() {
            let event = (Cow::Owned(provider.to_owned()), identity.to_owned());
            self.newer.remove(&event);
            self.older.remove(&event);
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.newer.is_empty() && self.older.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remembers_the_last_ones() {
        let mut given_up = GivenUp::default();
        (0..3 * MOST).for_each(|number| given_up.note(Cow::Borrowed("gridx"), number.to_string()));
        assert!(given_up.newer.len() <= MOST && given_up.older.len() <= MOST);
        let has = |given_up: &GivenUp, number: usize| given_up.has("gridx", &number.to_string());
        assert!(has(&given_up, 3 * MOST - 1) && has(&given_up, 2 * MOST) && !has(&given_up, 0));
        given_up.forget("gridx", &(3 * MOST - 1).to_string());
        given_up.forget("nursa", &(2 * MOST).to_string());
        assert!(!has(&given_up, 3 * MOST - 1) && has(&given_up, 2 * MOST));
    }
}

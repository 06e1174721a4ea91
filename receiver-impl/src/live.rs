//! The keys of a provider that are in force now. They may be replaced while requests are under way: a request finds
//! either the old ones or the new ones, whole, and waits for neither.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arc_swap::{ArcSwap, Guard};
use prometheus_client::metrics::counter::Counter;
use webhook_api::contract::{Provider, SignatureScheme};

use crate::secrets::MAX_KEYS;
use crate::signature::ProviderGuards;

/// The guards of one provider that are in force now, and how often each key of theirs has matched.
#[derive(Debug)]
pub struct Live {
    guards: ArcSwap<ProviderGuards>,
    matches: Vec<(&'static str, [Counter; MAX_KEYS])>,
    reloads: Reloads,
}

/// How reading the keys again went.
#[derive(Debug, Default)]
pub struct Reloads {
    succeeded: AtomicU64,
    failed: AtomicU64,
    broken: AtomicBool,
}

impl Live {
    /// Puts the first guards in force.
    pub fn new(guards: ProviderGuards) -> Self {
        let mut matches: Vec<(&'static str, [Counter; MAX_KEYS])> = Vec::new();
        for scheme in guards.provider().endpoints.iter().flat_map(|endpoint| endpoint.guards).copied().flatten() {
            if matches.iter().all(|(name, _)| *name != scheme.name) {
                matches.push((scheme.name, Default::default()));
            }
        }
        Self { guards: ArcSwap::from_pointee(guards), matches, reloads: Reloads::default() }
    }

    /// What is in force. Do not keep it across an `await`.
    pub fn load(&self) -> Guard<Arc<ProviderGuards>> {
        self.guards.load()
    }

    /// Puts other guards in force, at once and for every request that has not looked yet.
    pub fn replace(&self, guards: ProviderGuards) {
        self.guards.store(Arc::new(guards));
    }

    /// The provider.
    pub fn provider(&self) -> &'static Provider {
        self.load().provider()
    }

    /// Counts a delivery that the key in this place, counted from 1, verified under a scheme.
    pub fn count(&self, scheme: &SignatureScheme, slot: u8) {
        let matches = self.matches.iter().find(|(name, _)| *name == scheme.name);
        if let Some(counter) = matches.and_then(|(_, slots)| slots.get(usize::from(slot).wrapping_sub(1))) {
            counter.inc();
        }
    }

    /// Scheme, slot and number of matches of every key that is in force or has ever matched.
    pub fn matches(&self) -> Vec<(&'static str, u8, u64)> {
        let guards = self.load();
        let mut matches = Vec::new();
        for (scheme, slots) in &self.matches {
            for (slot, counter) in (1..).zip(slots) {
                if counter.get() > 0 || guards.has_key(scheme, slot) {
                    matches.push((*scheme, slot, counter.get()));
                }
            }
        }
        matches
    }

    /// How reading the keys again went.
    pub fn reloads(&self) -> &Reloads {
        &self.reloads
    }
}

impl Reloads {
    /// How often it worked.
    pub fn succeeded(&self) -> u64 {
        self.succeeded.load(Ordering::Relaxed)
    }

    /// How often it did not.
    pub fn failed(&self) -> u64 {
        self.failed.load(Ordering::Relaxed)
    }

    /// Whether it did not work the last time.
    pub fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Relaxed)
    }

    /// Counts one that worked.
    pub(crate) fn succeed(&self) {
        self.succeeded.fetch_add(1, Ordering::Relaxed);
        self.broken.store(false, Ordering::Relaxed);
    }

    /// Counts one that did not.
    pub(crate) fn fail(&self) {
        self.failed.fetch_add(1, Ordering::Relaxed);
        self.broken.store(true, Ordering::Relaxed);
    }
}

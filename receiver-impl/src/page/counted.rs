//! How many events the inbox has in each state. To count them can take long where there are many, so there is one count
//! at a time, and whoever asks meanwhile gets the one before.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::timeout;

use crate::inbox::{Operate, Stats};

/// How long a new count is waited for.
const PATIENCE: Duration = Duration::from_millis(200);

/// The last count.
#[derive(Debug, Default)]
pub(super) struct Counted {
    last: Arc<Mutex<Option<Stats>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Counted {
    /// A new count if there is one soon, and else the last.
    pub(super) async fn now(&self, inbox: Arc<dyn Operate>) -> Option<Stats> {
        if let Ok(turn) = Arc::clone(&self.turn).try_lock_owned() {
            let last = Arc::clone(&self.last);
            let count = tokio::spawn(async move {
                let _turn = turn;
                if let Ok(stats) = inbox.stats().await {
                    *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(stats);
                }
            });
            // It goes on if it takes longer.
            let _ = timeout(PATIENCE, count).await;
        }
        *self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering::Relaxed;

    use super::*;
    use crate::inbox::troubled::Troubled;

    #[tokio::test]
    async fn a_count_that_takes_long_leaves_the_one_before_and_is_the_only_one() {
        let (inbox, counted) = (Arc::new(Troubled::default()), Counted::default());
        let now = async || counted.now(Arc::<Troubled>::clone(&inbox)).await;
        assert!(now().await.is_some());
        inbox.stats_ms.store(3_600_000, Relaxed);
        assert!(now().await.is_some() && now().await.is_some());
        assert!(counted.turn.try_lock().is_err(), "it still counts");
        assert_eq!(Arc::strong_count(&inbox), 2);
    }
}

//! Ends the process when nothing else does.
//!
//! A handler that blocks its thread cannot be dropped, and handlers that block every thread of the runtime let nobody
//! see a signal or a clock. So a thread of its own hears the signal too, with a runtime of its own, and knows how long a
//! stop may take.

use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use tracing::error;

use crate::durable::CLOSING;
use crate::server::Signals;

/// How long the rest of a stop may take once `shutdown-grace` is over: tasks that end, the inbox and the admin port that
/// close.
const REST: Duration = CLOSING.saturating_mul(3);
/// How long after a second signal.
const FORCED: Duration = Duration::from_secs(2);
/// How long the last log lines may take.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Begins to watch; the thread ends with the process.
pub(super) fn start(grace: Duration) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let watch = move || {
        runtime.block_on(async {
            let Ok(mut signals) = Signals::catch() else { return };
            signals.next().await;
            tokio::select! {
                () = tokio::time::sleep(grace + REST) => {}
                _ = signals.next() => tokio::time::sleep(FORCED).await,
            }
            error!("stopped by force: what is under way does not end; events that are kept come again");
            tokio::time::sleep(LAST_WORDS).await;
            std::process::exit(1);
        });
    };
    std::thread::Builder::new().name("watchdog".to_owned()).spawn(watch).map(drop)
}

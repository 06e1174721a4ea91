//! Reads what the feed did not tell: everything that was there at the start, and what came in too fast.
//!
//! It reads from the newer end, a page at a time, and rests after each for a multiple of the time that it took. So what
//! is new is shown first, and admissions hardly notice.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::sleep;
use tracing::debug;

use crate::fleet::Told;
use crate::inbox::{EventId, Filter, InboxError, Operate};

use super::Shared;
use super::model::Model;

/// Events of a page.
const PAGE: usize = 100;
/// How long to rest after a page, as a multiple of the time it took: while somebody looks at the page, and else.
const REST: (u32, u32) = (2, 15);
/// How often to look whether there is something to read, and how long to wait after a fault.
const PAUSE: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(2));

/// Reads for as long as it is polled.
pub(super) async fn run(shared: Arc<Shared>, inbox: Arc<dyn Operate>) {
    begin(&shared, &*inbox).await;
    loop {
        let gap = shared.model().gap();
        let Some(gap) = gap else {
            sleep(PAUSE.0).await;
            continue;
        };
        let began = Instant::now();
        match page(&shared, &*inbox, gap).await {
            Ok(()) => {
                let times = if shared.feed.is_watched() { REST.0 } else { REST.1 };
                sleep(began.elapsed() * times).await;
            }
            Err(InboxError::Closed) => return,
            Err(error) => {
                debug!(%error, "the page cannot be brought up to date yet");
                sleep(PAUSE.1).await;
            }
        }
    }
}

/// Notes what is there at the start.
async fn begin(shared: &Shared, inbox: &dyn Operate) {
    loop {
        match inbox.list(&Filter::default(), None, 1).await {
            Ok(page) => {
                shared.model().begin(page.events.first().map(|newest| newest.id));
                return;
            }
            Err(InboxError::Closed) => return,
            Err(error) => debug!(%error, "the inbox cannot be read yet"),
        }
        sleep(PAUSE.1).await;
    }
}

/// Reads the newest page of a range.
async fn page(shared: &Shared, inbox: &dyn Operate, gap: (EventId, EventId)) -> Result<(), InboxError> {
    let after = EventId(gap.1.0.saturating_add(1));
    let page = inbox.list(&Filter::default(), Some(after), PAGE).await?;
    for event in page.events.iter().filter(|event| event.id >= gap.0) {
        let body = match event.size {
            Some(1..) if Model::wants(&event.provider, event.event_type.as_deref()) => inbox.show(event.id).await?,
            _ => None,
        };
        let mut model = shared.model();
        model.count_read(event);
        if let (Some(record), Some(event_type)) = (body, &event.event_type) {
            let told = Told {
                id: event.id,
                provider: &event.provider,
                event_type,
                received_at: event.received_at,
                body: &record.event.body,
            };
            model.tell(told);
        }
    }
    let first = page.next.is_some().then(|| page.events.last().map(|event| event.id)).flatten();
    shared.model().close(gap, first);
    Ok(())
}

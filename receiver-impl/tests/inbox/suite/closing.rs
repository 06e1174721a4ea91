//! The end of an inbox.

use std::sync::Arc;

use receiver::inbox::{Change, Filter, Inbox as _, InboxError, SettleError, Settlement};

use crate::events::{PROVIDER, event};
use crate::rig::{LONG, MOMENT, PATIENCE, Rig, Store};

pub(crate) async fn an_open_inbox_is_well<S: Store>() {
    let rig = Rig::<S>::new().await;
    assert_eq!(rig.inbox.health(), Ok(()));
}

pub(crate) async fn a_closed_inbox_takes_and_gives_nothing<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    let leased = rig.take_one().await;
    rig.inbox.close().await;
    let closed = InboxError::Closed;
    assert_eq!(rig.inbox.admit(vec![event("b")]).await, Err(closed.clone()));
    assert_eq!(rig.inbox.take(PROVIDER, 1, LONG).await.map(|taken| taken.len()), Err(closed.clone()));
    assert_eq!(rig.inbox.settle(leased.lease, Settlement::Done).await, Err(SettleError::Inbox(closed.clone())));
    assert_eq!(rig.inbox.change(vec![id], Change::Park).await, Err(closed));
    // Reading may go on; it must end.
    let _ = tokio::time::timeout(PATIENCE, rig.inbox.list(&Filter::default(), None, 1)).await.unwrap();
    tokio::time::timeout(PATIENCE, rig.inbox.close()).await.unwrap();
}

pub(crate) async fn whoever_waits_is_told<S: Store>() {
    let rig = Rig::<S>::new().await;
    let waiting: Vec<_> = (0..4)
        .map(|_| {
            let inbox = Arc::clone(&rig.inbox);
            tokio::spawn(async move { inbox.take(PROVIDER, 1, LONG).await })
        })
        .collect();
    tokio::time::sleep(MOMENT).await;
    rig.inbox.close().await;
    for waiting in waiting {
        let taken = tokio::time::timeout(PATIENCE, waiting).await.unwrap().unwrap();
        assert_eq!(taken.map(|taken| taken.len()), Err(InboxError::Closed));
    }
}

pub(crate) async fn what_is_under_way_is_finished<S: Store>() {
    if !S::DURABLE {
        return;
    }
    let rig = Rig::<S>::new().await;
    let admitting: Vec<_> = (0..200)
        .map(|number| {
            let inbox = Arc::clone(&rig.inbox);
            tokio::spawn(async move { inbox.admit(vec![event(&number.to_string())]).await })
        })
        .collect();
    tokio::task::yield_now().await;
    let rig = rig.reopen().await;
    let mut kept = 0;
    for admission in admitting {
        match admission.await.unwrap() {
            Ok(_) => kept += 1,
            Err(error) => assert_eq!(error, InboxError::Closed),
        }
    }
    assert_eq!(rig.listed().await.len(), kept, "what was said to be kept is, and nothing else");
}

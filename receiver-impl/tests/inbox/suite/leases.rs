//! Lending events: to one at a time, and for a time.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use receiver::inbox::{Inbox as _, Lease, Leased, SettleError, Settlement, State};

use crate::events::{PROVIDER, event, of};
use crate::rig::{LONG, MOMENT, PATIENCE, Rig, SHORT, Store};

/// The right of a worker that does not know yet that it lost it.
fn again(lease: &Lease) -> Lease {
    Lease { id: lease.id, token: lease.token, attempt: lease.attempt }
}

pub(crate) async fn lends_the_oldest_first_and_no_more_than_asked_for<S: Store>() {
    let rig = Rig::<S>::new().await;
    let ids = rig.keep_all(["a", "b", "c", "d", "e"]).await;
    let taken = |taken: Vec<Leased>| taken.iter().map(|leased| leased.lease.id).collect::<Vec<_>>();
    assert_eq!(taken(rig.take(2, LONG).await), ids[..2]);
    assert_eq!(taken(rig.take(2, LONG).await), ids[2..4]);
    assert_eq!(taken(rig.take(2, LONG).await), ids[4..]);
    rig.assert_nothing_due().await;
    assert_eq!(rig.state(ids[0]).await, State::Leased);
}

pub(crate) async fn a_first_try_is_the_first<S: Store>() {
    let rig = Rig::<S>::new().await;
    rig.keep(event("a")).await;
    let leased = rig.take_one().await;
    assert_eq!((leased.attempt, leased.tries), (1, 1));
}

pub(crate) async fn waits_until_there_is_something<S: Store>() {
    let rig = Rig::<S>::new().await;
    let inbox = Arc::clone(&rig.inbox);
    let taking = tokio::spawn(async move { inbox.take(PROVIDER, 10, LONG).await });
    tokio::time::sleep(MOMENT).await;
    assert!(!taking.is_finished());
    let id = rig.keep(event("a")).await;
    let taken = tokio::time::timeout(PATIENCE, taking).await.unwrap().unwrap().unwrap();
    assert_eq!(taken[0].lease.id, id);
}

pub(crate) async fn lends_only_events_of_the_provider_that_is_asked_for<S: Store>() {
    let rig = Rig::<S>::new().await;
    let other = rig.keep(of("nursa", "a")).await;
    rig.assert_nothing_due().await;
    let id = rig.keep(event("a")).await;
    assert_eq!(rig.drain().await, [id]);
    assert_eq!(rig.take_of("nursa", 10, LONG).await[0].lease.id, other);
}

pub(crate) async fn lends_an_event_to_one_taker_only<S: Store>() {
    let rig = Rig::<S>::new().await;
    let takers: Vec<_> = (0..4)
        .map(|_| {
            let inbox = Arc::clone(&rig.inbox);
            tokio::spawn(async move {
                let mut ids = Vec::new();
                while let Ok(taken) = tokio::time::timeout(5 * MOMENT, inbox.take(PROVIDER, 3, LONG)).await {
                    ids.extend(taken.unwrap().iter().map(|leased| leased.lease.id));
                }
                ids
            })
        })
        .collect();
    let mut kept = BTreeSet::new();
    for number in 0..300 {
        kept.insert(rig.keep(event(&number.to_string())).await);
    }
    let mut taken = Vec::new();
    for taker in takers {
        taken.extend(taker.await.unwrap());
    }
    assert_eq!(taken.len(), 300, "none twice, none left");
    assert_eq!(taken.into_iter().collect::<BTreeSet<_>>(), kept);
}

pub(crate) async fn a_taker_that_gives_up_takes_nothing_with_it<S: Store>() {
    let rig = Rig::<S>::new().await;
    for number in 0..50 {
        let mut taking = Box::pin(rig.inbox.take(PROVIDER, 10, LONG));
        // Looks once and then goes away, while the event comes.
        assert!(futures_util::future::poll_immediate(&mut taking).await.is_none());
        let id = rig.keep(event(&number.to_string())).await;
        drop(taking);
        let leased = rig.take_one().await;
        assert_eq!(leased.lease.id, id);
        rig.settle(leased, Settlement::Done).await;
    }
}

pub(crate) async fn a_lease_that_is_over_gives_the_event_to_the_next<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    let began = Instant::now();
    let late = rig.take(1, SHORT).await.pop().unwrap();
    let next = rig.take_one().await;
    assert!(began.elapsed() >= SHORT, "{:?}", began.elapsed());
    assert_eq!((next.lease.id, next.attempt, next.tries), (id, 1, 2));
    for settlement in [Settlement::Done, Settlement::Returned, Settlement::Dead { error: "late".to_owned() }] {
        assert_eq!(rig.inbox.settle(again(&late.lease), settlement).await, Err(SettleError::LeaseLost));
    }
    assert_eq!(rig.inbox.extend(&late.lease, LONG).await, Err(SettleError::LeaseLost));
    assert_eq!(rig.state(id).await, State::Leased);
    rig.settle(next, Settlement::Done).await;
    assert_eq!(rig.state(id).await, State::Done);
    rig.assert_nothing_due().await;
}

pub(crate) async fn a_lease_that_is_over_is_over_though_nobody_else_asked<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    let late = rig.take(1, SHORT).await.pop().unwrap();
    tokio::time::sleep(SHORT + MOMENT).await;
    assert_eq!(rig.inbox.settle(late.lease, Settlement::Done).await, Err(SettleError::LeaseLost));
    assert_ne!(rig.state(id).await, State::Done);
    assert_eq!(rig.drain().await, [id]);
}

pub(crate) async fn a_lease_can_be_made_longer<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    let leased = rig.take(1, SHORT).await.pop().unwrap();
    rig.inbox.extend(&leased.lease, LONG).await.unwrap();
    tokio::time::sleep(SHORT).await;
    rig.assert_nothing_due().await;
    rig.settle(leased, Settlement::Done).await;
    assert_eq!(rig.state(id).await, State::Done);
}

pub(crate) async fn a_lease_can_be_made_shorter<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    let leased = rig.take(1, LONG).await.pop().unwrap();
    rig.inbox.extend(&leased.lease, Duration::from_millis(50)).await.unwrap();
    assert_eq!(rig.take_one().await.lease.id, id);
}

pub(crate) async fn a_lease_settles_once<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    let leased = rig.take_one().await;
    let copy = again(&leased.lease);
    rig.settle(leased, Settlement::Done).await;
    let failed = Settlement::Dead { error: "late".to_owned() };
    assert_eq!(rig.inbox.settle(copy, failed).await, Err(SettleError::LeaseLost));
    let record = rig.show(id).await;
    assert_eq!((record.state, record.attempts.len()), (State::Done, 1));
}

pub(crate) async fn a_lease_does_not_outlive_a_replay<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    let first = rig.take_one().await;
    let copy = again(&first.lease);
    rig.settle(first, Settlement::Returned).await;
    let second = rig.take_one().await;
    assert_eq!(second.lease.id, id);
    assert_eq!(rig.inbox.settle(copy, Settlement::Done).await, Err(SettleError::LeaseLost));
    rig.settle(second, Settlement::Done).await;
}

pub(crate) async fn what_was_lent_is_lent_again_after_a_restart<S: Store>() {
    if !S::DURABLE {
        return;
    }
    let rig = Rig::<S>::new().await;
    let ids = rig.keep_all(["a", "b", "c"]).await;
    let mut taken = rig.take(2, SHORT).await.into_iter();
    rig.settle(taken.next().unwrap(), Settlement::Done).await;
    drop(taken);
    let rig = rig.reopen().await;
    // A store for many machines waits for the lease's end; one in a file need not.
    tokio::time::sleep(SHORT).await;
    let taken = rig.take(10, LONG).await;
    assert_eq!(taken.iter().map(|leased| leased.lease.id).collect::<Vec<_>>(), ids[1..]);
}

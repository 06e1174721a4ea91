//! What became of an event, and what follows from it.

use std::time::{Instant, SystemTime};

use receiver::inbox::{Change, Changed, Ending, Inbox as _, Settlement, State};

use crate::events::event;
use crate::rig::{LONG, Rig, SHORT, Store};

const FAULT: &str = "the disk is full";

fn failed(after: std::time::Duration) -> Settlement {
    Settlement::Retry { error: FAULT.to_owned(), after }
}

pub(crate) async fn what_is_done_dead_or_parked_is_not_lent_again<S: Store>() {
    let rig = Rig::<S>::new().await;
    for (state, ending, error) in [
        (State::Done, Ending::Done, None),
        (State::Dead, Ending::Dead, Some(FAULT)),
        (State::Parked, Ending::Parked, Some(FAULT)),
    ] {
        let id = rig.in_state(state.name(), state).await;
        rig.assert_nothing_due().await;
        let record = rig.show(id).await;
        assert_eq!((record.state, record.next_attempt, record.attempts.len()), (state, None, 1));
        let attempt = &record.attempts[0];
        assert_eq!((attempt.number, attempt.ending, attempt.error.as_deref()), (1, ending, error));
        let age = SystemTime::now().duration_since(attempt.ended_at).unwrap_or_default();
        assert!(age < LONG, "{age:?}");
    }
}

pub(crate) async fn what_failed_is_lent_again_after_its_time<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    let began = Instant::now();
    rig.settle(rig.take_one().await, failed(SHORT)).await;
    let record = rig.show(id).await;
    assert_eq!((record.state, record.attempts.len()), (State::Retrying, 1));
    assert_eq!((record.attempts[0].ending, record.attempts[0].error.as_deref()), (Ending::Failed, Some(FAULT)));
    let next = record.next_attempt.unwrap().duration_since(record.attempts[0].ended_at).unwrap_or_default();
    assert!(next <= SHORT * 2, "{next:?}");
    let leased = rig.take_one().await;
    assert!(began.elapsed() >= SHORT, "{:?}", began.elapsed());
    assert_eq!((leased.lease.id, leased.attempt, leased.tries), (id, 2, 2));
    rig.settle(leased, Settlement::Done).await;
    let record = rig.show(id).await;
    let numbers: Vec<_> = record.attempts.iter().map(|attempt| attempt.number).collect();
    assert_eq!((record.state, record.next_attempt, numbers), (State::Done, None, vec![1, 2]));
}

pub(crate) async fn what_failed_stands_in_nobodys_way<S: Store>() {
    let rig = Rig::<S>::new().await;
    rig.keep(event("a")).await;
    rig.settle(rig.take_one().await, failed(LONG)).await;
    let next = rig.keep(event("b")).await;
    assert_eq!(rig.drain().await, [next]);
}

pub(crate) async fn what_is_returned_was_not_tried<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    for _ in 0..3 {
        let leased = rig.take_one().await;
        assert_eq!((leased.lease.id, leased.attempt, leased.tries), (id, 1, 1));
        rig.settle(leased, Settlement::Returned).await;
        let record = rig.show(id).await;
        assert_eq!((record.state, record.attempts.len()), (State::Pending, 0));
    }
}

pub(crate) async fn tries_begin_anew_with_a_replay_and_attempts_do_not<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    for _ in 0..2 {
        rig.settle(rig.take_one().await, failed(std::time::Duration::ZERO)).await;
    }
    rig.settle(rig.take_one().await, Settlement::Dead { error: FAULT.to_owned() }).await;
    assert_eq!(rig.change(id, Change::Replay).await, Changed::Changed);
    let leased = rig.take_one().await;
    assert_eq!((leased.attempt, leased.tries), (4, 1));
    rig.settle(leased, Settlement::Done).await;
    let attempts = rig.show(id).await.attempts;
    let endings: Vec<_> = attempts.iter().map(|attempt| (attempt.number, attempt.ending)).collect();
    assert_eq!(endings, [(1, Ending::Failed), (2, Ending::Failed), (3, Ending::Dead), (4, Ending::Done)]);
}

pub(crate) async fn a_long_fault_is_kept_as_it_is<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    let error = "'\"\u{0}\n\u{20ac}".repeat(500);
    rig.settle(rig.take_one().await, Settlement::Dead { error: error.clone() }).await;
    assert_eq!(rig.show(id).await.attempts[0].error.as_ref(), Some(&error));
}

pub(crate) async fn endings_hold_after_a_restart<S: Store>() {
    if !S::DURABLE {
        return;
    }
    let rig = Rig::<S>::new().await;
    let mut ids = Vec::new();
    for state in [State::Done, State::Dead, State::Parked, State::Retrying] {
        ids.push((rig.in_state(state.name(), state).await, state));
    }
    let mut before = Vec::new();
    for (id, _) in &ids {
        before.push(rig.show(*id).await);
    }
    let rig = rig.reopen().await;
    for ((id, state), before) in ids.iter().zip(before) {
        let record = rig.show(*id).await;
        assert_eq!((record.state, &record.attempts), (*state, &before.attempts));
        assert_eq!(record.next_attempt, before.next_attempt);
    }
    rig.assert_nothing_due().await;
    let (id, _) = ids[3];
    assert_eq!(rig.change(id, Change::Retry).await, Changed::Changed);
    let leased = rig.take_one().await;
    assert_eq!((leased.lease.id, leased.attempt), (id, 2));
}

pub(crate) async fn figures_tell_how_many_there_are_in_each_state<S: Store>() {
    let rig = Rig::<S>::new().await;
    for (number, state) in [(1, State::Done), (2, State::Dead), (3, State::Parked), (4, State::Retrying)] {
        for copy in 0..number {
            rig.in_state(&format!("{state} {copy}"), state).await;
        }
    }
    rig.keep_all(["l1", "l2", "l3", "l4", "l5"]).await;
    assert_eq!(rig.take(5, LONG).await.len(), 5);
    rig.keep_all(["p1", "p2", "p3", "p4", "p5", "p6"]).await;
    rig.inbox.admit(vec![event("p1")]).await.unwrap();
    let stats = rig.inbox.stats().await.unwrap();
    assert_eq!((stats.done, stats.dead, stats.parked), (1, 2, 3));
    assert_eq!((stats.retrying, stats.leased, stats.pending), (4, 5, 6));
    assert_eq!((stats.duplicates, stats.admitted), (1, 21));
    assert!(stats.oldest_seconds < 600, "{}", stats.oldest_seconds);
}

pub(crate) async fn the_oldest_is_one_that_waits<S: Store>() {
    let rig = Rig::<S>::new().await;
    assert_eq!(rig.inbox.stats().await.unwrap().oldest_seconds, 0);
    let hour = crate::rig::HOUR;
    rig.keep(crate::events::earlier(event("a"), 3 * hour)).await;
    rig.settle(rig.take_one().await, Settlement::Done).await;
    rig.keep(crate::events::earlier(event("b"), 2 * hour)).await;
    rig.keep(crate::events::earlier(event("c"), hour)).await;
    let age = rig.inbox.stats().await.unwrap().oldest_seconds;
    assert!((7_200..8_000).contains(&age), "{age}");
}

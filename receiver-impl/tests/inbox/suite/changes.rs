//! What operators do to events.

use receiver::inbox::{Change, Changed, EventId, Inbox as _, Settlement, State};

use crate::events::{event, later};
use crate::rig::{DAY, RETENTION, Rig, Store};

/// Which states allow which change.
const ALLOWED: [(Change, &[State]); 4] = [
    (Change::Replay, &[State::Done, State::Dead, State::Parked, State::Retrying]),
    (Change::Retry, &[State::Retrying, State::Dead, State::Parked]),
    (Change::Park, &[State::Pending, State::Retrying, State::Dead]),
    (Change::Remove, &[State::Done, State::Dead, State::Parked]),
];

pub(crate) async fn a_change_happens_where_the_state_allows_it_and_nowhere_else<S: Store>() {
    let rig = Rig::<S>::new().await;
    for (change, allowed) in ALLOWED {
        for state in State::ALL {
            let id = rig.in_state(&format!("{change:?} {state}"), state).await;
            let changed = rig.change(id, change).await;
            if allowed.contains(&state) {
                assert_eq!(changed, Changed::Changed, "{change:?} of what is {state}");
                let after = rig.inbox.show(id).await.unwrap().map(|record| record.state);
                let expected = match change {
                    Change::Replay | Change::Retry => Some(State::Pending),
                    Change::Park => Some(State::Parked),
                    Change::Remove => None,
                };
                assert_eq!(after, expected, "{change:?} of what was {state}");
            } else {
                assert_eq!(changed, Changed::NotIn(state), "{change:?} of what is {state}");
                assert_eq!(rig.state(id).await, state, "it changed after all");
            }
            // Nothing of this must be due for the next one.
            for leased in due(&rig).await {
                rig.settle(leased, Settlement::Done).await;
            }
        }
    }
}

async fn due<S: Store>(rig: &Rig<S>) -> Vec<receiver::inbox::Leased> {
    let taking = rig.inbox.take(crate::events::PROVIDER, 100, crate::rig::LONG);
    match tokio::time::timeout(std::time::Duration::from_millis(50), taking).await {
        Ok(taken) => taken.unwrap(),
        Err(_) => Vec::new(),
    }
}

pub(crate) async fn what_is_handled_again_is_due_at_once<S: Store>() {
    let rig = Rig::<S>::new().await;
    for (change, state) in [
        (Change::Replay, State::Done),
        (Change::Replay, State::Retrying),
        (Change::Retry, State::Retrying),
        (Change::Retry, State::Dead),
        (Change::Retry, State::Parked),
    ] {
        let id = rig.in_state(&format!("{change:?} {state}"), state).await;
        assert_eq!(rig.change(id, change).await, Changed::Changed);
        let record = rig.show(id).await;
        assert_eq!((record.state, record.next_attempt, record.attempts.len()), (State::Pending, None, 1));
        let leased = rig.take_one().await;
        assert_eq!((leased.lease.id, leased.attempt, leased.tries), (id, 2, 1), "{change:?} of what is {state}");
        rig.settle(leased, Settlement::Done).await;
    }
}

pub(crate) async fn what_is_parked_is_not_due<S: Store>() {
    let rig = Rig::<S>::new().await;
    let pending = rig.in_state("a", State::Pending).await;
    assert_eq!(rig.change(pending, Change::Park).await, Changed::Changed);
    rig.assert_nothing_due().await;
    assert_eq!(rig.change(pending, Change::Retry).await, Changed::Changed);
    assert_eq!(rig.drain().await, [pending]);
}

pub(crate) async fn what_is_removed_is_gone_and_its_identity_new<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.in_state("a", State::Dead).await;
    assert_eq!(rig.change(id, Change::Remove).await, Changed::Changed);
    assert!(rig.inbox.show(id).await.unwrap().is_none());
    assert_eq!(rig.listed().await, []);
    for change in [Change::Replay, Change::Retry, Change::Park, Change::Remove] {
        assert_eq!(rig.change(id, change).await, Changed::Unknown);
    }
    assert_ne!(rig.keep(event("a")).await, id, "no id is given twice");
}

pub(crate) async fn answers_in_the_order_of_the_ids<S: Store>() {
    let rig = Rig::<S>::new().await;
    let dead = rig.in_state("dead", State::Dead).await;
    let parked = rig.in_state("parked", State::Parked).await;
    let done = rig.in_state("done", State::Done).await;
    let unknown = EventId(done.0 + 1000);
    let ids = vec![unknown, done, parked, dead, EventId(0), EventId(u64::MAX >> 1), EventId(u64::MAX)];
    let changed = rig.inbox.change(ids, Change::Retry).await.unwrap();
    let expected = [
        Changed::Unknown,
        Changed::NotIn(State::Done),
        Changed::Changed,
        Changed::Changed,
        Changed::Unknown,
        Changed::Unknown,
        Changed::Unknown,
    ];
    assert_eq!(changed, expected);
    assert_eq!(rig.drain().await, [dead, parked]);
    assert_eq!(rig.inbox.change(Vec::new(), Change::Retry).await.unwrap(), []);
}

pub(crate) async fn what_has_no_body_cannot_be_handled_again<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.in_state("a", State::Done).await;
    let past = later(event("x"), 8 * DAY).received_at;
    while rig.inbox.prune(&RETENTION, past).await.unwrap().more {}
    assert_eq!(rig.change(id, Change::Replay).await, Changed::NoBody);
    assert_eq!(rig.state(id).await, State::Done);
    assert_eq!(rig.change(id, Change::Remove).await, Changed::Changed);
}

pub(crate) async fn changes_hold_after_a_restart<S: Store>() {
    if !S::DURABLE {
        return;
    }
    let rig = Rig::<S>::new().await;
    let replayed = rig.in_state("replayed", State::Done).await;
    rig.change(replayed, Change::Replay).await;
    let parked = rig.keep(event("parked")).await;
    rig.change(parked, Change::Park).await;
    let rig = rig.reopen().await;
    assert_eq!((rig.state(replayed).await, rig.state(parked).await), (State::Pending, State::Parked));
    assert_eq!(rig.drain().await, [replayed]);
}

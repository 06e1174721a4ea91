//! Events that share an ordering key: one after another, and nobody else waits.

use std::time::Duration;

use receiver::inbox::{Change, Changed, Event, Inbox as _, Settlement, State};

use crate::events::{event, keyed};
use crate::rig::{LONG, MOMENT, Rig, SHORT, Store};

fn failed(after: Duration) -> Settlement {
    Settlement::Retry { error: "the disk is full".to_owned(), after }
}

pub(crate) async fn one_event_of_a_key_is_lent_at_a_time<S: Store>() {
    let rig = Rig::<S>::new().await;
    let a = rig.keep(keyed("a1", "a")).await;
    let second = rig.keep(keyed("a2", "a")).await;
    let b = rig.keep(keyed("b1", "b")).await;
    let free = rig.keep(event("c")).await;
    let mut taken = rig.take(10, LONG).await;
    assert_eq!(taken.iter().map(|leased| leased.lease.id).collect::<Vec<_>>(), [a, b, free]);
    rig.assert_nothing_due().await;
    rig.settle(taken.remove(0), Settlement::Done).await;
    assert_eq!(rig.drain().await, [second]);
}

pub(crate) async fn events_of_a_key_come_in_the_order_of_their_admission<S: Store>() {
    let rig = Rig::<S>::new().await;
    let mut ids = Vec::new();
    for number in 0..20 {
        ids.push(rig.keep(keyed(&number.to_string(), "a")).await);
    }
    for id in ids {
        let leased = rig.take_one().await;
        assert_eq!(leased.lease.id, id);
        rig.settle(leased, Settlement::Done).await;
    }
}

pub(crate) async fn the_key_is_the_providers_alone<S: Store>() {
    let rig = Rig::<S>::new().await;
    rig.keep(keyed("a1", "a")).await;
    let other = rig.keep(Event { provider: "nursa".into(), ..keyed("a2", "a") }).await;
    rig.take_one().await;
    assert_eq!(rig.take_of("nursa", 1, LONG).await[0].lease.id, other);
}

pub(crate) async fn those_behind_one_that_failed_wait_and_others_do_not<S: Store>() {
    let rig = Rig::<S>::new().await;
    let first = rig.keep(keyed("a1", "a")).await;
    let second = rig.keep(keyed("a2", "a")).await;
    rig.settle(rig.take_one().await, failed(SHORT)).await;
    let b = rig.keep(keyed("b1", "b")).await;
    let third = rig.keep(keyed("a3", "a")).await;
    let free = rig.keep(event("c")).await;
    let taken = rig.take(10, LONG).await;
    assert_eq!(taken.iter().map(|leased| leased.lease.id).collect::<Vec<_>>(), [b, free]);
    for id in [first, second, third] {
        let leased = rig.take_one().await;
        assert_eq!(leased.lease.id, id);
        rig.settle(leased, Settlement::Done).await;
    }
}

pub(crate) async fn whatever_ends_the_first_lets_the_next_go<S: Store>() {
    let rig = Rig::<S>::new().await;
    let mut ids = Vec::new();
    for number in 0..4 {
        ids.push(rig.keep(keyed(&number.to_string(), "a")).await);
    }
    let endings = [
        Settlement::Done,
        Settlement::Dead { error: "for good".to_owned() },
        Settlement::Parked { reason: "unfit".to_owned() },
    ];
    for (id, ending) in ids.iter().zip(endings) {
        let leased = rig.take_one().await;
        assert_eq!(leased.lease.id, *id);
        rig.settle(leased, ending).await;
    }
    assert_eq!(rig.drain().await, ids[3..]);
}

pub(crate) async fn what_is_returned_keeps_its_place<S: Store>() {
    let rig = Rig::<S>::new().await;
    let first = rig.keep(keyed("a1", "a")).await;
    rig.keep(keyed("a2", "a")).await;
    rig.settle(rig.take_one().await, Settlement::Returned).await;
    assert_eq!(rig.drain().await, [first]);
}

pub(crate) async fn a_lease_that_is_over_keeps_the_order<S: Store>() {
    let rig = Rig::<S>::new().await;
    let first = rig.keep(keyed("a1", "a")).await;
    let second = rig.keep(keyed("a2", "a")).await;
    rig.take(1, SHORT).await;
    let again = rig.take(10, LONG).await;
    assert_eq!(again.iter().map(|leased| leased.lease.id).collect::<Vec<_>>(), [first]);
    rig.settle(again.into_iter().next().unwrap(), Settlement::Done).await;
    assert_eq!(rig.drain().await, [second]);
}

pub(crate) async fn to_park_the_first_lets_the_next_go<S: Store>() {
    let rig = Rig::<S>::new().await;
    let first = rig.keep(keyed("a1", "a")).await;
    let second = rig.keep(keyed("a2", "a")).await;
    rig.settle(rig.take_one().await, failed(LONG)).await;
    rig.assert_nothing_due().await;
    assert_eq!(rig.change(first, Change::Park).await, Changed::Changed);
    assert_eq!(rig.drain().await, [second]);
}

pub(crate) async fn to_park_one_in_the_middle_closes_the_gap<S: Store>() {
    let rig = Rig::<S>::new().await;
    let first = rig.keep(keyed("a1", "a")).await;
    let second = rig.keep(keyed("a2", "a")).await;
    let third = rig.keep(keyed("a3", "a")).await;
    assert_eq!(rig.change(second, Change::Park).await, Changed::Changed);
    let leased = rig.take_one().await;
    assert_eq!(leased.lease.id, first);
    rig.assert_nothing_due().await;
    rig.settle(leased, Settlement::Done).await;
    assert_eq!(rig.drain().await, [third]);
}

pub(crate) async fn one_that_is_handled_again_waits_for_its_key<S: Store>() {
    let rig = Rig::<S>::new().await;
    let old = rig.keep(keyed("a1", "a")).await;
    rig.settle(rig.take_one().await, Settlement::Done).await;
    let next = rig.keep(keyed("a2", "a")).await;
    let leased = rig.take_one().await;
    assert_eq!(leased.lease.id, next);
    assert_eq!(rig.change(old, Change::Replay).await, Changed::Changed);
    rig.assert_nothing_due().await;
    rig.settle(leased, Settlement::Done).await;
    assert_eq!(rig.drain().await, [old]);
}

pub(crate) async fn the_order_holds_after_a_restart<S: Store>() {
    if !S::DURABLE {
        return;
    }
    let rig = Rig::<S>::new().await;
    let mut ids = Vec::new();
    for number in 0..4 {
        ids.push(rig.keep(keyed(&number.to_string(), "a")).await);
    }
    rig.settle(rig.take_one().await, failed(2 * SHORT)).await;
    let rig = rig.reopen().await;
    let last = rig.keep(keyed("last", "a")).await;
    ids.push(last);
    assert_eq!(rig.state(ids[0]).await, State::Retrying);
    for id in ids {
        let leased = rig.take_one().await;
        assert_eq!(leased.lease.id, id);
        rig.settle(leased, Settlement::Done).await;
    }
}

/// More events behind a key, and more keys, than a store holds at hand.
pub(crate) async fn a_long_row_behind_one_that_fails_holds_up_nobody<S: Store>() {
    let rig = Rig::<S>::new().await;
    let mut row = Vec::new();
    for portion in 0..6 {
        let events = (0..100).map(|number| keyed(&format!("a{portion}-{number}"), "a")).collect();
        row.extend(rig.inbox.admit(events).await.unwrap());
    }
    let first = rig.take_one().await;
    rig.settle(first, failed(3 * MOMENT)).await;
    let free = rig.keep(event("free")).await;
    assert_eq!(rig.take_one().await.lease.id, free);
    let mut handled = Vec::new();
    for _ in 0..row.len() {
        let leased = rig.take_one().await;
        handled.push(leased.event.identity.clone());
        rig.settle(leased, Settlement::Done).await;
    }
    let expected: Vec<_> =
        (0..6).flat_map(|portion| (0..100).map(move |number| format!("a{portion}-{number}"))).collect();
    assert_eq!(handled, expected);
}

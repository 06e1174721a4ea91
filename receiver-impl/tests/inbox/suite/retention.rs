//! What goes away by age, and what does not.

use std::time::{Duration, SystemTime};

use receiver::inbox::{Admission, Inbox as _, Pruned, Settlement, State};

use crate::events::{earlier, event};
use crate::rig::{DAY, HOUR, LONG, RETENTION, Rig, Store};

/// Everything that is to be removed when it is so much later.
async fn prune<S: Store>(rig: &Rig<S>, time: Duration) -> Pruned {
    let mut all = Pruned::default();
    loop {
        let pruned = rig.inbox.prune(&RETENTION, SystemTime::now() + time).await.unwrap();
        (all.bodies, all.events) = (all.bodies + pruned.bodies, all.events + pruned.events);
        if !pruned.more {
            return all;
        }
    }
}

pub(crate) async fn nothing_young_is_removed<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.in_state("a", State::Done).await;
    assert_eq!(prune(&rig, 6 * DAY).await, Pruned::default());
    assert!(rig.show(id).await.has_body);
}

pub(crate) async fn a_body_goes_before_its_identity<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.in_state("a", State::Done).await;
    assert_eq!(prune(&rig, 7 * DAY + HOUR).await, Pruned { bodies: 1, events: 0, more: false });
    let record = rig.show(id).await;
    assert!(!record.has_body && record.event.body.is_empty() && record.event.headers.is_empty(), "{record:?}");
    assert_eq!((record.event.identity.as_str(), record.state, record.attempts.len()), ("a", State::Done, 1));
    assert_eq!(rig.listed().await[0].size, None);
    assert_eq!(rig.inbox.admit(vec![event("a")]).await.unwrap(), [Admission::Duplicate(id)]);
    assert_eq!(prune(&rig, 14 * DAY + HOUR).await, Pruned { bodies: 0, events: 1, more: false });
    assert!(rig.inbox.show(id).await.unwrap().is_none());
    assert_ne!(rig.keep(event("a")).await, id);
}

pub(crate) async fn body_and_identity_can_go_together<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.in_state("a", State::Done).await;
    assert_eq!(prune(&rig, 30 * DAY).await.events, 1);
    assert!(rig.inbox.show(id).await.unwrap().is_none());
    assert_eq!(rig.listed().await, []);
    assert_eq!(rig.inbox.stats().await.unwrap().done, 0);
}

pub(crate) async fn what_is_not_done_never_goes_by_age<S: Store>() {
    let rig = Rig::<S>::new().await;
    let mut ids = Vec::new();
    for state in [State::Dead, State::Parked, State::Retrying, State::Leased, State::Pending] {
        ids.push((rig.in_state(state.name(), state).await, state));
    }
    assert_eq!(prune(&rig, 1000 * DAY).await, Pruned::default());
    for (id, state) in ids {
        let record = rig.show(id).await;
        assert_eq!((record.state, record.has_body), (state, true));
    }
}

pub(crate) async fn a_young_event_stays_among_older_ones_that_came_later<S: Store>() {
    let rig = Rig::<S>::new().await;
    let mut ids = vec![rig.keep(event("young")).await];
    for number in 0..9 {
        ids.push(rig.keep(earlier(event(&format!("old {number}")), 20 * DAY)).await);
    }
    for leased in rig.take(10, LONG).await {
        rig.settle(leased, Settlement::Done).await;
    }
    prune(&rig, Duration::ZERO).await;
    assert!(rig.show(ids[0]).await.has_body);
    assert_eq!(rig.inbox.admit(vec![event("young")]).await.unwrap(), [Admission::Duplicate(ids[0])]);
}

pub(crate) async fn age_is_counted_from_the_arrival<S: Store>() {
    let rig = Rig::<S>::new().await;
    let old = rig.keep(earlier(event("old"), 8 * DAY)).await;
    let young = rig.keep(event("young")).await;
    for leased in rig.take(2, LONG).await {
        rig.settle(leased, Settlement::Done).await;
    }
    assert_eq!(prune(&rig, Duration::ZERO).await, Pruned { bodies: 1, events: 0, more: false });
    assert!(!rig.show(old).await.has_body && rig.show(young).await.has_body);
}

pub(crate) async fn much_goes_in_portions<S: Store>() {
    let rig = Rig::<S>::new().await;
    for portion in 0..3 {
        let events = (0..400).map(|number| event(&format!("{portion}-{number}"))).collect();
        rig.inbox.admit(events).await.unwrap();
        for leased in rig.take(400, LONG).await {
            rig.settle(leased, Settlement::Done).await;
        }
    }
    let first = rig.inbox.prune(&RETENTION, SystemTime::now() + 8 * DAY).await.unwrap();
    assert!(first.more && first.bodies <= 500, "{first:?}");
    assert_eq!(prune(&rig, 8 * DAY).await.bodies, 1200 - first.bodies);
    assert_eq!(prune(&rig, 8 * DAY).await, Pruned::default());
}

pub(crate) async fn removal_holds_after_a_restart<S: Store>() {
    if !S::DURABLE {
        return;
    }
    let rig = Rig::<S>::new().await;
    let gone = rig.keep(earlier(event("gone"), 8 * DAY)).await;
    rig.settle(rig.take_one().await, Settlement::Done).await;
    let id = rig.in_state("a", State::Done).await;
    prune(&rig, 7 * DAY - HOUR).await;
    let rig = rig.reopen().await;
    assert!(rig.show(id).await.has_body);
    assert!(rig.inbox.show(gone).await.unwrap().is_none());
    assert_ne!(rig.keep(event("gone")).await, gone);
}

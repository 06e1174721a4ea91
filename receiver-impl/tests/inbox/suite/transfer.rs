//! Events that were exported from one inbox and are imported into another.

use std::sync::Arc;

use receiver::inbox::{Admission, Event, EventId, Inbox as _, Record, State};

use crate::events::{event, keyed};
use crate::rig::{Rig, Store};

/// A new inbox with what another one shows of these events.
async fn moved<S: Store>(from: &Rig<S>, ids: &[EventId]) -> (Rig<S>, Vec<(Record, EventId)>) {
    let to = Rig::<S>::new().await;
    to.keep(event("was here before")).await;
    to.take_one().await;
    let mut records = Vec::new();
    for id in ids {
        records.push(from.show(*id).await);
    }
    let admissions = to.inbox.import(records.clone()).await.unwrap();
    let new = |admission| match admission {
        Admission::Kept(id) => id,
        Admission::Duplicate(id) => panic!("a duplicate of {id}"),
    };
    let ids = admissions.into_iter().map(new);
    let pairs = records.into_iter().zip(ids).collect();
    (to, pairs)
}

pub(crate) async fn an_event_comes_over_with_its_state_and_its_past<S: Store>() {
    let from = Rig::<S>::new().await;
    let mut ids = Vec::new();
    for state in State::ALL.into_iter().rev() {
        ids.push(from.in_state(state.name(), state).await);
    }
    let (to, pairs) = moved(&from, &ids).await;
    for (before, id) in pairs {
        let after = to.show(id).await;
        let expected = if before.state == State::Leased { State::Pending } else { before.state };
        assert_eq!((after.state, after.has_body), (expected, true));
        assert_eq!((&after.event, &after.attempts), (&before.event, &before.attempts));
        assert_eq!(after.next_attempt, before.next_attempt);
    }
}

pub(crate) async fn what_waited_is_due_and_counts_on<S: Store>() {
    let from = Rig::<S>::new().await;
    let pending = from.in_state("pending", State::Pending).await;
    let soon = from.show(pending).await;
    let failed = receiver::inbox::Attempt {
        number: 3,
        ended_at: crate::events::now(),
        ending: receiver::inbox::Ending::Failed,
        error: Some("the disk is full".to_owned()),
    };
    let again = Record {
        event: Arc::new(event("again")),
        state: State::Retrying,
        next_attempt: Some(crate::events::now()),
        attempts: vec![failed],
        ..soon.clone()
    };
    let to = Rig::<S>::new().await;
    let admissions = to.inbox.import(vec![soon, again]).await.unwrap();
    let taken = [to.take_one().await, to.take_one().await];
    let mut found: Vec<_> = taken.iter().map(|leased| (Admission::Kept(leased.lease.id), leased.attempt)).collect();
    found.sort_by_key(|(_, attempt)| *attempt);
    assert_eq!(found, [(admissions[0], 1), (admissions[1], 4)]);
}

pub(crate) async fn what_is_here_already_stays_as_it_is<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.in_state("a", State::Dead).await;
    let record = Record { state: State::Done, attempts: Vec::new(), ..rig.show(id).await };
    assert_eq!(rig.inbox.import(vec![record]).await.unwrap(), [Admission::Duplicate(id)]);
    let record = rig.show(id).await;
    assert_eq!((record.state, record.attempts.len()), (State::Dead, 1));
    assert_eq!(rig.inbox.stats().await.unwrap().duplicates, 0, "no provider sent it twice");
}

pub(crate) async fn an_imported_event_is_one_to_its_copies<S: Store>() {
    let from = Rig::<S>::new().await;
    let id = from.in_state("a", State::Done).await;
    let (to, pairs) = moved(&from, &[id]).await;
    assert_eq!(to.inbox.admit(vec![event("a")]).await.unwrap(), [Admission::Duplicate(pairs[0].1)]);
}

pub(crate) async fn an_event_without_its_body_comes_over_without_it<S: Store>() {
    let from = Rig::<S>::new().await;
    let id = from.in_state("a", State::Done).await;
    let bare = Event { body: Default::default(), headers: Default::default(), ..event("a") };
    let record = Record { has_body: false, event: Arc::new(bare), ..from.show(id).await };
    let to = Rig::<S>::new().await;
    let admissions = to.inbox.import(vec![record.clone()]).await.unwrap();
    let [Admission::Kept(id)] = admissions[..] else { panic!("{admissions:?}") };
    let after = to.show(id).await;
    assert_eq!((after.state, after.has_body, &after.event), (State::Done, false, &record.event));
    assert_eq!(to.listed().await[0].size, None);
}

pub(crate) async fn the_order_comes_over<S: Store>() {
    let from = Rig::<S>::new().await;
    let mut ids = Vec::new();
    for number in 0..3 {
        ids.push(from.keep(keyed(&number.to_string(), "a")).await);
    }
    let (to, pairs) = moved(&from, &ids).await;
    for (_, id) in pairs {
        let leased = to.take_one().await;
        assert_eq!(leased.lease.id, id);
        to.settle(leased, receiver::inbox::Settlement::Done).await;
    }
}

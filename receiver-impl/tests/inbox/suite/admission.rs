//! Keeping what is new, and only that.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use receiver::inbox::{Admission, Event, Inbox as _, Matched, Settlement, State};

use crate::events::{PROVIDER, digest, earlier, event, later, now, of};
use crate::rig::{DAY, HOUR, Rig, Store};

pub(crate) async fn answers_in_the_order_of_the_events<S: Store>() {
    let rig = Rig::<S>::new().await;
    let first = rig.keep(event("b")).await;
    let admissions = rig.inbox.admit(["a", "b", "c"].map(event).into()).await.unwrap();
    let [Admission::Kept(a), Admission::Duplicate(b), Admission::Kept(c)] = admissions[..] else {
        panic!("{admissions:?}");
    };
    assert!(first == b && b < a && a < c, "later admissions have greater ids: {b} {a} {c}");
    for (id, identity) in [(a, "a"), (b, "b"), (c, "c")] {
        assert_eq!(rig.show(id).await.event.identity, identity);
    }
}

pub(crate) async fn nothing_is_a_fine_admission<S: Store>() {
    let rig = Rig::<S>::new().await;
    assert_eq!(rig.inbox.admit(Vec::new()).await.unwrap(), []);
    assert_eq!(rig.listed().await, []);
}

pub(crate) async fn keeps_an_event_byte_for_byte<S: Store>() {
    let rig = Rig::<S>::new().await;
    let mut headers = HeaderMap::new();
    headers.append("x-signature", HeaderValue::from_static("sha512=00"));
    headers.append("x-signature", HeaderValue::from_static(""));
    headers.append("x-odd", HeaderValue::from_bytes(b"\xff: \t'\"").unwrap());
    let odd = Event {
        provider: "it's; DROP TABLE event".into(),
        endpoint: "\u{e4}\u{20ac}\u{1f600}".into(),
        event_type: None,
        identity: "%_'\"\\\n\u{0}".to_owned(),
        identity_is_digest: true,
        ordering_key: Some(String::new()),
        received_at: now(),
        headers,
        body: Bytes::from((0..=255).cycle().take(100_000).collect::<Vec<u8>>()),
        matched: vec![Matched { scheme: "a".into(), slot: 1 }, Matched { scheme: "b".into(), slot: 255 }],
    };
    let empty = Event {
        headers: HeaderMap::new(),
        body: Bytes::new(),
        event_type: Some(String::new()),
        matched: Vec::new(),
        ..event("empty")
    };
    for event in [odd, empty] {
        let id = rig.keep(event.clone()).await;
        let record = rig.show(id).await;
        assert_eq!(*record.event, event);
        assert!(record.id == id && record.has_body && record.attempts.is_empty(), "{record:?}");
        let provider = event.provider.clone();
        let leased = rig.take_of(&provider, 1, HOUR).await.pop().unwrap();
        assert_eq!(*leased.event, event);
    }
}

pub(crate) async fn a_copy_is_kept_once<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    let other = Event { body: Bytes::from_static(b"other"), event_type: None, ..event("a") };
    for copy in [event("a"), other] {
        assert_eq!(rig.inbox.admit(vec![copy]).await.unwrap(), [Admission::Duplicate(id)]);
    }
    assert_eq!(rig.listed().await.len(), 1);
    assert_eq!(rig.drain().await, [id]);
    assert_eq!(rig.inbox.stats().await.unwrap().duplicates, 2);
}

pub(crate) async fn copies_within_one_admission_are_kept_once<S: Store>() {
    let rig = Rig::<S>::new().await;
    let admissions = rig.inbox.admit(["a", "b", "a", "a"].map(event).into()).await.unwrap();
    let [Admission::Kept(a), Admission::Kept(_), Admission::Duplicate(second), Admission::Duplicate(third)] =
        admissions[..]
    else {
        panic!("{admissions:?}");
    };
    assert_eq!((second, third), (a, a));
    assert_eq!(rig.listed().await.len(), 2);
}

pub(crate) async fn an_identity_is_one_of_its_provider_alone<S: Store>() {
    let rig = Rig::<S>::new().await;
    let admissions = rig.inbox.admit(vec![event("a"), of("nursa", "a"), of("gridxa", ""), event("A")]).await.unwrap();
    assert!(admissions.iter().all(|admission| matches!(admission, Admission::Kept(_))), "{admissions:?}");
}

pub(crate) async fn whatever_became_of_an_event_its_copy_is_one<S: Store>() {
    let rig = Rig::<S>::new().await;
    for state in [State::Done, State::Dead, State::Parked, State::Retrying, State::Leased] {
        let id = rig.in_state(state.name(), state).await;
        assert_eq!(rig.inbox.admit(vec![event(state.name())]).await.unwrap(), [Admission::Duplicate(id)]);
        assert_eq!(rig.state(id).await, state, "a copy changes nothing");
    }
}

pub(crate) async fn copies_that_race_are_kept_once<S: Store>() {
    let rig = Rig::<S>::new().await;
    for round in 0..20 {
        let racers: Vec<_> = (0..16)
            .map(|_| {
                let inbox = Arc::clone(&rig.inbox);
                tokio::spawn(async move { inbox.admit(vec![event(&round.to_string())]).await.unwrap()[0] })
            })
            .collect();
        let (mut kept, mut copies) = (Vec::new(), Vec::new());
        for racer in racers {
            match racer.await.unwrap() {
                Admission::Kept(id) => kept.push(id),
                Admission::Duplicate(id) => copies.push(id),
            }
        }
        assert_eq!(kept.len(), 1, "round {round}");
        assert!(copies.len() == 15 && copies.iter().all(|copy| *copy == kept[0]), "{kept:?} {copies:?}");
    }
    assert_eq!(rig.listed().await.len(), 20);
}

pub(crate) async fn many_admissions_at_once_are_all_kept<S: Store>() {
    let rig = Rig::<S>::new().await;
    let admitting: Vec<_> = (0..500)
        .map(|number| {
            let inbox = Arc::clone(&rig.inbox);
            tokio::spawn(async move { inbox.admit(vec![event(&number.to_string())]).await.unwrap()[0] })
        })
        .collect();
    let mut ids = Vec::new();
    for admission in admitting {
        match admission.await.unwrap() {
            Admission::Kept(id) => ids.push(id),
            Admission::Duplicate(id) => panic!("a duplicate of {id}"),
        }
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 500);
    assert_eq!(rig.drain().await, ids);
    assert_eq!(rig.inbox.stats().await.unwrap().admitted, 500);
}

pub(crate) async fn an_identity_is_forgotten_after_its_time<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.in_state("a", State::Done).await;
    let copy = later(event("a"), 13 * DAY);
    assert_eq!(rig.inbox.admit(vec![copy]).await.unwrap(), [Admission::Duplicate(id)]);
    assert_ne!(rig.keep(later(event("a"), 15 * DAY)).await, id);
}

pub(crate) async fn a_digest_is_forgotten_sooner<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(digest("sha256:1")).await;
    rig.inbox.settle(rig.take_one().await.lease, Settlement::Done).await.unwrap();
    let copy = later(digest("sha256:1"), 23 * HOUR);
    assert_eq!(rig.inbox.admit(vec![copy]).await.unwrap(), [Admission::Duplicate(id)]);
    let next = rig.keep(later(digest("sha256:1"), 25 * HOUR)).await;
    let copy = later(digest("sha256:1"), 26 * HOUR);
    assert_eq!(rig.inbox.admit(vec![copy]).await.unwrap(), [Admission::Duplicate(next)], "the newest one counts");
}

pub(crate) async fn a_clock_that_was_set_back_makes_no_copy_new<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    let copy = earlier(event("a"), 400 * DAY);
    assert_eq!(rig.inbox.admit(vec![copy]).await.unwrap(), [Admission::Duplicate(id)]);
}

pub(crate) async fn what_was_kept_is_there_after_a_restart<S: Store>() {
    if !S::DURABLE {
        return;
    }
    let rig = Rig::<S>::new().await;
    let events = ["a", "b", "c"].map(event);
    let admissions = rig.inbox.admit(events.clone().into()).await.unwrap();
    let rig = rig.reopen().await;
    for (event, admission) in events.into_iter().zip(&admissions) {
        let Admission::Kept(id) = *admission else { panic!("{admission:?}") };
        assert_eq!(*rig.show(id).await.event, event);
        assert_eq!(rig.inbox.admit(vec![event]).await.unwrap(), [Admission::Duplicate(id)]);
    }
    let next = rig.keep(event("d")).await;
    let ids: Vec<_> = rig.take(10, HOUR).await.iter().map(|leased| leased.lease.id).collect();
    assert_eq!((ids.len(), ids.last()), (4, Some(&next)));
    assert!(ids.is_sorted());
    assert_eq!(rig.inbox.stats().await.unwrap().duplicates, 3);
    assert_eq!(rig.show(next).await.event.provider, PROVIDER);
}

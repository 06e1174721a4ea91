//! Reading lists.

use receiver::inbox::{EventId, Filter, Inbox as _, State};

use crate::events::{earlier, event, now, of};
use crate::rig::{HOUR, Rig, Store};

/// The ids of every page, read with so many events a page.
async fn pages<S: Store>(rig: &Rig<S>, filter: &Filter, limit: usize) -> Vec<Vec<EventId>> {
    let (mut pages, mut after) = (Vec::new(), None);
    loop {
        let page = rig.inbox.list(filter, after, limit).await.unwrap();
        pages.push(page.events.iter().map(|event| event.id).collect());
        match page.next {
            Some(next) => after = Some(next),
            None => return pages,
        }
    }
}

pub(crate) async fn lists_the_newest_first_page_by_page<S: Store>() {
    let rig = Rig::<S>::new().await;
    let mut ids = rig.keep_all(["a", "b", "c", "d", "e"]).await;
    ids.reverse();
    let all = Filter::default();
    assert_eq!(pages(&rig, &all, 2).await, [&ids[..2], &ids[2..4], &ids[4..]]);
    assert_eq!(pages(&rig, &all, 5).await, [&ids[..]], "no page is empty for nothing");
    assert_eq!(pages(&rig, &all, 100).await, [&ids[..]]);
    assert_eq!(pages(&rig, &all, 1).await.len(), 5);
}

pub(crate) async fn an_empty_inbox_has_one_empty_page<S: Store>() {
    let rig = Rig::<S>::new().await;
    assert_eq!(pages(&rig, &Filter::default(), 10).await, [[]; 1]);
}

pub(crate) async fn pages_stay_where_they_are_while_events_come_and_go<S: Store>() {
    let rig = Rig::<S>::new().await;
    let ids = rig.keep_all(["a", "b", "c", "d"]).await;
    let first = rig.inbox.list(&Filter::default(), None, 2).await.unwrap();
    rig.keep_all(["e", "f"]).await;
    let second = rig.inbox.list(&Filter::default(), first.next, 2).await.unwrap();
    assert_eq!(second.events.iter().map(|event| event.id).collect::<Vec<_>>(), [ids[1], ids[0]]);
    assert_eq!(second.next, None);
    // Also from behind an event that is gone.
    let page = rig.inbox.list(&Filter::default(), Some(EventId(ids[1].0 + 1)), 1).await.unwrap();
    assert_eq!(page.events[0].id, ids[1]);
}

pub(crate) async fn a_line_tells_what_the_event_is<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.in_state("a", State::Retrying).await;
    let record = rig.show(id).await;
    let [line] = &rig.listed().await[..] else { panic!("one") };
    assert_eq!(*line, record.summary());
    assert_eq!((line.state, line.attempts, line.size), (State::Retrying, 1, Some(record.event.body.len() as u64)));
    assert!(line.next_attempt.is_some_and(|next| next > now()), "{line:?}");
}

pub(crate) async fn filters_by_everything<S: Store>() {
    let rig = Rig::<S>::new().await;
    let dead = rig.in_state("dead", State::Dead).await;
    let done = rig.in_state("done", State::Done).await;
    let parked = rig.in_state("parked", State::Parked).await;
    let retrying = rig.in_state("retrying", State::Retrying).await;
    let leased = rig.in_state("leased", State::Leased).await;
    let pending = rig.keep(earlier(event("pending"), 3 * HOUR)).await;
    let nursa = rig.keep(of("nursa", "other")).await;
    let mut untyped = of("nursa", "untyped");
    untyped.event_type = None;
    let untyped = rig.keep(untyped).await;
    let mut typed = of("greenlake", "typed");
    typed.event_type = Some("ping".to_owned());
    let typed = rig.keep(typed).await;

    let states = |states: &[State]| Filter { states: states.to_vec(), ..Filter::default() };
    let cases = [
        (Filter::default(), vec![typed, untyped, nursa, pending, leased, retrying, parked, done, dead]),
        (Filter { provider: Some("nursa".to_owned()), ..Filter::default() }, vec![untyped, nursa]),
        (Filter { provider: Some("nobody".to_owned()), ..Filter::default() }, vec![]),
        (Filter { event_type: Some("ping".to_owned()), ..Filter::default() }, vec![typed]),
        (Filter { identity: Some("parked".to_owned()), ..Filter::default() }, vec![parked]),
        (Filter { from: Some(now() - HOUR), ..states(&[State::Pending]) }, vec![typed, untyped, nursa]),
        (Filter { until: Some(now() - HOUR), ..Filter::default() }, vec![pending]),
        (Filter { from: Some(now() - 4 * HOUR), until: Some(now() - HOUR), ..Filter::default() }, vec![pending]),
        (states(&[State::Dead]), vec![dead]),
        (states(&[State::Done]), vec![done]),
        (states(&[State::Parked]), vec![parked]),
        (states(&[State::Retrying]), vec![retrying]),
        (states(&[State::Leased]), vec![leased]),
        (states(&[State::Pending]), vec![typed, untyped, nursa, pending]),
        (states(&[State::Dead, State::Leased, State::Done]), vec![leased, done, dead]),
        (Filter { identity: Some("dead".to_owned()), ..states(&[State::Done]) }, vec![]),
        (
            Filter {
                provider: Some("nursa".to_owned()),
                event_type: Some("appliance/online".to_owned()),
                ..states(&[State::Pending])
            },
            vec![nursa],
        ),
    ];
    for (filter, expected) in cases {
        for limit in [1, 2, 100] {
            let found = pages(&rig, &filter, limit).await;
            assert!(found[..found.len() - 1].iter().all(|page| page.len() == limit), "{filter:?} {found:?}");
            assert_eq!(found.concat(), expected, "{limit} a page, {filter:?}");
        }
    }
}

pub(crate) async fn shows_nothing_of_what_is_not_there<S: Store>() {
    let rig = Rig::<S>::new().await;
    let id = rig.keep(event("a")).await;
    for unknown in [EventId(0), EventId(id.0 + 1), EventId(u64::MAX >> 1)] {
        assert!(rig.inbox.show(unknown).await.unwrap().is_none());
    }
}

//! The windows are small here, so that what goes beyond them is tested with few events.

use std::collections::BTreeMap;

use super::*;
use crate::inbox::lease::Lease;

const LEASE: Duration = Duration::from_secs(10);

/// A schedule with one lane, and the store behind it.
struct World {
    schedule: Schedule,
    lane: usize,
    /// What waits, with its key and the time before which it is not due.
    store: BTreeMap<EventId, (Option<i64>, Option<Instant>)>,
    now: Instant,
    last: u64,
}

impl World {
    fn new() -> Self {
        let mut schedule = Schedule::default();
        let lane = schedule.lane("p", None);
        Self { schedule, lane, store: BTreeMap::new(), now: Instant::now(), last: 0 }
    }

    fn admit(&mut self, key: Option<i64>) -> EventId {
        self.last += 1;
        let id = EventId(self.last);
        self.store.insert(id, (key, None));
        self.schedule.add(self.lane, waiting(id, key, None));
        id
    }

    fn take(&mut self, most: usize) -> Vec<Lent> {
        self.schedule.take(self.lane, most, self.now, self.now + LEASE)
    }

    fn take_ids(&mut self, most: usize) -> Vec<u64> {
        self.take(most).iter().map(|lent| lent.lease.id.0).collect()
    }

    fn done(&mut self, lease: &Lease) {
        assert!(self.schedule.settle(lease, Next::Gone, self.now).is_some());
        self.store.remove(&lease.id);
        self.schedule.ended(lease.id);
    }

    fn again(&mut self, lease: &Lease, after: Duration) {
        let due = self.now + after;
        assert!(self.schedule.settle(lease, Next::Again(due), self.now).is_some());
        if let Some((_, at)) = self.store.get_mut(&lease.id) {
            *at = Some(due);
        }
    }

    /// What a store does after each of its turns.
    fn refill(&mut self) {
        while let Some(wanted) = self.schedule.wants(self.lane, self.now) {
            let mut rows: Vec<_> = self.store.iter().map(|(id, (key, due))| waiting(*id, *key, *due)).collect();
            match wanted {
                Wanted::From(from) => rows.retain(|row| row.id >= from),
                Wanted::OfKey(key, from) => rows.retain(|row| row.id >= from && row.key == Some(key)),
                Wanted::Due(_) => {
                    rows.retain(|row| row.due.is_some());
                    rows.sort_by_key(|row| row.due);
                }
            }
            rows.truncate(wanted.limit());
            let next = rows.last().filter(|_| rows.len() == wanted.limit()).map(|last| EventId(last.id.0 + 1));
            self.schedule.refill(self.lane, wanted, rows, next);
        }
    }
}

fn waiting(id: EventId, key: Option<i64>, due: Option<Instant>) -> Waiting {
    Waiting { id, key, tries: 0, attempts: 0, due, content: None }
}

#[test]
fn the_oldest_goes_first() {
    let mut world = World::new();
    (0..5).for_each(|_| _ = world.admit(None));
    assert_eq!(world.take_ids(2), [1, 2]);
    assert_eq!(world.take_ids(9), [3, 4, 5]);
    assert_eq!(world.take_ids(9), [0; 0]);
}

#[test]
fn events_of_a_key_go_one_at_a_time_and_others_pass_them() {
    let mut world = World::new();
    for key in [Some(7), Some(7), Some(8), None, Some(7)] {
        world.admit(key);
    }
    let lent = world.take(9);
    assert_eq!(lent.iter().map(|lent| lent.lease.id.0).collect::<Vec<_>>(), [1, 3, 4]);
    world.again(&lent[0].lease, Duration::from_secs(60));
    assert_eq!(world.take_ids(9), [0; 0], "those behind an event that failed wait for it");
    world.now += Duration::from_secs(60);
    let lent = world.take(1);
    assert_eq!((lent[0].lease.id.0, lent[0].tries), (1, 1));
    world.done(&lent[0].lease);
    assert_eq!(world.take_ids(9), [2, 3, 4], "3 and 4 because their leases are over");
}

#[test]
fn a_lease_that_is_over_settles_nothing() {
    let mut world = World::new();
    world.admit(None);
    let first = world.take(1);
    world.now += LEASE;
    assert!(world.schedule.settle(&first[0].lease, Next::Gone, world.now).is_none());
    let second = world.take(1);
    assert_eq!((second[0].lease.id.0, second[0].tries), (1, 1));
    assert!(!world.schedule.extend(&first[0].lease, world.now, world.now + LEASE));
    assert!(world.schedule.settle(&first[0].lease, Next::Gone, world.now).is_none());
    assert!(world.schedule.settle(&second[0].lease, Next::Gone, world.now).is_some());
}

#[test]
fn a_lease_can_be_made_longer() {
    let mut world = World::new();
    world.admit(None);
    let lent = world.take(1);
    world.now += LEASE / 2;
    assert!(world.schedule.extend(&lent[0].lease, world.now, world.now + LEASE));
    world.now += LEASE * 3 / 4;
    assert_eq!(world.take_ids(1), [0; 0]);
    world.done(&lent[0].lease);
}

#[test]
fn what_is_given_back_is_nobodys_attempt() {
    let mut world = World::new();
    world.admit(Some(1));
    let lent = world.take(1);
    world.schedule.settle(&lent[0].lease, Next::Untried, world.now);
    assert_eq!(world.take(1)[0].tries, 0);
}

#[test]
fn what_is_held_back_keeps_its_turn_and_is_not_lent() {
    let mut world = World::new();
    world.admit(Some(1));
    world.admit(Some(1));
    assert_eq!(world.schedule.hold_back(EventId(1), world.now), Ok(()));
    assert_eq!(world.take_ids(9), [0; 0]);
    world.schedule.let_go(EventId(1));
    let lent = world.take(9);
    assert_eq!(lent[0].lease.id.0, 1);
    assert_eq!(world.schedule.hold_back(EventId(1), world.now), Err(IsLent));
    world.again(&lent[0].lease, Duration::from_secs(60));
    assert_eq!(world.schedule.hold_back(EventId(1), world.now), Ok(()));
    world.schedule.add(world.lane, waiting(EventId(1), Some(1), None));
    let lent = world.take(9);
    assert_eq!((lent[0].lease.id.0, lent[0].tries), (1, 0), "tried at once, and still before the one behind it");
    world.done(&lent[0].lease);
    assert_eq!(world.take_ids(9), [2]);
}

#[test]
fn what_is_held_back_behind_another_goes_on_when_its_turn_has_come() {
    let mut world = World::new();
    (0..3).for_each(|_| _ = world.admit(Some(1)));
    assert_eq!(world.schedule.hold_back(EventId(2), world.now), Ok(()));
    let first = world.take(1);
    world.done(&first[0].lease);
    assert_eq!(world.take_ids(9), [0; 0], "those behind it do not pass it");
    world.refill();
    let second = world.take(9);
    assert_eq!(second.iter().map(|lent| lent.lease.id.0).collect::<Vec<_>>(), [2]);
    world.done(&second[0].lease);
    world.refill();
    assert_eq!(world.take_ids(9), [3]);
}

#[test]
fn what_the_store_has_not_yet_forgotten_does_not_come_back() {
    let mut world = World::new();
    world.admit(None);
    let lent = world.take(1);
    world.schedule.settle(&lent[0].lease, Next::Gone, world.now);
    world.schedule.read_again(world.lane, EventId(1));
    world.refill();
    assert_eq!(world.take_ids(1), [0; 0]);
}

#[test]
fn more_events_than_fit_are_lent_in_order_all_the_same() {
    let mut world = World::new();
    (0..1000).for_each(|_| _ = world.admit(None));
    assert!(world.schedule.entries.len() <= WINDOW);
    let mut seen = Vec::new();
    loop {
        world.refill();
        let lent = world.take(10);
        if lent.is_empty() {
            break;
        }
        for lent in lent {
            seen.push(lent.lease.id.0);
            world.done(&lent.lease);
        }
    }
    assert_eq!(seen, (1..=1000).collect::<Vec<_>>());
}

#[test]
fn a_key_that_fails_does_not_keep_others_waiting_however_many_are_behind_it() {
    let mut world = World::new();
    for n in 0..40 {
        (0..30).for_each(|_| _ = world.admit(Some(n)));
    }
    let healthy = world.admit(None);
    let mut served = false;
    for _ in 0..200 {
        world.refill();
        for lent in world.take(8) {
            if lent.lease.id == healthy {
                served = true;
                world.done(&lent.lease);
            } else {
                world.again(&lent.lease, Duration::from_secs(3600));
            }
        }
    }
    assert!(served);
}

/// As many events as two windows hold, each tried once and waiting for an hour and more.
fn all_waiting(world: &mut World, key: impl Fn(u64) -> Option<i64>) {
    for number in 0..2 * WINDOW as u64 {
        world.admit(key(number));
        world.refill();
        for lent in world.take(9) {
            world.again(&lent.lease, Duration::from_secs(3600 + number));
        }
    }
    assert_eq!(world.take_ids(9), [0; 0]);
}

#[test]
fn new_events_are_lent_while_more_than_a_window_wait_for_their_next_attempt() {
    for key in [|_| None, |number: u64| Some(number.cast_signed() % 40)] {
        let mut world = World::new();
        all_waiting(&mut world, key);
        let new = world.admit(Some(-1));
        world.refill();
        assert_eq!(world.take_ids(9), [new.0]);
        assert!(world.schedule.lanes[0].held <= WINDOW);
    }
}

#[test]
fn what_was_put_away_comes_when_it_is_due_and_not_before() {
    let mut world = World::new();
    all_waiting(&mut world, |_| None);
    world.now += Duration::from_secs(3500);
    world.refill();
    assert_eq!(world.take_ids(9), [0; 0]);
    world.now += Duration::from_secs(7200);
    let mut all = 0;
    while all < 2 * WINDOW {
        world.refill();
        let lent = world.take(9);
        assert!(!lent.is_empty(), "{all} events were lent");
        all += lent.len();
        lent.iter().for_each(|lent| world.done(&lent.lease));
    }
    world.refill();
    assert_eq!((world.take_ids(9), world.schedule.entries.len()), (vec![], 0));
}

#[test]
fn what_was_put_away_can_be_tried_by_hand_and_lets_those_behind_it_go_on_when_it_is_removed() {
    let mut world = World::new();
    all_waiting(&mut world, |number| (number < 40).then_some(number.cast_signed()));
    let away = world.schedule.entries.iter().filter(|(_, entry)| matches!(entry.place, Place::Away(_)));
    let mut away: Vec<_> = away.map(|(id, entry)| (*id, entry.key)).collect();
    away.sort_unstable();
    let [(tried, _), (removed, key), (left, _), ..] = away[..] else { panic!("{away:?}") };
    let behind = world.admit(key);
    world.refill();
    assert_eq!(world.take_ids(9), [0; 0]);
    for id in [tried, removed, left] {
        world.schedule.hold_back(id, world.now).unwrap();
    }
    world.schedule.add(world.lane, waiting(tried, None, None));
    world.store.remove(&removed);
    world.schedule.remove(removed);
    world.schedule.let_go(left);
    world.refill();
    assert_eq!(world.take_ids(9), [tried.0, behind.0]);
}

/// Random admissions, leases, failures and restarts of the clock; each event must be done once, those of a key in order.
#[test]
fn loses_nothing_and_keeps_the_order_of_keys() {
    for seed in 1..60_u64 {
        let mut state = seed;
        let mut random = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut world = World::new();
        let mut lent: Vec<Lent> = Vec::new();
        let mut done = Vec::new();
        let mut keys = BTreeMap::new();
        for step in 0..3000 {
            if step < 1500 && random(3) > 0 {
                let key = Some(random(12)).filter(|key| *key < 9).map(u64::cast_signed);
                keys.insert(world.admit(key), key);
            }
            if random(3) == 0 {
                let most = usize::try_from(random(6)).unwrap();
                lent.extend(world.take(most));
            }
            if !lent.is_empty() && random(2) == 0 {
                let ended = lent.swap_remove(usize::try_from(random(lent.len() as u64)).unwrap());
                match random(8) {
                    // In every other run many wait for a long time, so that some are put away.
                    0 if step < 2000 => world.again(&ended.lease, Duration::from_secs(random(5))),
                    2..6 if step < 2000 && seed % 2 == 0 => {
                        world.again(&ended.lease, Duration::from_secs(20 + random(60)));
                    }
                    1 => _ = world.schedule.settle(&ended.lease, Next::Untried, world.now),
                    _ => {
                        done.push(ended.lease.id);
                        world.done(&ended.lease);
                    }
                }
            }
            if random(20) == 0 {
                world.now += Duration::from_millis(700);
                // Leases end, and whoever had them knows nothing of it.
                let now = world.now;
                lent.retain(|lent| world.schedule.lent(&lent.lease, now).is_some());
            }
            world.refill();
        }
        for lent in lent.drain(..) {
            done.push(lent.lease.id);
            world.done(&lent.lease);
        }
        while !world.store.is_empty() {
            world.now += Duration::from_secs(100);
            world.refill();
            let lent = world.take(64);
            assert!(!lent.is_empty(), "seed {seed}: {} events are never lent", world.store.len());
            for lent in lent {
                done.push(lent.lease.id);
                world.done(&lent.lease);
            }
        }
        world.refill();
        assert_eq!(done.len(), keys.len(), "seed {seed}");
        let mut last = BTreeMap::new();
        for id in done {
            if let Some(key) = keys[&id] {
                let before = last.insert(key, id);
                assert!(before.is_none_or(|before| before < id), "seed {seed}: key {key}: {id} after {before:?}");
            }
        }
        assert_eq!((world.schedule.entries.len(), world.schedule.lanes[0].held), (0, 0), "seed {seed}");
        let lane = &world.schedule.lanes[0];
        assert!(lane.keys.is_empty() && lane.away == 0, "seed {seed}");
    }
}

//! Which segments of events may have an identity: a Bloom filter for each segment, laid out so that one look answers
//! for 64 of them.
//!
//! A filter of its own for each segment would cost a few memory accesses a segment. Here bit `s` of the word at a
//! position belongs to segment `s`: the words at an identity's positions, combined by "and", leave a bit for each
//! segment that may have it. Forgetting a segment clears its bit everywhere.

/// How many events a segment has.
pub(super) const SEGMENT: u64 = 1 << 16;
/// Positions of a plane: 16 bits for each event of a segment.
const POSITIONS: usize = 1 << 20;
/// Positions of an identity. With 16 bits an event, one segment in 1700 is named in vain.
const PROBES: u32 = 8;
/// Segments of a plane.
const LANES: u64 = 64;

/// The filters of all segments that are full.
#[derive(Debug, Default)]
pub(super) struct Filter {
    planes: Vec<Plane>,
}

/// The filters of 64 segments.
struct Plane {
    /// The first segment is this times 64.
    number: u64,
    words: Vec<u64>,
}

impl Filter {
    /// Notes that a segment has an identity.
    pub(super) fn add(&mut self, segment: u64, hash: i64) {
        let number = segment / LANES;
        let index = self.planes.iter().position(|plane| plane.number == number).unwrap_or_else(|| {
            self.planes.push(Plane { number, words: vec![0; POSITIONS] });
            self.planes.len() - 1
        });
        let bit = 1 << (segment % LANES);
        for position in positions(hash) {
            self.planes[index].words[position] |= bit;
        }
    }

    /// The segments that may have an identity, the newest first.
    pub(super) fn may_have(&self, hash: i64) -> impl Iterator<Item = u64> + use<> {
        let mut found: Vec<(u64, u64)> = Vec::new();
        for plane in &self.planes {
            let bits = positions(hash).fold(u64::MAX, |bits, position| bits & plane.words[position]);
            if bits != 0 {
                found.push((plane.number, bits));
            }
        }
        found.sort_unstable_by_key(|(number, _)| std::cmp::Reverse(*number));
        found.into_iter().flat_map(|(number, bits)| {
            (0..LANES).rev().filter(move |lane| bits >> lane & 1 == 1).map(move |lane| number * LANES + lane)
        })
    }

    /// Forgets every segment before this one.
    pub(super) fn forget_before(&mut self, segment: u64) {
        self.planes.retain(|plane| (plane.number + 1) * LANES > segment);
        for plane in self.planes.iter_mut().filter(|plane| plane.number * LANES < segment) {
            let keep = u64::MAX << (segment % LANES);
            plane.words.iter_mut().for_each(|word| *word &= keep);
        }
    }
}

/// Where an identity leaves its marks. The hash is a good one, so its halves do for two.
fn positions(hash: i64) -> impl Iterator<Item = usize> {
    let hash = hash.cast_unsigned();
    // An odd step visits every position.
    let (start, step) = (hash, (hash >> 32) | 1);
    let mask = POSITIONS as u64 - 1;
    // The mask leaves less than any machine's word.
    (0..u64::from(PROBES)).map(move |n| (start.wrapping_add(n.wrapping_mul(step)) & mask) as usize)
}

impl std::fmt::Debug for Plane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plane").field("number", &self.number).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::seen::hash;
    use super::*;

    fn identity(segment: u64, number: u64) -> i64 {
        hash("p", &format!("{segment}/{number}"))
    }

    #[test]
    fn never_misses_what_is_there_and_seldom_names_what_is_not() {
        let mut filter = Filter::default();
        let segments = [0, 1, 63, 64, 200];
        for segment in segments {
            for number in 0..SEGMENT {
                filter.add(segment, identity(segment, number));
            }
        }
        for segment in segments {
            assert!((0..2000).all(|number| filter.may_have(identity(segment, number)).any(|found| found == segment)));
        }
        let in_vain: usize = (0..20_000).map(|number| filter.may_have(identity(9999, number)).count()).sum();
        // 20,000 looks at five full segments; one in 1700 is expected to be named.
        assert!(in_vain < 200, "{in_vain}");
    }

    #[test]
    fn names_the_newest_segment_first() {
        let mut filter = Filter::default();
        for segment in [3, 70, 5, 130] {
            filter.add(segment, identity(0, 0));
        }
        assert_eq!(filter.may_have(identity(0, 0)).collect::<Vec<_>>(), [130, 70, 5, 3]);
    }

    #[test]
    fn forgets_old_segments() {
        let mut filter = Filter::default();
        for segment in [3, 63, 64, 70, 130] {
            filter.add(segment, identity(0, 0));
        }
        filter.forget_before(70);
        assert_eq!(filter.may_have(identity(0, 0)).collect::<Vec<_>>(), [130, 70]);
        assert_eq!(filter.planes.len(), 2);
    }
}

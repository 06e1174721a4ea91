//! As much DER (ITU-T X.690) as public keys need: definite, minimal lengths, read strictly front to back.

/// The tags that occur in public keys.
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const SEQUENCE: u8 = 0x30;

/// What is left to read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The contents of the next value, which must have `tag`.
    pub(super) fn read(&mut self, tag: u8) -> Option<&'a [u8]> {
        let (&found, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (len, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81 => {
                let (&[len], rest) = rest.split_first_chunk()?;
                (usize::from(len), rest)
            }
            0x82 => {
                let (&len, rest) = rest.split_first_chunk()?;
                (usize::from(u16::from_be_bytes(len)), rest)
            }
            _ => return None,
        };
        let minimal = matches!((first, len), (0..=0x7f, _) | (0x81, 0x80..) | (0x82, 0x100..));
        let (value, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        (found == tag && minimal).then_some(value)
    }

    /// The next value, a positive integer, without leading zeros.
    pub(super) fn read_positive(&mut self) -> Option<&'a [u8]> {
        let value = self.read(INTEGER)?;
        match value {
            [0, magnitude @ ..] if magnitude.first().is_some_and(|first| *first > 0x7f) => Some(magnitude),
            [1..=0x7f, ..] => Some(value),
            _ => None,
        }
    }

    /// Whether everything is read.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Option<&[u8]> {
        Reader::new(bytes).read(SEQUENCE)
    }

    #[test]
    fn reads_the_three_forms_of_length() {
        assert_eq!(read(&[0x30, 1, 9, 8]), Some(&[9][..]));
        let long = [&[0x30, 0x81, 0x80][..], &[7; 0x80]].concat();
        assert_eq!(read(&long).map(<[u8]>::len), Some(0x80));
        let longer = [&[0x30, 0x82, 1, 0][..], &[7; 0x100]].concat();
        assert_eq!(read(&longer).map(<[u8]>::len), Some(0x100));
    }

    #[test]
    fn refuses_other_tags_and_truncated_or_padded_lengths() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x31, 0],
            &[0x30, 1],
            &[0x30, 0x80, 0, 0],
            &[0x30, 0x81],
            &[0x30, 0x81, 1, 9],
            &[0x30, 0x82, 0, 1, 9],
            &[0x30, 0x83, 0, 0, 1, 9],
        ] {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn reads_only_positive_integers_in_their_shortest_form() {
        let read = |bytes: &'static [u8]| Reader::new(bytes).read_positive();
        assert_eq!(read(&[2, 1, 3]), Some(&[3][..]));
        assert_eq!(read(&[2, 2, 0, 0x80]), Some(&[0x80][..]));
        for bytes in [&[2, 0][..], &[2, 1, 0], &[2, 1, 0x80], &[2, 2, 0, 1]] {
            assert_eq!(read(bytes), None, "{bytes:?}");
        }
    }
}

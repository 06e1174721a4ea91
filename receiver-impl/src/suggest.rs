//! Which known name a misspelt one was probably meant to be.

/// The closest of `known` to `given`, unless none is close.
pub(crate) fn closest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = known.into_iter().map(|name| (strsim::jaro_winkler(given, name), name));
    scored.filter(|(score, _)| *score > 0.8).max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_the_name_that_was_meant() {
        assert_eq!(closest("aplliance/online", ["appliance/online", "gateway/online"]), Some("appliance/online"));
    }

    #[test]
    fn suggests_nothing_far_away() {
        assert_eq!(closest("zebra", ["appliance/online", "gateway/online"]), None);
    }
}

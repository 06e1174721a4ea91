//! What verification takes of memory does not depend on how many signatures somebody sends.

use allocation_counter::measure;
use http::{HeaderMap, HeaderValue};
use receiver::secrets::Secret;
use receiver::signature::{Signer, Verifier};

use crate::bodies::schemes::ALL;

/// The same header with signatures before the right one that are not.
fn with_further(value: &str, wrong: usize) -> String {
    let (head, last) = value.rsplit_once(',').map_or(("", value), |(head, last)| (head, last));
    let (name, digits) = last.split_once('=').unwrap();
    let further = format!("{name}={},", "0".repeat(digits.len()));
    let comma = if head.is_empty() { "" } else { "," };
    format!("{head}{comma}{}{last}", further.repeat(wrong))
}

#[test]
fn no_candidate_costs_an_allocation() {
    let (body, now) = (br#"{"number":1}"#, 1_767_225_600);
    let lists: Vec<_> = ALL.iter().filter(|keyed| keyed.scheme.max_signatures > 1 && !keyed.signs_id()).collect();
    assert!(lists.len() > 2);
    for keyed in lists {
        let (name, wrong) = (keyed.scheme.name, keyed.scheme.max_signatures - 1);
        let signer = Signer::new(keyed.scheme, &[Secret::new(keyed.private)]).unwrap();
        let signed = signer.sign(&HeaderMap::new(), body, now).unwrap();
        let (header, value) = signed.first().unwrap();
        let others = [Secret::new("of somebody else"), Secret::new("of a third"), Secret::new(keyed.public)];
        let allocations = |secrets: &[Secret], wrong: usize| {
            let verifier = Verifier::new(keyed.scheme, secrets).unwrap();
            let value = with_further(value.to_str().unwrap(), wrong);
            let headers = HeaderMap::from_iter([(header.clone(), HeaderValue::from_str(&value).unwrap())]);
            let mut slot = 0;
            let counted = measure(|| slot = verifier.verify(&headers, body, now).map_or(0, |verified| verified.slot));
            assert_eq!(usize::from(slot), secrets.len(), "{name}: {value}");
            counted.count_total
        };
        let least = allocations(&others[2..], 0);
        assert_eq!(allocations(&others[2..], wrong), least, "{name}: several signatures");
        assert_eq!(allocations(&others, wrong), least, "{name}: several signatures, three secrets");
    }
}

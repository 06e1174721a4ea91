//! `X-Signature` when it is not as it should be: refused in the provider's language, and without a word.

use crate::common::http::{Answer, chunk};
use crate::common::{EVENTS, ONLINE_2024, Receiver, Request, SECRET, events, sign};

/// A delivery with these lines of `X-Signature`.
fn with_lines(path: &str, lines: &[&[u8]]) -> Request {
    let request = Request::unsigned(path, events::good());
    lines.iter().fold(request, |request, line| request.header("X-Signature", *line))
}

/// The answer to a delivery with this `X-Signature`.
fn answer(receiver: &Receiver, value: impl AsRef<[u8]>) -> Answer {
    receiver.answer(&with_lines(EVENTS, &[value.as_ref()]))
}

/// Every one of these values must be refused, by an endpoint of either form.
#[track_caller]
fn assert_refused<V: AsRef<[u8]>>(values: impl IntoIterator<Item = V>) {
    let receiver = Receiver::start();
    for value in values {
        let value = value.as_ref();
        println!("{}", String::from_utf8_lossy(value).chars().take(160).collect::<String>());
        receiver.answer(&with_lines(EVENTS, &[value])).assert_bare(401);
        receiver.answer(&with_lines(ONLINE_2024, &[value])).assert_bare(403);
    }
    assert!(answer(&receiver, right()).is_success(), "it takes nothing any more");
}

/// The right value for [`events::good`].
fn right() -> String {
    sign(SECRET, events::good())
}

/// The digits of [`right`].
fn digits() -> String {
    right()["sha512=".len()..].to_owned()
}

/// A well-formed element that is wrong.
fn wrong(number: usize) -> String {
    format!("sha512={number:0>128x}")
}

#[test]
fn accepts_the_right_digest() {
    let receiver = Receiver::start();
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
    receiver.answer(&Request::signed(ONLINE_2024, events::good())).assert_bare(200);
}

#[test]
fn refuses_a_missing_signature() {
    let receiver = Receiver::start();
    receiver.answer(&with_lines(EVENTS, &[])).assert_bare(401);
    receiver.answer(&with_lines(ONLINE_2024, &[])).assert_bare(403);
    receiver.logs().wait_for(&["refused", "gridxEvents", "missing_header"]);
}

#[test]
fn refuses_an_empty_signature() {
    assert_refused(["", " ", ",", ", ,", "sha512=", "sha512", "="]);
}

#[test]
fn refuses_a_signature_that_is_not_ascii() {
    let latin = [b"sha512=\xe9".as_slice(), &digits().as_bytes()[1..]].concat();
    let utf8 = format!("sha512=é{}", &digits()[2..]).into_bytes();
    let full_width = digits().replace('0', "\u{ff10}");
    assert_refused([latin, utf8, format!("sha512={full_width}").into_bytes(), vec![0xff; 135], vec![0x80]]);
}

#[test]
fn refuses_a_truncated_digest() {
    let right = right();
    // Every length on the way, so that none that happens to be another algorithm's gets through.
    assert_refused((1..right.len()).map(|length| right[..length].to_owned()));
}

#[test]
fn refuses_an_overlong_digest() {
    let right = right();
    assert_refused([format!("{right}00"), format!("{right}{}", digits()), format!("{right}{}", "0".repeat(4000))]);
}

#[test]
fn refuses_a_digest_of_odd_length() {
    let right = right();
    assert_refused([right[..right.len() - 1].to_owned(), format!("{right}0")]);
}

#[test]
fn refuses_what_is_not_hexadecimal() {
    let right = right();
    let without_last = &right[..right.len() - 1];
    let mut values: Vec<_> = "gG/:@`;%.-".chars().map(|digit| format!("{without_last}{digit}")).collect();
    values.push(format!("sha512=0x{}", &digits()[2..]));
    values.push(format!("sha512={}+{}", &digits()[..64], &digits()[65..]));
    values.push(format!("sha512={} {}", &digits()[..64], &digits()[65..]));
    assert_refused(values);
}

#[test]
fn refuses_a_wrong_prefix() {
    let prefixes = ["", "sha256=", "SHA512=", "Sha512=", "sha512:", "sha512==", "sha-512=", "v1=", "sha512= ", "hmac "];
    assert_refused(prefixes.map(|prefix| format!("{prefix}{}", digits())));
}

#[test]
fn accepts_upper_case_hexadecimal() {
    let receiver = Receiver::start();
    answer(&receiver, format!("sha512={}", digits().to_uppercase())).assert_bare(204);
}

#[test]
fn finds_the_right_digest_among_five_wherever_it_stands() {
    let receiver = Receiver::start();
    for place in 0..5 {
        let mut elements: Vec<_> = (0..5).map(wrong).collect();
        elements[place] = right();
        for separator in [",", ", "] {
            answer(&receiver, elements.join(separator)).assert_bare(204);
        }
    }
}

#[test]
fn refuses_five_digests_of_which_none_is_right() {
    assert_refused([(0..5).map(wrong).collect::<Vec<_>>().join(", ")]);
}

#[test]
fn refuses_six_digests_though_one_is_right() {
    let mut elements: Vec<_> = (0..5).map(wrong).collect();
    elements.insert(0, right());
    assert_refused([elements.join(","), vec![right(); 6].join(",")]);
}

#[test]
fn refuses_six_thousand_digests() {
    let receiver = Receiver::with_args(&["--header-limit", "2MiB"]).start();
    let value = vec![right(); 6000].join(",");
    answer(&receiver, &value).assert_bare(401);
    let lines = vec![right(); 90];
    let lines: Vec<_> = lines.iter().map(String::as_bytes).collect();
    receiver.answer(&with_lines(EVENTS, &lines)).assert_bare(401);
    answer(&receiver, right()).assert_bare(204);
}

#[test]
fn six_thousand_digests_do_not_even_fit_into_the_default_header() {
    let receiver = Receiver::start();
    assert_eq!(answer(&receiver, vec![right(); 6000].join(",")).status, 431);
    // As many as fit, so short that they are many.
    answer(&receiver, vec!["a"; 6000].join(",")).assert_bare(401);
    answer(&receiver, ",".repeat(12_000)).assert_bare(401);
    answer(&receiver, right()).assert_bare(204);
}

#[test]
fn one_bad_element_spoils_a_right_one() {
    let right = right();
    assert_refused([
        format!("{right},"),
        format!(",{right}"),
        format!("{right},,{right}"),
        format!("{right},sha512="),
        format!("{right},sha512=00"),
        format!("{right},sha256={}", digits()),
        format!("{right},{}", digits()),
        format!("{right},t=1"),
        format!("{right};{}", wrong(1)),
        format!("{right} {}", wrong(1)),
    ]);
}

#[test]
fn allows_one_blank_after_a_comma_and_no_other() {
    let receiver = Receiver::start();
    let (right, wrong) = (right(), wrong(1));
    answer(&receiver, format!("{wrong}, {right}")).assert_bare(204);
    answer(&receiver, format!("{wrong},\t{right}")).assert_bare(204);
    for value in [format!("{wrong},  {right}"), format!("{wrong} ,{right}"), format!("{wrong} , {right}")] {
        answer(&receiver, value).assert_bare(401);
    }
}

#[test]
fn blanks_around_the_value_are_no_part_of_it() {
    let receiver = Receiver::start();
    answer(&receiver, format!("   {}  \t", right())).assert_bare(204);
}

#[test]
fn joins_two_lines_of_the_header() {
    let receiver = Receiver::start();
    let (right, wrong) = (right(), wrong(1));
    for lines in [[&wrong, &right], [&right, &wrong]] {
        receiver.answer(&with_lines(EVENTS, &lines.map(|line| line.as_bytes()))).assert_bare(204);
    }
    receiver.answer(&with_lines(EVENTS, &[wrong.as_bytes(), wrong.as_bytes()])).assert_bare(401);
}

#[test]
fn counts_digests_over_all_lines() {
    let receiver = Receiver::start();
    let (three, right) = ((0..3).map(wrong).collect::<Vec<_>>().join(","), right());
    let two = format!("{right},{}", wrong(9));
    receiver.answer(&with_lines(EVENTS, &[three.as_bytes(), two.as_bytes()])).assert_bare(204);
    receiver.answer(&with_lines(EVENTS, &[three.as_bytes(), three.as_bytes()])).assert_bare(401);
    receiver.answer(&with_lines(EVENTS, &[three.as_bytes(), two.as_bytes(), right.as_bytes()])).assert_bare(401);
}

#[test]
fn an_empty_line_beside_a_good_one_spoils_it() {
    let receiver = Receiver::start();
    receiver.answer(&with_lines(EVENTS, &[right().as_bytes(), b""])).assert_bare(401);
}

#[test]
fn refuses_the_signature_of_another_body() {
    let other = events::changed(|event| event["id"] = "00000000-0000-4000-8000-000000000000".into());
    assert_refused([sign(SECRET, other), sign(SECRET, ""), sign(SECRET, "{}")]);
}

#[test]
fn refuses_a_body_with_any_one_byte_changed() {
    let receiver = Receiver::start();
    let mut connection = receiver.connect();
    for place in 0..events::good().len() {
        let mut body = events::good();
        body[place] ^= 1;
        let request = Request::unsigned(EVENTS, body).header("X-Signature", right());
        connection.exchange(&request).assert_bare(401);
    }
}

#[test]
fn refuses_a_body_that_lost_or_gained_bytes() {
    let receiver = Receiver::start();
    let good = events::good();
    let spaced = [b" ".as_slice(), &good].concat();
    let ended = [good.as_slice(), b"\n"].concat();
    for body in [good[..good.len() - 1].to_vec(), ended, spaced, Vec::new()] {
        receiver.answer(&Request::unsigned(EVENTS, body).header("X-Signature", right())).assert_bare(401);
    }
}

#[test]
fn refuses_a_reserialised_body() {
    let receiver = Receiver::start();
    let pretty = serde_json::to_vec_pretty(&events::appliance_online()).unwrap();
    receiver.answer(&Request::unsigned(EVENTS, pretty).header("X-Signature", right())).assert_bare(401);
}

#[test]
fn refuses_a_secret_that_is_almost_the_right_one() {
    let body = events::good();
    let near = [
        SECRET.to_lowercase(),
        format!("{SECRET}\n"),
        format!(" {SECRET}"),
        SECRET.replace("whsec_", ""),
        SECRET[..SECRET.len() - 1].to_owned(),
        String::new(),
    ];
    assert_refused(near.map(|secret| sign(&secret, &body)));
}

#[test]
fn a_signature_in_another_header_or_place_counts_for_nothing() {
    let receiver = Receiver::start();
    let good = events::good();
    for name in ["Signature", "X-Hub-Signature-512", "Authorization", "X-Signature-Rs256", "X_Signature"] {
        receiver.answer(&Request::unsigned(EVENTS, good.clone()).header(name, right())).assert_bare(401);
    }
    let query = format!("{EVENTS}?X-Signature={}", right());
    receiver.answer(&Request::unsigned(&query, good)).assert_bare(401);
}

#[test]
fn a_signature_in_a_trailer_counts_for_nothing() {
    let receiver = Receiver::start();
    let good = events::good();
    let body = [chunk(&good), format!("0\r\nX-Signature: {}\r\n\r\n", sign(SECRET, &good)).into_bytes()].concat();
    let request =
        Request::unsigned(EVENTS, body).header("Transfer-Encoding", "chunked").header("Trailer", "X-Signature");
    receiver.answer(&request).assert_bare(401);
}

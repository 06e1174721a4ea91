//! Bad input, the same for every provider that signs with SHA-256: what gridX's own tests say of SHA-512, and what a
//! provider's own say besides.

use std::sync::LazyLock;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::common::http::{Answer, chunk};
use crate::common::receiver::Serve;
use crate::common::{Connection, GREENLAKE, NURSA, RSA_KEY, Receiver, Request, SECRET, hmac_sha256};

/// A provider, as far as all of these tests need to know it.
struct Provider {
    variable: &'static str,
    path: &'static str,
    header: &'static str,
    /// What stands before the digest.
    lead: fn() -> String,
    /// What stands before the body in the signed text.
    signed_before: fn() -> String,
    /// A good event with this text in it, which a handler takes.
    event: fn(text: &str) -> Value,
    /// The member that names the type.
    event_type: &'static str,
    /// What a body is answered that takes too long.
    too_slow: u16,
}

static PROVIDERS: [Provider; 2] = [
    Provider {
        variable: "GREENLAKE_SECRETS",
        path: GREENLAKE,
        header: "HPE-Webhook-Signature",
        lead: || "sha256=".to_owned(),
        signed_before: String::new,
        event: |text| {
            let kind = "com.hpe.greenlake.subscriptions.v1.expiring-subscriptions";
            json!({ "specversion": "1.0", "id": "1", "source": "//x", "type": kind, "data": { "key": text } })
        },
        event_type: "type",
        too_slow: 503,
    },
    Provider {
        variable: "NURSA_SECRETS",
        path: NURSA,
        header: "Nursa-Signature",
        lead: || format!("t={},v1=", time()),
        signed_before: || format!("{}.", time()),
        event: |text| json!({ "data": { "facilityName": text }, "eventType": "facility.creation.rejected" }),
        event_type: "eventType",
        too_slow: 408,
    },
];

/// The time at which all of these tests sign. The receivers have the tolerance that it takes.
fn time() -> u64 {
    static TIME: LazyLock<u64> = LazyLock::new(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs());
    *TIME
}

impl Provider {
    fn serve(&self) -> Serve {
        Receiver::unconfigured().env(self.variable, SECRET).env("NURSA_TOLERANCE", "2h")
    }

    fn receiver(&self) -> Receiver {
        self.serve().start()
    }

    fn good(&self) -> Vec<u8> {
        (self.event)("good").to_string().into_bytes()
    }

    fn digits(&self, secret: &str, body: impl AsRef<[u8]>) -> String {
        hmac_sha256(secret, [(self.signed_before)().as_bytes(), body.as_ref()].concat())
    }

    /// The right value of the header.
    fn sign(&self, body: impl AsRef<[u8]>) -> String {
        (self.lead)() + &self.digits(SECRET, body)
    }

    fn signed(&self, body: impl AsRef<[u8]>) -> Request {
        let body = body.as_ref();
        Request::unsigned(self.path, body).header(self.header, self.sign(body))
    }

    /// The good event with this value in place of its signature.
    fn with(&self, value: impl AsRef<[u8]>) -> Request {
        Request::unsigned(self.path, self.good()).header(self.header, value.as_ref())
    }

    /// Every one of these values must be refused, and the right one still be taken.
    #[track_caller]
    fn assert_refused<V: AsRef<[u8]>>(&self, values: impl IntoIterator<Item = V>) {
        let receiver = self.receiver();
        for value in values {
            println!("{}", String::from_utf8_lossy(value.as_ref()).chars().take(160).collect::<String>());
            receiver.answer(&self.with(value)).assert_bare(401);
        }
        receiver.answer(&self.signed(self.good())).assert_bare(200);
    }

    /// Every one of these bodies must be taken; so many of them in vain.
    #[track_caller]
    fn assert_taken<B: AsRef<[u8]>>(&self, bodies: impl IntoIterator<Item = B>, parked: usize) {
        let receiver = self.receiver();
        for body in bodies {
            println!("{}", String::from_utf8_lossy(body.as_ref()).chars().take(160).collect::<String>());
            receiver.answer(&self.signed(body)).assert_bare(200);
        }
        let logs = receiver.stop().stderr;
        assert_eq!(logs.matches("parked: ").count(), parked, "{logs}");
        assert!(!logs.contains(r#""level":"ERROR""#), "{logs}");
    }
}

#[test]
fn refuses_a_signature_that_is_missing_or_damaged() {
    for provider in &PROVIDERS {
        let (lead, digits) = ((provider.lead)(), provider.digits(SECRET, provider.good()));
        let right = format!("{lead}{digits}");
        let receiver = provider.receiver();
        receiver.answer(&Request::unsigned(provider.path, provider.good())).assert_bare(401);
        receiver.logs().wait_for(&["refused", "missing_header"]);
        let texts = [
            String::new(),
            " ".to_owned(),
            ",".to_owned(),
            "=".to_owned(),
            lead.clone(),
            lead[..lead.len() - 1].to_owned(),
            digits.clone(),
            right[..right.len() - 1].to_owned(),
            right[..right.len() - 2].to_owned(),
            right[..right.len() - 32].to_owned(),
            format!("{right}0"),
            format!("{right}00"),
            format!("{right}{digits}"),
            format!("{right}{}", "0".repeat(4000)),
            format!("{}g", &right[..right.len() - 1]),
            format!("{} ", &right[..right.len() - 1]),
            format!("{lead}0x{}", &digits[2..]),
            format!("{lead} {digits}"),
            format!("{}{digits}", lead.to_uppercase()),
            format!("x{right}"),
            format!("sha512={digits}"),
            format!("sha1={}", &digits[..40]),
            format!("v0={digits}"),
        ];
        provider.assert_refused(texts);
        let latin = [lead.as_bytes(), b"\xe9", &digits.as_bytes()[1..]].concat();
        let full_width = format!("{lead}{}", digits.replacen(|_| true, "\u{ff10}", 1)).into_bytes();
        provider.assert_refused([latin, full_width, vec![0xff; 71], vec![0x80]]);
    }
}

#[test]
fn takes_upper_case_hexadecimal() {
    for provider in &PROVIDERS {
        let value = (provider.lead)() + &provider.digits(SECRET, provider.good()).to_uppercase();
        provider.receiver().answer(&provider.with(value)).assert_bare(200);
    }
}

#[test]
fn refuses_two_lines_of_the_header() {
    for provider in &PROVIDERS {
        let receiver = provider.receiver();
        let right = provider.sign(provider.good());
        for second in [right.as_str(), "", "junk"] {
            receiver.answer(&provider.with(&right).header(provider.header, second)).assert_bare(401);
            receiver.answer(&provider.with(second).header(provider.header, right.as_str())).assert_bare(401);
        }
    }
}

#[test]
fn refuses_ten_thousand_signatures() {
    for provider in &PROVIDERS {
        let receiver = provider.serve().args(["--header-limit", "2MiB"]).start();
        let right = provider.sign(provider.good());
        let (_, last) = right.rsplit_once(',').unwrap_or(("", &right));
        let many = format!("{right}{}", format!(",{last}").repeat(9_999));
        receiver.answer(&provider.with(&many)).assert_bare(401);
        // As many as the header may be long, and so short that they are even more.
        receiver.answer(&provider.with(format!("{right}{}", ",v1=".repeat(3_000)))).assert_bare(401);
        receiver.answer(&provider.signed(provider.good())).assert_bare(200);
    }
}

#[test]
fn refuses_the_signature_of_anything_else() {
    for provider in &PROVIDERS {
        let receiver = provider.receiver();
        let good = provider.good();
        let pretty = serde_json::to_vec_pretty(&(provider.event)("good")).unwrap();
        let changed = (0..good.len()).map(|place| {
            let mut body = good.clone();
            body[place] ^= 1;
            body
        });
        let cut = [good[..good.len() - 1].to_vec(), Vec::new(), [&good[..], b"\n"].concat(), pretty];
        let mut connection = receiver.connect();
        for body in changed.chain(cut) {
            let request = Request::unsigned(provider.path, body).header(provider.header, provider.sign(&good));
            connection.exchange(&request).assert_bare(401);
        }
        for secret in ["", "wrong", &SECRET[1..], &format!("{SECRET}\n"), &SECRET.to_lowercase(), RSA_KEY] {
            let value = (provider.lead)() + &provider.digits(secret, &good);
            receiver.answer(&provider.with(value)).assert_bare(401);
        }
    }
}

#[test]
fn refuses_a_public_key_as_a_secret() {
    for provider in &PROVIDERS {
        Receiver::unconfigured().env(provider.variable, RSA_KEY).run().assert_refused(&[provider.variable]);
    }
}

#[test]
fn takes_bodies_that_are_no_event() {
    for provider in &PROVIDERS {
        let good = String::from_utf8(provider.good()).unwrap();
        let deep = "{\"data\":".repeat(10_000) + "1" + &"}".repeat(10_000);
        let texts = ["", " ", "nonsense", "null", "7", "\"text\"", "{}", "{", "\u{feff}{}", &good[1..], &deep];
        provider.assert_taken(texts, texts.len());
        let bytes =
            [b"\xff\xfe".to_vec(), good.replace("good", "\u{1}").into_bytes(), [good.as_bytes(), b"\xff"].concat()];
        let many = bytes.len();
        provider.assert_taken(bytes, many);
    }
}

#[test]
fn takes_events_that_do_not_fit() {
    for provider in &PROVIDERS {
        let good = String::from_utf8(provider.good()).unwrap();
        let twice = good.replacen('{', &format!("{{\"{}\":\"x\",", provider.event_type), 1);
        let changed = |value: Value| {
            let mut event = (provider.event)("good");
            event[provider.event_type] = value;
            event.to_string()
        };
        let mut without = (provider.event)("good");
        without.as_object_mut().unwrap().remove("data");
        let mut wrong = (provider.event)("good");
        wrong["data"] = json!(7);
        let bodies = [
            twice,
            changed("melted".into()),
            changed("../../etc/passwd".into()),
            changed(json!(7)),
            changed(json!(null)),
            changed("x".repeat(100_000).into()),
            without.to_string(),
            wrong.to_string(),
        ];
        let many = bodies.len();
        provider.assert_taken(bodies, many);
    }
}

#[test]
fn hands_odd_texts_and_extra_members_to_the_handler() {
    for provider in &PROVIDERS {
        let texts = ["<script>alert('&amp;')</script>", "\u{5c4b}\u{9876}", "a\n\u{1b}[31m\u{0}", "\u{202e}"];
        let texts = texts.map(|text| (provider.event)(text).to_string());
        let mut extra = (provider.event)("extra");
        extra["unheard-of"] = json!({ "nested": [1, { "deep": true }] });
        extra["data"]["colour"] = "green".into();
        let deep = format!("{{\"deep\":{}{},{}", "[".repeat(10_000), "]".repeat(10_000), &extra.to_string()[1..]);
        provider.assert_taken(texts.into_iter().chain([extra.to_string(), deep]), 0);
    }
}

#[test]
fn refuses_a_body_that_is_too_large_or_compressed() {
    for provider in &PROVIDERS {
        let receiver = provider.receiver();
        let large = (provider.event)(&"x".repeat(2 << 20)).to_string();
        receiver.answer(&provider.signed(&large)).assert_bare(413);
        receiver.answer(&provider.signed(&large).chunked(1 << 16)).assert_bare(413);
        receiver.answer(&provider.signed(provider.good()).header("Content-Encoding", "gzip")).assert_bare(415);
        let largest = (provider.event)(&"x".repeat(1_000_000)).to_string();
        receiver.answer(&provider.signed(largest)).assert_bare(200);
        receiver.answer(&provider.signed(provider.good()).chunked(7)).assert_bare(200);
    }
}

#[test]
fn gives_up_on_a_body_that_does_not_end() {
    for provider in &PROVIDERS {
        let receiver = provider.serve().args(["--body-timeout", "300ms"]).start();
        let refused = |parts: &[Vec<u8>]| -> Answer {
            let mut connection: Connection = receiver.connect();
            parts.iter().for_each(|part| connection.send(part));
            connection.answer().unwrap()
        };
        let whole = provider.signed(provider.good());
        let endless = Request::unsigned(provider.path, "").header("Transfer-Encoding", "chunked");
        for parts in
            [vec![whole.head()], vec![whole.head(), provider.good()[..5].to_vec()], vec![endless.head(), chunk(b"{")]]
        {
            let answer = refused(&parts);
            answer.assert_bare(provider.too_slow);
            assert!(answer.closes(), "{answer:?}");
        }
    }
}

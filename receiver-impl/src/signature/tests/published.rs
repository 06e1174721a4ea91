//! Examples that providers publish, and where they publish none, values computed with Python's `hmac` module.

use super::schemes::*;
use super::*;
use crate::signature::Refusal;

#[test]
fn github() {
    // docs.github.com, "Validating webhook deliveries".
    let verifier = verifier(&GITHUB, &["It's a Secret to Everybody"]);
    let good = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let headers = headers(&[("x-hub-signature-256", good)]);
    assert!(verifier.verify(&headers, b"Hello, World!", 0).is_ok());
    assert_eq!(verifier.verify(&headers, b"Hello, World?", 0), Err(Refusal::NoMatch));
}

#[test]
fn github_sha1_never_counts() {
    let verifier = verifier(&GITHUB, &["It's a Secret to Everybody"]);
    let sha1 = "sha1=01dc10d0c83e72ed246219cdd91669667fe2ca59";
    let legacy = headers(&[("X-Hub-Signature", sha1)]);
    let refusal = verifier.verify(&legacy, b"Hello, World!", 0).unwrap_err();
    assert_eq!(refusal, Refusal::MissingHeader("X-Hub-Signature-256"));
    let moved = headers(&[("X-Hub-Signature-256", sha1)]);
    assert!(verifier.verify(&moved, b"Hello, World!", 0).is_err());
}

#[test]
fn slack() {
    // docs.slack.dev, "Verifying requests from Slack".
    let verifier = verifier(&SLACK, &["8f742231b10e8888abcd99yyyzzz85a5"]);
    let body = "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&\
                channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&\
                response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F\
                96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    let headers = headers(&[
        ("X-Slack-Request-Timestamp", "1531420618"),
        ("X-Slack-Signature", "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"),
    ]);
    assert!(verifier.verify(&headers, body.as_bytes(), 1_531_420_618 + 300).is_ok());
    let late = verifier.verify(&headers, body.as_bytes(), 1_531_420_618 + 301);
    assert_eq!(late, Err(Refusal::Stale { age: 301 }));
}

#[test]
fn standard_webhooks() {
    // The example of the specification's reference libraries.
    let verifier = verifier(&STANDARD_WEBHOOKS, &["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]);
    let good = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    let request = |signature: &str| {
        headers(&[
            ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            ("webhook-timestamp", "1614265330"),
            ("webhook-signature", signature),
        ])
    };
    let body = br#"{"test": 2432232314}"#;
    assert!(verifier.verify(&request(good), body, 1_614_265_330).is_ok());
    let beside_others = format!("v1,bm9wZQ== v1a,{} {good} v2,x", "A".repeat(88));
    assert!(verifier.verify(&request(&beside_others), body, 1_614_265_330).is_ok());
    let other_version = good.replace("v1,", "v1a,");
    let refusal = verifier.verify(&request(&other_version), body, 1_614_265_330).unwrap_err();
    assert_eq!(refusal, Refusal::NoSignature("webhook-signature"));
}

#[test]
fn standard_webhooks_with_a_key_pair() {
    let keyed = ALL.iter().find(|keyed| *keyed.scheme == STANDARD_WEBHOOKS_V1A).unwrap();
    let verifier = verifier(keyed.scheme, &[keyed.public]);
    // The same message, signed with OpenSSL and the private key of RFC 8032, section 7.1, test 1.
    let good = "v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw==";
    let request = |id: &str, signature: &str| {
        headers(&[("webhook-id", id), ("webhook-timestamp", "1614265330"), ("webhook-signature", signature)])
    };
    let (id, body) = ("msg_p5jXN8AQM9LWM0D4loKWxJek", br#"{"test": 2432232314}"#);
    assert!(verifier.verify(&request(id, good), body, 1_614_265_330).is_ok());
    let beside_the_other = format!("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= {good}");
    assert!(verifier.verify(&request(id, &beside_the_other), body, 1_614_265_330).is_ok());
    assert_eq!(verifier.verify(&request("msg_other", good), body, 1_614_265_330), Err(Refusal::NoMatch));
    let as_hmac = good.replace("v1a,", "v1,");
    let refusal = verifier.verify(&request(id, &as_hmac), body, 1_614_265_330).unwrap_err();
    assert_eq!(refusal, Refusal::NoSignature("webhook-signature"));
}

#[test]
fn stripe() {
    let verifier = verifier(&STRIPE, &["whsec_stripe_example"]);
    let (v1, v0) = (
        "v1=bff7d6a837555528698122dc097b3ddf40026974cab9193704e810247f4244df",
        "v0=2733c8def1253fdbcec5b8f31e6a5965ceb008d433cfea3813394a14839b9c35",
    );
    let body = br#"{"id":"evt_1","object":"event"}"#;
    let verify = |value: String| verifier.verify(&headers(&[("Stripe-Signature", value)]), body, 1_767_225_600);
    assert!(verify(format!("t=1767225600,{v1},{v0}")).is_ok());
    assert_eq!(verify(format!("t=1767225600,{v0}")), Err(Refusal::NoSignature("Stripe-Signature")));
    assert_eq!(verify(format!("t=1767225601,{v1}")), Err(Refusal::NoMatch));
}

#[test]
fn shopify() {
    let verifier = verifier(&SHOPIFY, &["shpss_example"]);
    let good = "VyqLfNj6QoMEsLT+9Vkj9vJY8xab1JXkvosagNxGzoM=";
    let body = br#"{"id":820982911946154508}"#;
    assert!(verifier.verify(&headers(&[("X-Shopify-Hmac-Sha256", good)]), body, 0).is_ok());
    for other in ["VyqLfNj6QoMEsLT+9Vkj9vJY8xab1JXkvosagNxGzoM", "VyqLfNj6QoMEsLT-9Vkj9vJY8xab1JXkvosagNxGzoM="] {
        let refusal = verifier.verify(&headers(&[("X-Shopify-Hmac-Sha256", other)]), body, 0).unwrap_err();
        assert_eq!(refusal, Refusal::Malformed("X-Shopify-Hmac-Sha256"));
    }
}

#[test]
fn discord() {
    let keyed = ALL.iter().find(|keyed| *keyed.scheme == DISCORD).unwrap();
    let verifier = verifier(keyed.scheme, &[keyed.public]);
    // Made with OpenSSL from the private key of RFC 8032, section 7.1, test 1, over `1767225600{"type":1}`.
    let headers = headers(&[("X-Signature-Ed25519", DISCORD_SIGNATURE), ("X-Signature-Timestamp", "1767225600")]);
    assert!(verifier.verify(&headers, br#"{"type":1}"#, 1_767_225_600).is_ok());
    assert_eq!(verifier.verify(&headers, br#"{"type":2}"#, 1_767_225_600), Err(Refusal::NoMatch));
}

const DISCORD_SIGNATURE: &str = "4587f2153f7695cb21fb91bb14cbae7605b7dc48d912e54b14511b834a701da75f38097c37c297dfb25c9f1a7fe3826fcaa2372fd792a39d03904c771ea2c705";

#[test]
fn keys_of_ed25519_may_be_pem_whatever_the_scheme_says() {
    let spki = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n\
                -----END PUBLIC KEY-----";
    let headers = headers(&[("X-Signature-Ed25519", DISCORD_SIGNATURE), ("X-Signature-Timestamp", "1767225600")]);
    assert!(verifier(&DISCORD, &[spki]).verify(&headers, br#"{"type":1}"#, 1_767_225_600).is_ok());
}

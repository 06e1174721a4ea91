//! `/metrics`: what came in and what became of it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::common::{EVENTS, NURSA, Receiver, Request, SECRET, events, hmac_sha256, sign};

fn deliveries(provider: &str, endpoint: &str, outcome: &str, reason: &str) -> String {
    let labels = format!(r#"provider="{provider}",endpoint="{endpoint}",outcome="{outcome}",reason="{reason}""#);
    format!("receiver_deliveries_total{{{labels}}}")
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn nursa(time: u64, secret: &str) -> Request {
    let body = r#"{"data":{"facilityId":"NUR-000125"},"eventType":"facility.creation.accepted"}"#;
    let digits = hmac_sha256(secret, format!("{time}.{body}"));
    Request::unsigned(NURSA, body).header("Nursa-Signature", format!("t={time},v1={digits}"))
}

#[test]
fn counts_requests_by_what_became_of_them() {
    let receiver = Receiver::with_secrets(SECRET).env("NURSA_SECRETS", "nursa-Zx85").start();
    let good = events::good();
    for _ in 0..3 {
        receiver.answer(&Request::signed(EVENTS, good.clone())).assert_bare(204);
    }
    receiver.answer(&Request::signed(EVENTS, "not json")).assert_bare(202);
    receiver.answer(&Request::signed_with("wrong", EVENTS, good.clone())).assert_bare(401);
    receiver.answer(&Request::unsigned(EVENTS, good)).assert_bare(401);
    receiver.answer(&Request::signed(EVENTS, events::of_size(2 << 20)));
    for (outcome, reason, count) in [
        ("accepted", "", 3),
        ("parked", "", 1),
        ("unauthenticated", "no_match", 1),
        ("unauthenticated", "missing_header", 1),
        ("malformed", "too_large", 1),
        ("retry", "", 0),
        ("retry", "overloaded", 0),
    ] {
        let series = deliveries("gridx", "gridxEvents", outcome, reason);
        assert_eq!(receiver.metric(&series), Some(count), "{series}");
    }
    assert_eq!(receiver.metric(r#"receiver_handled_total{provider="gridx",result="handled"}"#), Some(3));
    assert_eq!(receiver.metric(r#"receiver_handled_total{provider="gridx",result="invalid_event"}"#), Some(1));
    assert_eq!(receiver.metric("receiver_log_lines_dropped_total"), Some(0));
}

#[test]
fn counts_old_deliveries_apart_from_forged_ones() {
    let receiver = Receiver::with_secrets(SECRET).env("NURSA_SECRETS", "nursa-Zx85").start();
    assert!(receiver.answer(&nursa(now(), "nursa-Zx85")).is_success());
    receiver.answer(&nursa(now() - 3600, "nursa-Zx85")).assert_bare(401);
    receiver.answer(&nursa(now() + 3600, "nursa-Zx85")).assert_bare(401);
    receiver.answer(&nursa(now() - 3600, "other")).assert_bare(401);
    let count = |reason| receiver.metric(&deliveries("nursa", "nursaEvents", "unauthenticated", reason));
    assert_eq!((count("stale"), count("no_match")), (Some(2), Some(1)));
}

#[test]
fn counts_which_secret_matches() {
    let receiver = Receiver::with_secrets("first\nsecond\nthird").env("RUST_LOG", "debug").start();
    let slot = |slot: &str| {
        let labels = format!(r#"provider="gridx",scheme="gridxSignature",slot="{slot}""#);
        receiver.metric(&format!("receiver_key_matches_total{{{labels}}}"))
    };
    assert_eq!([slot("1"), slot("2"), slot("3"), slot("4")], [Some(0), Some(0), Some(0), None]);
    for secret in ["second", "third", "second", "wrong"] {
        receiver.answer(&Request::signed_with(secret, EVENTS, events::good()));
    }
    assert_eq!([slot("1"), slot("2"), slot("3")], [Some(0), Some(2), Some(1)]);
    assert_eq!(receiver.metric(r#"receiver_keys{provider="gridx",kind="secret"}"#), Some(3));
    let line = receiver.logs().wait_for(&["authentic", r#""slot":3"#]);
    assert!(line.contains("DEBUG") && line.contains("gridxSignature") && line.contains("gridxEvents"), "{line}");
}

#[test]
fn nothing_that_a_sender_writes_becomes_a_label() {
    let receiver = Receiver::start();
    let series = |receiver: &Receiver| {
        let text = receiver.get_admin("/metrics");
        let name = |line: &str| line.rsplit_once(' ').map(|(name, _)| name.to_owned());
        text.text().lines().filter_map(name).collect::<BTreeSet<_>>()
    };
    let before = series(&receiver);
    let strange = events::changed(|event| event["type"] = "zebra/Zx86".into());
    receiver.answer(&Request::signed(EVENTS, strange));
    receiver.answer(&Request::signed("/Zx86", events::good()));
    receiver.answer(&Request::new("ZX86", EVENTS));
    let good = events::good();
    receiver.answer(&Request::unsigned(EVENTS, good.clone()).header("X-Signature", "Zx86").header("Zx86", "Zx86"));
    assert_eq!(series(&receiver), before);
    let right = sign(SECRET, &good);
    receiver.answer(&Request::signed(EVENTS, good));
    let text = receiver.get_admin("/metrics");
    assert!(!text.text().contains("Zx86") && !text.text().contains(SECRET) && !text.text().contains(&right[7..]));
}

#[test]
fn is_written_as_prometheus_reads_it() {
    let receiver = Receiver::start();
    let answer = receiver.get_admin("/metrics");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/openmetrics-text; version=1.0.0; charset=utf-8"));
    assert!(answer.text().ends_with("# EOF\n"));
    for name in
        ["deliveries", "handled", "build", "keys", "key_matches", "key_reloads", "key_file_broken", "log_lines_dropped"]
    {
        let described = |what: &str| answer.text().contains(&format!("# {what} receiver_{name} "));
        assert!(described("HELP") && described("TYPE"), "{name}");
    }
    let version = format!(r#"receiver_build_info{{version="{}""#, env!("CARGO_PKG_VERSION"));
    assert!(answer.text().contains(&version), "{}", answer.text());
    assert_eq!(receiver.connect().exchange(&Request::new("GET", "/metrics")).status, 404, "not on the public port");
}

#[test]
fn lists_only_providers_that_are_on() {
    let receiver = Receiver::start();
    let text = receiver.get_admin("/metrics");
    assert!(text.text().contains(r#"provider="gridx""#) && !text.text().contains("nursa"), "{}", text.text());
}

#[test]
fn times_verification_and_handling() {
    let receiver = Receiver::with_inbox().start();
    receiver.answer(&Request::signed(EVENTS, events::good())).assert_bare(204);
    receiver.answer(&Request::unsigned(EVENTS, events::good())).assert_bare(401);
    receiver.wait_for_metric(r#"receiver_settled_total{provider="gridx",result="done"}"#, 1);
    assert_eq!(receiver.metric(r#"receiver_verification_seconds_count{provider="gridx"}"#), Some(2));
    assert_eq!(receiver.metric(r#"receiver_handling_seconds_count{provider="gridx"}"#), Some(1));
    for result in ["retry", "dead", "parked"] {
        let series = format!(r#"receiver_settled_total{{provider="gridx",result="{result}"}}"#);
        assert_eq!(receiver.metric(&series), Some(0), "{result}");
    }
}

#[test]
fn the_readme_names_every_metric_and_no_other() {
    let readme = include_str!("../../../README.md");
    let section = readme.split("\n## ").find(|section| section.starts_with("Metrics")).unwrap();
    let cells = section.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next());
    let named: BTreeSet<_> =
        cells.flat_map(|cell| cell.split('`')).filter(|word| word.starts_with("receiver_")).collect();
    let receiver = Receiver::with_inbox().start();
    let shown = receiver.get_admin("/metrics");
    let shown: BTreeSet<_> = shown
        .text()
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .map(|(name, kind)| match kind {
            "counter" => format!("{name}_total"),
            "info" => format!("{name}_info"),
            _ => name.to_owned(),
        })
        .collect();
    assert_eq!(named.into_iter().map(str::to_owned).collect::<BTreeSet<_>>(), shown);
}

#[test]
fn the_example_of_alert_rules_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let rules = root.join("docs/alerts.yml");
    let unpacked = root.join(".tools/bin/promtool");
    let promtool = if unpacked.is_file() { unpacked } else { "promtool".into() };
    let checked = Command::new(promtool).args(["check", "rules"]).arg(&rules).output();
    let checked = checked.unwrap_or_else(|error| panic!("promtool: {error}; type `scripts/setup.sh promtool`"));
    assert!(checked.status.success(), "{checked:?}");
    let receiver = Receiver::with_inbox().start();
    let shown = receiver.get_admin("/metrics");
    let rules = std::fs::read_to_string(rules).unwrap();
    let words = rules.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let named: BTreeSet<_> = words.filter(|word| word.starts_with("receiver_")).collect();
    assert!(named.len() > 5, "{named:?}");
    for name in named {
        let is_shown =
            shown.text().lines().any(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(['{', ' '])));
        assert!(is_shown, "{name} is not on /metrics");
    }
    // A value that no series has would make a rule that never fires.
    let mut matched = 0;
    for (place, _) in rules.match_indices("receiver_") {
        let rest = &rules[place..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let Some((matchers, _)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) else { continue };
        for matcher in matchers.split(',').map(str::trim) {
            let series = |line: &str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with('{'));
            let has = |line: &str| [format!("{{{matcher}"), format!(",{matcher}")].iter().any(|has| line.contains(has));
            assert!(shown.text().lines().any(|line| series(line) && has(line)), "no {name} has {matcher}");
            matched += 1;
        }
    }
    assert!(matched > 3, "{matched}");
}

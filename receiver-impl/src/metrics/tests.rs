use webhook_api::PROVIDERS;

use super::*;
use crate::config::{Config, Settings};
use crate::inbox::Stats;
use crate::providers::Active;
use crate::secrets::{Credentials, Secret};

fn text(metrics: &Metrics) -> String {
    metrics.text().unwrap()
}

#[test]
fn counters_are_listed_before_anything_is_counted() {
    let metrics = Metrics::default();
    let endpoint = PROVIDERS[0].endpoints[0];
    let counters = metrics.endpoint(endpoint);
    let series = |outcome: &str, reason: &str, count: u32| {
        let labels = format!(r#"provider="{}",endpoint="{}""#, endpoint.provider, endpoint.id);
        format!("\nreceiver_deliveries_total{{{labels},outcome=\"{outcome}\",reason=\"{reason}\"}} {count}\n")
    };
    assert!(text(&metrics).contains(&series("unauthenticated", "stale", 0)));
    counters.refused("stale");
    counters.refused("no_match");
    counters.refused("no_match");
    counters.refused("too_large");
    counters.accepted.inc();
    let text = text(&metrics);
    for (outcome, reason, count) in [
        ("accepted", "", 1),
        ("parked", "", 0),
        ("unauthenticated", "stale", 1),
        ("unauthenticated", "no_match", 2),
        ("malformed", "too_large", 1),
    ] {
        assert!(text.contains(&series(outcome, reason, count)), "{outcome} {reason} {count}: {text}");
    }
}

#[test]
fn a_reason_that_is_not_listed_makes_no_label_of_its_own() {
    let metrics = Metrics::default();
    metrics.endpoint(PROVIDERS[0].endpoints[0]).refused("nonsense");
    let text = text(&metrics);
    assert!(!text.contains("nonsense") && text.contains(r#"reason="other"} 1"#), "{text}");
}

#[test]
fn keys_are_listed_with_their_places_and_matches() {
    let config = Config::new(&Settings::default(), PROVIDERS, &|_| None).unwrap();
    let active = Active::new(config.providers[0].clone(), Credentials::made_up(Secret::new("secret"))).unwrap();
    let (live, provider) = (&active.live, active.config.provider);
    let metrics = Metrics::default();
    metrics.list_keys(vec![Arc::clone(live)]);
    let scheme = provider.endpoints[0].guards[0][0];
    live.count(scheme, 1);
    live.count(scheme, 1);
    let text = text(&metrics);
    let name = provider.name;
    for line in [
        format!(r#"receiver_key_matches_total{{provider="{name}",scheme="{}",slot="1"}} 2"#, scheme.name),
        format!(r#"receiver_keys{{provider="{name}",kind="secret"}} 1"#),
        format!(r#"receiver_key_reloads_total{{provider="{name}",result="failed"}} 0"#),
        format!(r#"receiver_key_file_broken{{provider="{name}"}} 0"#),
        "# EOF".to_owned(),
    ] {
        assert!(text.lines().any(|found| found == line), "{line}: {text}");
    }
    assert!(!text.contains(r#"slot="2""#), "{text}");
}

#[test]
fn the_figures_of_an_inbox_are_listed_once_it_has_told_them() {
    let metrics = Metrics::default();
    assert!(!text(&metrics).contains("inbox"));
    let (counters, figures) = metrics.inbox();
    counters.admitted.inc_by(3);
    counters.unavailable("inbox_full", 2);
    counters.unavailable("nonsense", 1);
    let before = text(&metrics);
    for line in [
        "receiver_inbox_admitted_total 3",
        "receiver_inbox_duplicates_total 0",
        r#"receiver_inbox_unavailable_total{reason="inbox_full"} 2"#,
        r#"receiver_inbox_unavailable_total{reason="inbox_slow"} 0"#,
    ] {
        assert!(before.lines().any(|found| found == line), "{line}: {before}");
    }
    assert!(!before.contains("inbox_events") && !before.contains("nonsense"), "{before}");
    figures.set(Stats { pending: 7, dead: 2, oldest_seconds: 5, commits: 11, ..Stats::default() });
    let after = text(&metrics);
    for line in [
        r#"receiver_inbox_events{state="pending"} 7"#,
        r#"receiver_inbox_events{state="dead"} 2"#,
        r#"receiver_inbox_events{state="done"} 0"#,
        "receiver_inbox_oldest_seconds 5",
        "receiver_inbox_commits_total 11",
    ] {
        assert!(after.lines().any(|found| found == line), "{line}: {after}");
    }
}

#[test]
fn says_what_was_built() {
    let text = text(&Metrics::default());
    let (version, digest) = (env!("CARGO_PKG_VERSION"), SPEC_DIGEST);
    assert!(
        text.contains(&format!(r#"receiver_build_info{{version="{version}",spec_sha256="{digest}"}} 1"#)),
        "{text}"
    );
}

//! `receiver events` on the file of a receiver that does not run.

use std::fs;

use receiver::inbox::State;
use receiver::inbox::State::{Dead, Done, Parked, Pending, Retrying};
use serde_json::Value;

use super::kept::{Kept, body};

const LIFE: [State; 5] = [Pending, Retrying, Done, Dead, Parked];

fn ids(listed: &[(u64, String)]) -> Vec<u64> {
    listed.iter().map(|(id, _)| *id).collect()
}

#[test]
fn lists_the_newest_first_and_page_by_page() {
    let kept = Kept::with(&LIFE);
    let states = [(5, "parked"), (4, "dead"), (3, "done"), (2, "retrying"), (1, "pending")];
    assert_eq!(kept.list(&[]), states.map(|(id, state)| (id, state.to_owned())));
    assert_eq!(ids(&kept.list(&["--limit", "2"])), [5, 4]);
    assert_eq!(ids(&kept.list(&["--limit", "2", "--after", "4"])), [3, 2]);
    assert_eq!(ids(&kept.list(&["--limit", "2", "--after", "2"])), [1]);
}

#[test]
fn shows_people_columns_and_how_to_go_on() {
    let kept = Kept::with(&LIFE);
    let ended = kept.events(&["list", "--limit", "3"]);
    let lines: Vec<_> = ended.stdout.lines().collect();
    assert!(lines[0].starts_with("ID  STATE   RECEIVED"), "{ended:?}");
    assert!(
        lines[1].starts_with(" 5  parked  20") && lines[1].ends_with("gridx     type/plain          identity-5"),
        "{ended:?}"
    );
    assert!(lines[3].contains("type/\\u{1b}[31mred") && !ended.stdout.contains('\u{1b}'), "{ended:?}");
    assert_eq!(ended.stderr, "there are more: the same with `--after 3` shows them");
    let rest = kept.events(&["list", "--after", "3"]);
    assert_eq!((rest.stdout.lines().count(), rest.stderr.as_str()), (3, ""));
    assert_eq!(kept.events(&["list", "--state", "leased"]).stderr, "there are no such events");
}

#[test]
fn filters_by_all_that_is_known() {
    let kept = Kept::with(&LIFE);
    for (filter, expected) in [
        (&["--state", "dead"][..], &[4][..]),
        (&["--state", "dead", "--state", "pending"], &[4, 1]),
        (&["--provider", "nursa"], &[2]),
        (&["--type", "type/plain"], &[5, 2, 1]),
        (&["--type", "type/plain", "--provider", "gridx", "--state", "parked"], &[5]),
        (&["--id", "identity-3"], &[3]),
        (&["--since", "150m"], &[5, 4]),
        (&["--until", "150m"], &[3, 2, 1]),
        (&["--since", "2020-01-01T00:00:00Z", "--until", "2020-01-02T00:00:00+02:00"], &[]),
    ] {
        assert_eq!(ids(&kept.list(filter)), expected, "{filter:?}");
    }
    kept.events(&["list", "--state", "gone"]).assert_refused(&["`gone` is no state; there are pending"]);
    kept.events(&["list", "--since", "yesterday"]).assert_refused(&["`yesterday` is no time; write for example"]);
}

#[test]
fn shows_everything_about_an_event() {
    let kept = Kept::with(&LIFE);
    let ended = kept.events(&["show", "4"]);
    for part in [
        "provider    gridx, endpoint gridxEvents\n",
        "identity    identity-4\n",
        "state       dead\n",
        "verified    gridxSignature by key 1\n",
        "header      x-number: 4\n",
        "attempt     1 20",
        ", dead: the handler said no\n",
        "\n{\n  \"number\": 4,\n  \"price\": 1.10\n}",
    ] {
        assert!(ended.stdout.contains(part), "{part}: {ended:?}");
    }
    assert_eq!(kept.events(&["show", "4", "--raw"]).stdout.as_bytes(), body(4));
    let shown = &kept.json(&["show", "4", "--json"])[0];
    assert_eq!((&shown["identity"], &shown["attempts"][0]["ending"]), (&"identity-4".into(), &"dead".into()));
    assert_eq!(shown["body"].as_str().unwrap().as_bytes(), body(4));
    kept.events(&["show", "6"]).assert_refused(&["there is no event 6"]);
}

#[test]
fn replays_retries_and_parks_what_it_is_told_to() {
    let kept = Kept::with(&LIFE);
    let ended = kept.events(&["retry", "--state", "dead"]);
    assert_eq!((ended.code(), ended.stdout.as_str()), (Some(0), "1 event retried"));
    let ended = kept.events(&["replay", "3", "5", "1", "77"]);
    assert_eq!(ended.code(), Some(1));
    for line in ["2 events replayed\n", "1 event not, being pending: 1\n", "1 event not, there being no such event: 77"]
    {
        assert!(ended.stdout.contains(line), "{ended:?}");
    }
    assert_eq!(kept.list(&["--state", "pending"]).len(), 4);
    let ended = kept.events(&["park", "--provider", "gridx"]);
    assert_eq!((ended.code(), ended.stdout.as_str()), (Some(0), "4 events parked"));
    assert_eq!(ids(&kept.list(&["--state", "parked"])), [5, 4, 3, 1]);
    assert_eq!(kept.run(&["verify-inbox"]).code(), Some(0));
    let ended = kept.events(&["retry", "--type", "nothing"]);
    assert_eq!((ended.code(), ended.stderr.as_str()), (Some(1), "there are no such events"));
}

#[test]
fn a_dry_run_says_what_would_be_and_changes_nothing() {
    let kept = Kept::with(&LIFE);
    let before = kept.list(&[]);
    let ended = kept.events(&["replay", "3", "1", "--dry-run"]);
    assert_eq!(ended.stdout, "1 event would be replayed\n1 event not, being pending: 1");
    assert_eq!(kept.events(&["park", "--since", "1d", "--dry-run"]).stdout, "3 events would be parked");
    assert_eq!(kept.events(&["prune", "--older-than", "1h", "--dry-run"]).stdout, "1 event would be removed");
    assert_eq!(kept.list(&[]), before);
}

#[test]
fn a_change_without_a_selection_says_what_to_give() {
    let kept = Kept::with(&LIFE);
    for verb in ["replay", "retry", "park"] {
        let ended = kept.events(&[verb]);
        assert_eq!(ended.code(), Some(2));
        ended.assert_refused(&["say which events: give their ids, or a filter such as `--state dead`"]);
    }
    kept.events(&["replay", "3", "--state", "done"]).assert_refused(&["give either ids or a filter"]);
}

#[test]
fn many_are_not_changed_unasked() {
    let kept = Kept::with_dead(101);
    let ended = kept.events(&["retry", "--state", "dead"]);
    assert_eq!(ended.code(), Some(2));
    ended.assert_refused(&["101 events", "`--yes`", "`--dry-run`"]);
    assert_eq!(kept.events(&["retry", "--state", "dead", "--until", "2h", "--dry-run"]).code(), Some(0));
    assert_eq!(kept.events(&["retry", "--state", "dead", "--yes"]).stdout, "101 events retried");
    assert_eq!(kept.json(&["stats", "--json"])[0]["pending"], 101);
    assert_eq!(kept.events(&["park", "--state", "pending", "--yes"]).stdout, "101 events parked");
    let ended = kept.events(&["prune", "--older-than", "30m", "--state", "parked"]);
    ended.assert_refused(&["`--yes`"]);
}

#[test]
fn what_is_exported_comes_back_as_it_was() {
    let kept = Kept::with(&LIFE);
    let ended = kept.events(&["export", "--to", "all.jsonl"]);
    assert_eq!((ended.code(), ended.stderr.as_str()), (Some(0), "5 events written to all.jsonl"));
    let exported = kept.json(&["export"]);
    assert_eq!(exported.iter().map(|event| event["id"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(kept.json(&["export", "--state", "dead"]).len(), 1);

    let other = ["--inbox", "sqlite:other.db"];
    let import = |file: &str| kept.events(&[&other[..], &["import", file]].concat());
    assert_eq!(import("all.jsonl").stdout, "5 kept, 0 were here already");
    assert_eq!(kept.json(&[&other[..], &["export"]].concat()), exported);
    assert_eq!(import("all.jsonl").stdout, "0 kept, 5 were here already");
    assert_eq!(kept.json(&[&other[..], &["stats", "--json"]].concat())[0]["duplicates"], 0);
    assert_eq!(kept.run(&["verify-inbox", "other.db"]).code(), Some(0));
}

#[test]
fn a_line_that_is_no_event_is_named() {
    let kept = Kept::with(&LIFE);
    let good = kept.events(&["export", "--state", "dead"]).stdout;
    fs::write(kept.folder().join("bad.jsonl"), format!("{good}\n\n{{\"provider\":\"gridx\"}}\n{good}")).unwrap();
    let ended = kept.events(&["import", "bad.jsonl", "--inbox", "sqlite:other.db"]);
    assert_eq!((ended.code(), ended.stdout.as_str()), (Some(1), "1 kept, 0 were here already"));
    assert!(ended.stderr.contains("line 3 is no event: missing field `endpoint`"), "{ended:?}");
    kept.events(&["import", "missing.jsonl"]).assert_refused(&["missing.jsonl cannot be read"]);
}

#[test]
fn removes_what_is_old_and_done_unless_told_otherwise() {
    let kept = Kept::with(&[Done, Dead, Done, Done]);
    assert_eq!(kept.events(&["prune", "--older-than", "90m"]).stdout, "2 events removed");
    assert_eq!(kept.events(&["prune", "--older-than", "90m"]).stdout, "nothing is that old");
    assert_eq!(kept.events(&["prune", "--older-than", "1h", "--state", "dead"]).stdout, "1 event removed");
    assert_eq!(kept.list(&[]), [(4, "done".to_owned())]);
    kept.events(&["prune", "--older-than", "1h", "--state", "pending"])
        .assert_refused(&["what is pending is not removed"]);
    assert_eq!(kept.run(&["verify-inbox"]).code(), Some(0));
}

#[test]
fn removes_what_the_settings_let_go() {
    let kept = Kept::with(&[Done, Dead, Done, Done]);
    fs::write(kept.folder().join("receiver.toml"), "keep-bodies = '90m'\nkeep-identities = '210m'").unwrap();
    assert_eq!(kept.events(&["prune", "--dry-run"]).stdout, "2 bodies would be removed, and all of 1 event");
    assert_eq!(kept.events(&["prune"]).code(), Some(0));
    let sizes: Vec<_> = kept.json(&["list", "--json"]).iter().map(|event| event["size"].is_null()).collect();
    assert_eq!(sizes, [false, true, false]);
    assert_eq!(kept.events(&["prune"]).stdout, "nothing is that old");
    let ended = kept.events(&["replay", "3"]);
    assert_eq!(
        (ended.code(), ended.stdout.as_str()),
        (Some(1), "0 events replayed\n1 event not, the body being no longer kept: 3")
    );
    kept.events(&["show", "3", "--raw"]).assert_refused(&["no longer kept"]);
}

#[test]
fn counts_the_events_in_each_state() {
    let kept = Kept::with(&LIFE);
    let stats = &kept.json(&["stats", "--json"])[0];
    for (member, count) in
        [("pending", 1), ("leased", 0), ("retrying", 1), ("done", 1), ("dead", 1), ("parked", 1), ("duplicates", 0)]
    {
        assert_eq!(stats[member], Value::from(count), "{member}");
    }
    let ended = kept.events(&["stats"]);
    assert!(ended.stdout.contains("dead        1  failed for good\n"), "{ended:?}");
}

#[test]
fn says_when_there_is_no_inbox_and_makes_none() {
    let kept = Kept::empty();
    for args in [&["list"][..], &["stats"], &["replay", "1"], &["prune", "--older-than", "1d"]] {
        kept.events(args).assert_refused(&["there is no inbox ./data/inbox.db", "--inbox sqlite:PATH"]);
    }
    assert!(!kept.file().exists());
    kept.events(&["list", "--inbox", "none"]).assert_refused(&["the inbox is `none`"]);
}

#[test]
fn looks_at_a_file_that_was_put_aside_and_leaves_it_alone() {
    let kept = Kept::with(&LIFE);
    let aside = kept.folder().join("aside.db");
    fs::rename(kept.file(), &aside).unwrap();
    let before = fs::read(&aside).unwrap();
    assert_eq!(kept.list(&["--inbox", "sqlite:aside.db"]).len(), 5);
    assert_eq!(kept.json(&["--inbox", "sqlite:aside.db", "export"]).len(), 5);
    assert_eq!(fs::read(&aside).unwrap(), before);
    fs::write(&aside, "no database at all, but long enough to be looked at as one").unwrap();
    kept.events(&["list", "--inbox", "sqlite:aside.db"]).assert_refused(&["aside.db"]);
}

#[test]
fn leaves_a_file_alone_that_another_process_has() {
    let kept = Kept::with(&LIFE);
    let ended = kept.open(async |_| kept.events(&["replay", "3"]));
    ended
        .assert_refused(&["another process has the inbox ./data/inbox.db", &format!("process {}", std::process::id())]);
    assert_eq!(kept.list(&["--state", "pending"]).len(), 1);
}

//! What is around the program where it is installed: its version, completions, manual pages, the health check.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::common::scratch::Scratch;
use crate::common::{Invocation, Receiver};

fn text(args: &[&str]) -> String {
    let ended = Invocation::new(args).run();
    assert_eq!(ended.code(), Some(0), "{args:?}: {}", ended.output());
    ended.stdout
}

#[test]
fn the_version_names_the_commit_and_the_spec() {
    let version = format!("receiver {}", env!("CARGO_PKG_VERSION"));
    assert_eq!(text(&["-V"]), version);
    let long = text(&["--version"]);
    let digest = format!("spec sha256: {}", webhook_api::SPEC_DIGEST);
    assert_eq!(long.lines().next(), Some(version.as_str()));
    assert!(long.lines().nth(1).is_some_and(|line| line.starts_with("commit: ")), "{long}");
    assert_eq!(long.lines().nth(2), Some(digest.as_str()));
}

/// What `build.rs` tells Cargo, run in this folder as for a profile.
fn build_script(program: &Path, folder: &Path, profile: &str, told: &str) -> String {
    let output =
        Command::new(program).current_dir(folder).env("PROFILE", profile).env("RECEIVER_COMMIT", told).output();
    let output = output.unwrap();
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let commit = lines.lines().find_map(|line| line.strip_prefix("cargo::rustc-env=RECEIVER_COMMIT="));
    commit.unwrap_or_default().to_owned()
}

#[test]
fn a_release_build_knows_its_commit_and_whether_the_sources_differ_from_it() {
    let scratch = Scratch::new();
    let program = scratch.path().join("build-script");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let built = Command::new(rustc).args(["--edition", "2024", "-o"]).arg(&program).arg(source).status().unwrap();
    assert!(built.success());
    let package = scratch.path().join("repository/package");
    fs::create_dir_all(package.join("src")).unwrap();
    fs::write(package.join("src/main.rs"), "fn main() {}").unwrap();
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(package.parent().unwrap()).args(["-c", "user.name=x", "-c", "user.email=x@example.com"]);
        let output = git.args(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "one"]);
    let head = git(&["rev-parse", "HEAD"]);
    assert_eq!(build_script(&program, &package, "release", ""), head);
    assert_eq!(build_script(&program, &package, "debug", ""), "");
    assert_eq!(build_script(&program, &package, "debug", "abc"), "abc");
    fs::write(package.join("src/main.rs"), "fn main() { loop {} }").unwrap();
    assert_eq!(build_script(&program, &package, "release", ""), format!("{head}, with changes"));
}

#[test]
fn bash_completes_the_commands() {
    let script = text(&["completions", "bash"]);
    let ask = r#"COMP_WORDS=(receiver events re); COMP_CWORD=2; _receiver receiver re events; echo "${COMPREPLY[@]}""#;
    let output = Command::new("bash").args(["-c", &format!("{script}\n{ask}")]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "replay retry\n", "{:?}", output.stderr);
    for shell in ["zsh", "fish", "elvish", "powershell"] {
        assert!(text(&["completions", shell]).contains("verify-inbox"), "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let first = text(&["man"]);
    assert!(first.contains(".TH receiver 1") && first.contains("receiver\\-serve(1)"), "{first}");
    let folder = Scratch::new();
    text(&["man", "--to", folder.path().to_str().unwrap()]);
    let page = |name: &str| fs::read_to_string(folder.path().join(format!("{name}.1"))).unwrap();
    assert!(page("receiver-events-replay").contains(".TH receiver-events-replay 1"));
    assert!(page("receiver-serve").contains("RECEIVER_LISTEN"));
    assert_eq!(page("receiver").trim(), first.trim());
}

#[test]
fn health_tells_a_receiver_that_lives_from_none() {
    let receiver = Receiver::start();
    let admin = receiver.admin().to_string();
    let ask = |args: &[&str]| Invocation::new(&["health"]).env("RECEIVER_ADMIN", &admin).args(args).run();
    let alive = ask(&[]);
    assert_eq!((alive.code(), alive.stdout.as_str()), (Some(0), "alive"), "{}", alive.output());
    assert_eq!(ask(&["--ready"]).stdout, "ready");
    receiver.stop();
    let gone = ask(&[]);
    assert_eq!(gone.code(), Some(1));
    assert!(gone.output().contains(&format!("no receiver answers at {admin}")), "{}", gone.output());
}

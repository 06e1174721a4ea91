//! Who may use the admin port, by the page and by programs.

use super::{Browser, open};
use crate::common::http::Answer;
use crate::common::{Connection, Invocation, Receiver, Request, SECRET};

const TOKEN: &str = "Zx87-admin-token-of-the-tests";

fn guarded() -> Receiver {
    Receiver::of(serve("0.0.0.0:0").file("token", format!("{TOKEN}\n")))
}

fn serve(admin: &str) -> Invocation {
    let args = ["serve", "--listen", "127.0.0.1:0", "--admin", admin, "--admin-token-file", "token"];
    Invocation::new(&args).env("GRIDX_SECRETS", SECRET)
}

/// A browser in which somebody typed the token in.
fn logged_in(receiver: &Receiver) -> Browser {
    let browser = Browser::start();
    browser.go(&format!("http://{}/", receiver.admin()));
    browser.type_into("#token", &format!("{TOKEN}\u{e007}"));
    browser.wait("document.querySelector('#connection')?.dataset.state === 'live'");
    browser
}

fn ask(receiver: &Receiver, request: &Request) -> Answer {
    Connection::to(receiver.admin()).exchange(request)
}

#[test]
fn a_port_that_others_reach_is_refused_without_a_token() {
    let args = ["serve", "--listen", "127.0.0.1:0", "--admin", "0.0.0.0:0"];
    let ended = Invocation::new(&args).env("GRIDX_SECRETS", SECRET).run();
    ended.assert_refused(&["`admin` is 0.0.0.0:0", "--admin-token-file"]);
    let short = Receiver::with_args(&["--admin-token-file", "token"]).file("token", "short").run();
    short.assert_refused(&["the admin token file token", "5 characters"]);
}

#[test]
fn a_program_sends_the_token() {
    let receiver = guarded();
    for path in ["/", "/api/page", "/api/page/stream", "/api/events", "/openapi.json", "/page/app.js"] {
        let without = ask(&receiver, &Request::new("GET", path));
        assert_eq!((without.status, without.header("www-authenticate")), (401, Some("Bearer")), "{path}");
        let wrong = Request::new("GET", path).header("Authorization", "Bearer Zx87-admin-token-of-the-test");
        assert_eq!(ask(&receiver, &wrong).status, 401, "{path}");
    }
    for path in ["/", "/api/page", "/api/events", "/openapi.json"] {
        let right = Request::new("GET", path).header("Authorization", format!("Bearer {TOKEN}"));
        assert_eq!(ask(&receiver, &right).status, 200, "{path}");
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(ask(&receiver, &Request::new("GET", path)).status, 200, "{path}");
    }
}

#[test]
fn events_can_be_asked_for_with_the_token() {
    let receiver = guarded();
    let events = |args: &[&str]| Invocation::new(&["events", "stats"]).args(args).in_folder(receiver.folder()).run();
    events(&[]).assert_refused(&["asks for a token", "--admin-token-file"]);
    let with = events(&["--admin-token-file", "token"]);
    assert_eq!(with.code(), Some(0), "{with:?}");
    assert!(with.stdout.contains("pending"), "{with:?}");
}

#[test]
fn a_page_from_elsewhere_does_nothing_with_the_cookie() {
    let receiver = guarded();
    let form = Request::new("POST", "/login").header("Content-Type", "application/x-www-form-urlencoded");
    let foreign = form.clone().header("Origin", "http://evil.example").body(format!("token={TOKEN}"));
    assert_eq!(ask(&receiver, &foreign).status, 403);
    let answer = ask(&receiver, &form.body(format!("token={TOKEN}")));
    assert_eq!((answer.status, answer.header("location")), (303, Some("/")));
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains(TOKEN), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let change = |cookie: &str, origin: &str| {
        let change = Request::new("POST", "/api/events/change").header("Content-Type", "application/json");
        let change = change.header("Cookie", cookie).header("Origin", origin);
        ask(&receiver, &change.body(r#"{"change":"replay","ids":[1]}"#)).status
    };
    let (ours, foreign) = ("http://localhost", "http://evil.example");
    assert_eq!((change(&cookie, ours), change(&cookie, foreign)), (200, 403));
    let forged = cookie.replace('.', "0.");
    assert_eq!((change("", ours), change(&forged, ours)), (401, 401));
}

#[test]
fn a_person_types_the_token_in() {
    let receiver = guarded();
    let browser = Browser::start();
    browser.go(&format!("http://{}/", receiver.admin()));
    browser.type_into("#token", "something else\u{e007}");
    browser.wait("document.querySelector('.fault')?.textContent === 'That is not the token.'");
    browser.type_into("#token", &format!("{TOKEN}\u{e007}"));
    browser.wait("document.querySelector('#connection')?.dataset.state === 'live'");
    browser.go(&format!("http://{}/", receiver.admin()));
    open(&browser, &receiver, "#/health");
    browser.click("#logout button");
    browser.wait("document.querySelector('#token')");
    let others: Vec<_> = browser.faults().into_iter().filter(|fault| !fault.contains("401")).collect();
    assert_eq!(others, Vec::<String>::new());
}

#[test]
fn another_token_ends_the_session_of_a_page_that_is_open() {
    let first = guarded();
    let browser = logged_in(&first);
    let (admin, folder) = (first.admin().to_string(), first.folder().to_owned());
    // Its folder goes with what is left of it.
    let _stopped = first.stop();
    std::fs::write(folder.join("token"), "Zx91-another-token-of-the-tests\n").unwrap();
    let _second = Receiver::of(serve(&admin).in_folder(&folder));
    browser.wait("document.querySelector('#token')");
}

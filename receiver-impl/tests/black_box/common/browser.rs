//! A browser without a window, told what to do over WebDriver (W3C): JSON over HTTP, which needs no more than the client
//! that the other tests have.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::process::Process;
use super::{Connection, Invocation, Request};

/// A browser is slower to start than a receiver, and a busy machine slower than both.
const PATIENCE: Duration = Duration::from_secs(180);

/// A browser that shows one page. It ends when this goes.
pub(crate) struct Browser {
    driver: SocketAddr,
    session: String,
    connection: Mutex<Connection>,
    _process: Process,
}

impl Browser {
    /// Starts one.
    pub(crate) fn start() -> Self {
        let driver = program("CHROMEDRIVER", "chromedriver", &["chromedriver"]);
        let browser = program("CHROMIUM", "chromium", &["chromium", "google-chrome"]);
        let invocation =
            Invocation::of(driver.to_str().unwrap(), &["--port=0"]).env("PATH", std::env::var("PATH").unwrap());
        let home = invocation.folder().to_owned();
        let process = invocation.env("HOME", &home).env("TMPDIR", &home).spawn();
        let line = process.stdout.try_wait_for(|line| line.contains("started successfully on port"));
        let line = line.unwrap_or_else(|| panic!("{} does not start: {}", driver.display(), process.stderr.so_far()));
        let port = line.trim_end_matches('.').rsplit(' ').next().unwrap().parse().unwrap();
        let driver = SocketAddr::from(([127, 0, 0, 1], port));
        let options = json!({
            "binary": browser,
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                "--no-first-run", "--window-size=1280,860", format!("--user-data-dir={}", home.join("profile").display()),
            ],
        });
        let wanted = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let connection = Mutex::new(Connection::patient(driver, PATIENCE));
        let mut browser = Self { driver, session: String::new(), connection, _process: process };
        let session = browser.ask("POST", "/session", &wanted);
        browser.session = session["sessionId"].as_str().unwrap_or_else(|| panic!("{session}")).to_owned();
        browser
    }

    /// Goes to an address.
    pub(crate) fn go(&self, url: &str) {
        self.tell("/url", &json!({"url": url}));
    }

    /// The value of an expression in the page.
    pub(crate) fn value(&self, expression: &str) -> Value {
        self.tell("/execute/sync", &json!({"script": format!("return ({expression});"), "args": []}))
    }

    /// The text of the first element that fits.
    pub(crate) fn text(&self, selector: &str) -> String {
        let selector = json!(selector);
        self.value(&format!("document.querySelector({selector})?.textContent ?? ''")).as_str().unwrap().to_owned()
    }

    /// Waits until an expression holds.
    #[track_caller]
    pub(crate) fn wait(&self, expression: &str) {
        let deadline = Instant::now() + PATIENCE;
        while self.value(&format!("Boolean({expression})")) != true {
            let page = || self.value("document.body.innerText");
            assert!(Instant::now() < deadline, "never: {expression}\n{}", page().as_str().unwrap_or_default());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Clicks on the first element that fits.
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.tell(&format!("/element/{element}/click"), &json!({}));
    }

    /// Types into the first element that fits.
    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        self.tell(&format!("/element/{element}/value"), &json!({"text": text}));
    }

    /// Presses a key, as the keyboard does, wherever the focus is.
    pub(crate) fn press(&self, key: &str) {
        let actions = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        self.tell("/actions", &json!({"actions": [{"type": "key", "id": "keyboard", "actions": actions}]}));
    }

    /// Presses Tab until the focus is on what fits.
    #[track_caller]
    pub(crate) fn tab_to(&self, selector: &str) {
        let there = format!("document.activeElement?.matches({})", json!(selector));
        for _ in 0..60 {
            if self.value(&there) == true {
                return;
            }
            self.press("\u{e004}");
        }
        panic!("the keyboard does not reach {selector}");
    }

    /// Makes the page so wide and high, and light or dark.
    pub(crate) fn look(&self, width: u32, height: u32, scheme: &str) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
        // A picture of a colour that is on its way to another shows neither.
        let features = json!([
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.devtools("Emulation.setEmulatedMedia", &json!({"features": features}));
    }

    /// A picture of what is shown, as PNG.
    pub(crate) fn picture(&self) -> Vec<u8> {
        let picture = self.ask("GET", &format!("/session/{}/screenshot", self.session), &Value::Null);
        STANDARD.decode(picture.as_str().unwrap()).unwrap()
    }

    /// Faults that the browser noted: of scripts, of the security policy, of requests.
    pub(crate) fn faults(&self) -> Vec<String> {
        let log = self.tell("/se/log", &json!({"type": "browser"}));
        let severe = log.as_array().unwrap().iter().filter(|entry| entry["level"] == "SEVERE");
        severe.map(|entry| entry["message"].as_str().unwrap().to_owned()).collect()
    }

    /// There must be none.
    #[track_caller]
    pub(crate) fn assert_faultless(&self) {
        assert_eq!(self.faults(), Vec::<String>::new());
    }

    fn devtools(&self, command: &str, parameters: &Value) {
        self.tell("/goog/cdp/execute", &json!({"cmd": command, "params": parameters}));
    }

    #[track_caller]
    fn element(&self, selector: &str) -> String {
        self.wait(&format!("document.querySelector({})", json!(selector)));
        let found = self.tell("/element", &json!({"using": "css selector", "value": selector}));
        found.as_object().unwrap().values().next().unwrap().as_str().unwrap().to_owned()
    }

    #[track_caller]
    fn tell(&self, what: &str, body: &Value) -> Value {
        self.ask("POST", &format!("/session/{}{what}", self.session), body)
    }

    #[track_caller]
    fn ask(&self, method: &str, path: &str, body: &Value) -> Value {
        let request = Request::with_line(&format!("{method} {path} HTTP/1.1")).header("Host", self.driver.to_string());
        let request = match body {
            Value::Null => request,
            body => request.header("Content-Type", "application/json").body(body.to_string()),
        };
        let answer = self.connection.lock().unwrap().exchange(&request);
        let content: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(answer.status, 200, "{method} {path}: {content}");
        content["value"].clone()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends its browser with the session; without that, killing the driver would leave it behind.
        let end = Request::with_line(&format!("DELETE /session/{} HTTP/1.1", self.session));
        let end = end.header("Host", self.driver.to_string());
        if let Ok(mut connection) = Connection::try_to(self.driver)
            && connection.try_send(end.bytes()).is_ok()
        {
            // A driver that hangs is no reason to panic, least of all while a test that failed unwinds.
            let _ = connection.try_read_more();
        }
    }
}

/// The program that a variable names, that `scripts/setup.sh browser` unpacked, or that is installed.
fn program(variable: &str, unpacked: &str, installed: &[&str]) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return path.into();
    }
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(".tools/browser").join(unpacked);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let installed = installed.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let found = std::iter::once(tools).chain(installed).find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("there is no {unpacked}: type `scripts/setup.sh browser`, or set {variable}"))
}

//! The providers with state: they keep webhooks, and call the real receiver back, signed as each does. On its way to one a
//! request can be shown to Prism, which knows the description.

mod greenlake;
mod gridx;
mod nursa;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::common::{Connection, Request};
use crate::stand_in::{Asked, Reply, StandIn};
use crate::tool::TOKEN;

pub(crate) const ACCOUNT: &str = "2f6b0d7c-1111-4a2b-9c3d-4e5f60718293";
pub(crate) const ID: &str = "0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01";
/// gridX: the first notification rule.
pub(crate) const RULE: &str = "0c7d5a0e-8f0b-4d57-9b61-aaaaaaaaaaaa";

/// Its one webhook, and the secrets that sign, the newest first.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) webhook: Option<Value>,
    pub(crate) secrets: Vec<String>,
    /// gridX: its notification rules.
    pub(crate) rules: Vec<Value>,
    /// HPE: the event types of its subscriptions.
    pub(crate) subscribed: Vec<String>,
    /// HPE: how many other webhooks are listed before it.
    pub(crate) others: usize,
    /// HPE: pages do not say how many there are in all.
    pub(crate) is_silent_on_totals: bool,
    /// HPE: what stands in `Authorization`.
    pub(crate) authorization: Option<String>,
    /// Nursa: the kind of its webhook.
    pub(crate) kind: String,
    /// What the receiver answered to deliveries that the provider made by itself.
    pub(crate) answers: Vec<u16>,
    /// HPE: the change of a webhook that fails, the next one being 1, and how.
    pub(crate) fault: Option<(usize, Fault)>,
    /// The call, method and path, that fails once.
    pub(crate) refuses: Option<String>,
    /// Prism, which is to see each request.
    pub(crate) prism: Option<SocketAddr>,
    /// How many it saw.
    pub(crate) seen: usize,
    /// Those that do not fit the description, and why.
    pub(crate) misfits: Vec<String>,
    made: usize,
}

/// How a change of a webhook fails.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Nothing was changed.
    Refused,
    /// It was, but who asked for it does not learn that.
    AnswerLost,
}

/// A provider.
pub(crate) struct Provider {
    pub(crate) api: StandIn,
    pub(crate) state: Arc<Mutex<State>>,
}

impl Provider {
    fn start(answer: fn(&mut State, &Asked) -> Reply) -> Self {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let api = StandIn::start(move |asked| {
            if asked.header("authorization") != format!("Bearer {TOKEN}") {
                return Reply::json(401, &json!({"message": "Unauthorized", "statusCode": 401}));
            }
            let state = &mut *shared.lock().unwrap();
            show_to_prism(state, asked);
            if state.refuses.take_if(|line| *line == asked.line()).is_some() {
                return Reply::empty(503);
            }
            answer(state, asked)
        });
        Self { api, state }
    }

    pub(crate) fn gridx() -> Self {
        Self::start(gridx::answer)
    }

    pub(crate) fn greenlake() -> Self {
        Self::start(greenlake::answer)
    }

    pub(crate) fn nursa() -> Self {
        Self::start(nursa::answer)
    }

    /// What the provider would send now.
    pub(crate) fn delivery(&self, provider: &str, number: usize) -> Request {
        let secrets = self.state.lock().unwrap().secrets.clone();
        match provider {
            "gridx" => gridx::delivery(&secrets, number, "appliance/renamed"),
            "greenlake" => greenlake::delivery(&secrets, number),
            _ => nursa::delivery(&secrets, number),
        }
    }

    /// Which calls were made, methods and paths.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.api.asked().iter().map(Asked::line).collect()
    }
}

/// Has Prism look at a request.
fn show_to_prism(state: &mut State, asked: &Asked) {
    let Some(prism) = state.prism else { return };
    let names = ["accept", "authorization", "content-type"];
    let request = Request::new(&asked.method, &asked.target).body(asked.text.clone());
    let headers = names.iter().filter_map(|name| Some((*name, asked.headers.get(*name)?.clone())));
    let request = headers.fold(request, |request, (name, value)| request.header(name, value));
    let answer = Connection::to(prism).exchange(&request);
    state.seen += 1;
    if !answer.is_success() {
        state.misfits.push(format!("{} {}: {} {}", asked.line(), asked.text, answer.status, answer.text()));
    }
}

/// Host and port of an address that somebody registered.
fn host(url: &str) -> SocketAddr {
    url.strip_prefix("http://").unwrap().split('/').next().unwrap().parse().unwrap()
}

fn send(url: &str, request: &Request) -> (u16, String) {
    let answer = Connection::to(host(url)).exchange(request);
    (answer.status, String::from_utf8(answer.body).unwrap())
}

//! Looks for a text in events: in their bodies, types, identities and ids. It reads so many of the newest ones at a time
//! and says where to go on, so that nobody waits for all of them.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::request::Parts;
use memchr::memmem;
use tokio::sync::Mutex;

use crate::admin::{ApiError, json};
use crate::inbox::{InboxError, Operate, Page, Summary};
use crate::wire::ListQuery;

/// Events that are looked at for one answer, and that are read at once.
const LOOKED_AT: usize = 2_000;
const AT_ONCE: usize = 200;
/// Found events that make an answer.
const ENOUGH: usize = 100;

/// Looks in this inbox, for one at a time.
pub(super) struct Search {
    inbox: Arc<dyn Operate>,
    turn: Mutex<()>,
}

impl Search {
    pub(super) fn new(inbox: Arc<dyn Operate>) -> Self {
        Self { inbox, turn: Mutex::default() }
    }
}

/// Answers `GET /api/page/search?text=TEXT&FILTER&after=ID`.
pub(super) async fn search(State(search): State<Arc<Search>>, parts: Parts) -> Result<Response, ApiError> {
    let (text, query) = read(parts.uri.query().unwrap_or_default()).map_err(ApiError::bad)?;
    let _turn = search.turn.lock().await;
    Ok(json(&find(&*search.inbox, &text, query).await?))
}

/// The text, and what is asked for beside it.
fn read(query: &str) -> Result<(Vec<u8>, ListQuery), String> {
    let mut text = String::new();
    let mut others = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if name == "text" {
            text = value.trim().to_ascii_lowercase();
        } else {
            others.append_pair(&name, &value);
        }
    }
    let query = ListQuery::parse(&others.finish()).map_err(|error| error.to_string())?;
    if text.is_empty() { Err("`text` is missing: say what to look for".to_owned()) } else { Ok((text.into(), query)) }
}

async fn find(inbox: &dyn Operate, text: &[u8], query: ListQuery) -> Result<Page, InboxError> {
    let needle = memmem::Finder::new(text);
    let mut found = Page::default();
    let mut after = query.after;
    for _ in 0..LOOKED_AT / AT_ONCE {
        let page = inbox.list(&query.filter, after, AT_ONCE).await?;
        for event in page.events {
            if has(&event, &needle) || in_body(inbox, &event, &needle).await? {
                found.events.push(event);
            }
        }
        after = page.next;
        if after.is_none() || found.events.len() >= ENOUGH {
            break;
        }
    }
    found.next = after;
    Ok(found)
}

fn has(event: &Summary, needle: &memmem::Finder<'_>) -> bool {
    let words = [event.id.to_string(), event.identity.clone(), event.event_type.clone().unwrap_or_default()];
    words.iter().any(|word| needle.find(word.to_ascii_lowercase().as_bytes()).is_some())
}

async fn in_body(inbox: &dyn Operate, event: &Summary, needle: &memmem::Finder<'_>) -> Result<bool, InboxError> {
    if event.size.unwrap_or_default() == 0 {
        return Ok(false);
    }
    let record = inbox.show(event.id).await?;
    Ok(record.is_some_and(|record| needle.find(&record.event.body.to_ascii_lowercase()).is_some()))
}

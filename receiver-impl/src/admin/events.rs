//! The events of the inbox, looked at and changed over the admin port: `receiver events` speaks to this, and so do pages.
//! What can be asked stands at [`wire`].

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::{Path, Request, State as Shared};
use axum::middleware;
use axum::response::Response;
use axum::routing::{get, post};
use http::request::Parts;
use tokio::sync::Semaphore;

use super::answers::{self, ApiError, LINES, json, lines};
use super::{body, guard};
use crate::inbox::{Admission, Change, Changed, EventId, Filter, Operate, PORTION, Pruned, Record, Retention, State};
use crate::wire::{
    ChangeAnswer, ChangeRequest, ChangeResult, EXPORT_BYTES, IMPORT_BYTES, Imported, KeepsFor, ListQuery, PruneRequest,
    ids,
};

/// Requests that are worked on at once; further ones wait, so that nobody who looks is in the way of what arrives.
const AT_ONCE: usize = 4;
/// Events of a page if nothing is said.
const LIMIT: usize = 100;
/// Bytes of a request that says what to do.
const REQUEST_BYTES: usize = 256 << 10;

/// What the routes work on.
pub(crate) struct Api {
    inbox: Arc<dyn Operate>,
    retention: Retention,
    permits: Semaphore,
}

type Answer = Result<Response, ApiError>;

/// The routes below `/api/events`.
pub(crate) fn routes(inbox: Arc<dyn Operate>, retention: Retention) -> Router {
    let api = Arc::new(Api { inbox, retention, permits: Semaphore::new(AT_ONCE) });
    Router::new()
        .route("/api/events", get(list))
        .route("/api/events/export", get(export))
        .route("/api/events/stats", get(stats))
        .route("/api/events/retention", get(async |Shared(api): Shared<Arc<Api>>| json(&KeepsFor::from(api.retention))))
        .route("/api/events/change", post(change))
        .route("/api/events/import", post(import))
        .route("/api/events/prune", post(prune))
        .route("/api/events/{id}", get(show))
        .layer(middleware::from_fn_with_state(Arc::clone(&api), turn))
        .layer(middleware::from_fn(guard::json_only))
        .with_state(api)
}

/// Waits for a turn.
async fn turn(Shared(api): Shared<Arc<Api>>, request: Request, next: middleware::Next) -> Response {
    // Nobody closes it.
    let _permit = api.permits.acquire().await.ok();
    next.run(request).await
}

async fn list(Shared(api): Shared<Arc<Api>>, parts: Parts) -> Answer {
    let query = ListQuery::parse(parts.uri.query().unwrap_or_default()).map_err(ApiError::bad)?;
    let page = api.inbox.list(&query.filter, query.after, query.limit.unwrap_or(LIMIT)).await?;
    Ok(json(&page))
}

async fn show(Shared(api): Shared<Arc<Api>>, Path(id): Path<String>) -> Answer {
    let id: EventId = id.parse().map_err(ApiError::missing)?;
    let found = api.inbox.show(id).await?;
    let record = found.ok_or_else(|| ApiError::missing(format!("there is no event {id}")))?;
    Ok(answers::typed(answers::JSON, record.to_line()))
}

async fn export(Shared(api): Shared<Arc<Api>>, parts: Parts) -> Answer {
    let ids = ids(parts.uri.query().unwrap_or_default()).map_err(ApiError::bad)?;
    let mut text = String::new();
    for id in ids {
        if text.len() >= EXPORT_BYTES {
            break;
        }
        if let Some(record) = api.inbox.show(id).await? {
            text.push_str(&record.to_line());
            text.push('\n');
        }
    }
    Ok(answers::typed(LINES, text))
}

async fn stats(Shared(api): Shared<Arc<Api>>) -> Answer {
    Ok(json(&api.inbox.stats().await?))
}

async fn change(Shared(api): Shared<Arc<Api>>, request: Request) -> Answer {
    let ChangeRequest { change, ids, filter, after } = body::read_json(request, REQUEST_BYTES).await?;
    let (ids, next) = match filter {
        None if ids.is_empty() => return Err(ApiError::bad("say which events: give `ids`, or a `filter`")),
        None if ids.len() > PORTION => return Err(ApiError::bad(format!("`ids` may name up to {PORTION} events"))),
        None => (ids, None),
        Some(_) if !ids.is_empty() => return Err(ApiError::bad("give either `ids` or a `filter`")),
        Some(filter) if filter.is_empty() => {
            return Err(ApiError::bad("the `filter` leaves in everything; say which events are meant"));
        }
        Some(filter) => {
            let page = api.inbox.list(&of_fitting_states(filter, change), after, PORTION).await?;
            (page.events.iter().map(|event| event.id).collect(), page.next)
        }
    };
    let changed = api.inbox.change(ids.clone(), change).await?;
    let results = ids.into_iter().zip(changed).map(|(id, result)| ChangeResult { id, result });
    let results: Vec<_> = results.collect();
    let changed = results.iter().filter(|one| one.result == Changed::Changed).count();
    Ok(json(&ChangeAnswer { changed, results, next }))
}

/// Without a state, a filter means the events that can be changed so.
fn of_fitting_states(mut filter: Filter, change: Change) -> Filter {
    if filter.states.is_empty() {
        filter.states = State::ALL.into_iter().filter(|state| change.fits(*state)).collect();
    }
    filter
}

async fn import(Shared(api): Shared<Arc<Api>>, request: Request) -> Answer {
    let body = body::read(request, IMPORT_BYTES).await?;
    let mut records = Vec::new();
    for (number, line) in (1..).zip(lines(&body)) {
        let record = str::from_utf8(line)
            .map_err(|error| error.to_string())
            .and_then(Record::from_line)
            .and_then(Record::importable);
        records.push(record.map_err(|error| ApiError::bad(format!("line {number}: {error}")))?);
    }
    if records.len() > PORTION {
        return Err(ApiError::bad(format!("an import may have up to {PORTION} lines")));
    }
    let mut imported = Imported::default();
    for admission in api.inbox.import(records).await? {
        match admission {
            Admission::Kept(_) => imported.kept += 1,
            Admission::Duplicate(_) => imported.duplicates += 1,
        }
    }
    Ok(json(&imported))
}

async fn prune(Shared(api): Shared<Arc<Api>>, request: Request) -> Answer {
    let PruneRequest { older_than_seconds, states } = body::read_json(request, REQUEST_BYTES).await?;
    let Some(age) = older_than_seconds else {
        if !states.is_empty() {
            return Err(ApiError::bad(
                "`states` need `older_than_seconds`: nothing but what is done goes by age alone",
            ));
        }
        return Ok(json(&api.inbox.prune(&api.retention, SystemTime::now()).await?));
    };
    let states = if states.is_empty() { vec![State::Done] } else { states };
    if let Some(state) = states.iter().find(|state| !Change::Remove.fits(**state)) {
        return Err(ApiError::bad(format!("what is {state} is not removed; park it first")));
    }
    let until = SystemTime::now().checked_sub(Duration::from_secs(age)).unwrap_or(SystemTime::UNIX_EPOCH);
    let filter = Filter { states, until: Some(until), ..Filter::default() };
    let page = api.inbox.list(&filter, None, PORTION).await?;
    let changed = api.inbox.change(page.events.iter().map(|event| event.id).collect(), Change::Remove).await?;
    let events = changed.iter().filter(|changed| **changed == Changed::Changed).count() as u64;
    Ok(json(&Pruned { bodies: 0, events, more: page.next.is_some() && events > 0 }))
}

//! HPE's lists, which come in pages.

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::commands::Failure;
use crate::commands::subscriptions::session::Session;
use crate::management::Call;
use crate::management::greenlake as api;

/// The largest page of webhooks and of deliveries.
pub(super) const LARGEST: i32 = 200;
/// The largest page of subscriptions.
const SUBSCRIPTIONS: i32 = 10;
/// The most pages. A workspace has five webhooks with five event types each, so that this many have no end.
const MOST: usize = 100;

/// Every webhook of the workspace.
pub(in super::super) async fn webhooks(session: &Session<'_>) -> Result<Vec<Value>, Failure> {
    pages(session, LARGEST, |offset| api::list_webhooks(Some(LARGEST), Some(offset))).await
}

/// Every subscription, or those of one webhook.
pub(in super::super) async fn subscriptions(
    session: &Session<'_>,
    webhook: Option<&str>,
) -> Result<Vec<Value>, Failure> {
    let filter = webhook.map(|webhook| format!("webhookId eq '{webhook}'"));
    let call = |offset| api::list_subscriptions(filter.as_deref(), Some(SUBSCRIPTIONS), Some(offset));
    pages(session, SUBSCRIPTIONS, call).await
}

/// What stands on a page.
pub(super) fn items(page: &Value) -> &[Value] {
    page["items"].as_array().map_or(&[], Vec::as_slice)
}

async fn pages<T: DeserializeOwned + Default>(
    session: &Session<'_>,
    size: i32,
    call: impl Fn(i32) -> Call<T>,
) -> Result<Vec<Value>, Failure> {
    let mut all = Vec::new();
    for _ in 0..MOST {
        let offset = i32::try_from(all.len()).unwrap_or(i32::MAX);
        let page = session.send(&call(offset)).await?.json;
        let found = items(&page);
        all.extend_from_slice(found);
        let is_last = match page["total"].as_u64() {
            Some(total) => all.len() as u64 >= total,
            // HPE's samples lack members that it calls required.
            None => found.len() < usize::try_from(size).unwrap_or_default(),
        };
        if found.is_empty() || is_last {
            return Ok(all);
        }
    }
    Err(Failure::run(format_args!("HPE GreenLake's list does not end after {MOST} pages of {size}: try again later")))
}

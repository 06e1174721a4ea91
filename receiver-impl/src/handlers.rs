//! What happens with the events. This is the part to change: one file per provider, one method per event.
//!
//! A method's error is tried again unless it is [`permanent`](webhook_api::HandlerError::permanent). The same event may
//! come more than once: use [`Delivery::event_id`](webhook_api::Delivery::event_id) to make its effect happen once.

mod greenlake;
mod gridx;
mod nursa;

use webhook_api::{Delivery, Disposition, HandlerError};

use crate::attempt::Dispatch;

/// A handler for every provider of the spec.
pub type Handlers = webhook_api::Handlers<gridx::GridxHandlers, greenlake::GreenlakeHandlers, nursa::NursaHandlers>;

/// The handlers as `receiver serve` runs them.
pub fn all() -> Handlers {
    Handlers { gridx: gridx::GridxHandlers, greenlake: greenlake::GreenlakeHandlers, nursa: nursa::NursaHandlers }
}

impl Dispatch for Handlers {
    async fn dispatch(&self, delivery: &Delivery) -> Result<Disposition, HandlerError> {
        self.dispatch(delivery).await
    }
}

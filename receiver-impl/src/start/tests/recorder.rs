//! A handler that tells what it was given.

use std::sync::{Arc, Mutex};

use webhook_api::{Delivery, Disposition, HandlerError};

use crate::attempt::Dispatch;

/// Remembers what it is given, and fails for the events that it is told to fail for, as often as it is told.
#[derive(Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<Recorded>>);

#[derive(Default)]
struct Recorded {
    seen: Vec<Delivery>,
    failures: Vec<&'static str>,
}

impl Dispatch for Recorder {
    async fn dispatch(&self, delivery: &Delivery) -> Result<Disposition, HandlerError> {
        let mut recorded = self.0.lock().unwrap();
        recorded.seen.push(delivery.clone());
        match recorded.failures.iter().position(|id| delivery.event_id.ends_with(id)) {
            Some(place) => {
                recorded.failures.remove(place);
                Err(HandlerError::retry("the disk is full"))
            }
            None => Ok(Disposition::Handled),
        }
    }
}

impl Recorder {
    pub(super) fn failing(failures: &[&'static str]) -> Self {
        Self(Arc::new(Mutex::new(Recorded { seen: Vec::new(), failures: failures.to_vec() })))
    }

    pub(super) fn seen(&self) -> Vec<Delivery> {
        self.0.lock().unwrap().seen.clone()
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.seen().into_iter().map(|delivery| delivery.event_id.into()).collect()
    }
}

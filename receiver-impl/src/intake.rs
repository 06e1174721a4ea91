//! What happens to a delivery once it is known to be authentic: the seam between the gate and what lies behind.
//!
//! The gate asks an [`Intake`] for an [`Outcome`] and answers the provider accordingly. Who handles the event, and
//! whether that happens before the answer, is the intake's own affair; handlers see no difference.

use std::future::Future;

use webhook_api::Delivery;

/// Takes authentic deliveries.
pub trait Intake: Send + Sync + 'static {
    /// Takes one. When this says [`Outcome::Accepted`] or [`Outcome::Parked`], the delivery is handled or kept for good.
    fn take(&self, delivery: Delivery) -> impl Future<Output = Outcome> + Send;

    /// Takes the deliveries of one batch, which have one answer: the worst of theirs. All of them are tried, so that
    /// one that always fails does not stand before the others each time the batch is sent again.
    fn take_all(&self, deliveries: Vec<Delivery>) -> impl Future<Output = Outcome> + Send {
        async move {
            let mut worst = Outcome::Accepted;
            for delivery in deliveries {
                worst = worst.max(self.take(delivery).await);
            }
            worst
        }
    }
}

/// What the provider is to be told about an authentic delivery, from good to bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It is taken; sending it again would change nothing.
    Accepted,
    /// It is taken, though its type is unknown or its body unfit.
    Parked,
    /// It is not taken, because of a fault that may pass.
    Retry,
}

impl Outcome {
    /// Its name in logs and in the spec.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Parked => "parked",
            Self::Retry => "retry",
        }
    }
}

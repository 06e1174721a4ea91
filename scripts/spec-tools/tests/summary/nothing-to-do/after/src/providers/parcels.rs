//! Events of parcels.

use std::future::Future;

/// Events of parcels.
pub trait Parcels: Send + Sync {
    /// A parcel cannot be found.
    ///
    /// Event type `lost`.
    fn lost(
        &self,
        delivery: &Delivery,
        event: models::Lost,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A parcel is on its way.
    ///
    /// Event type `sent`.
    fn sent(
        &self,
        delivery: &Delivery,
        event: models::Sent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// An authentic event of a type that the spec does not know.
    fn unknown_event(&self, delivery: &Delivery) -> impl Future<Output = Result<(), HandlerError>> + Send {
        let _ = delivery;
        async { Ok(()) }
    }
}

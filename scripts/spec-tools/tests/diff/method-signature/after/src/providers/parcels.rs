//! The parcels.

/// The parcels.
pub trait Parcels: Send + Sync {
    /// A parcel is on its way.
    fn parcel_sent(
        &self,
        delivery: &Delivery,
        event: models::ParcelSending,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A parcel is found.
    fn parcel_found(&self, delivery: &Delivery, event: models::Parcel) -> impl Future<Output = Result<(), HandlerError>> + Send;
}

//! The parcels.

/// The parcels.
pub trait Parcels: Send + Sync {
    /// A parcel is on its way.
    fn parcel_sent(
        &self,
        delivery: &Delivery,
        event: models::ParcelSent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A parcel is lost.
    fn parcel_lost(&self, delivery: &Delivery, event: models::Parcel) -> impl Future<Output = Result<(), HandlerError>> + Send;
}

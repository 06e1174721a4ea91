/// A parcel on its way.
pub struct ParcelSending {
    /// The parcel.
    pub parcel: String,
}

/// A parcel on its way.
pub struct ParcelSent {
    /// The parcel.
    pub parcel: String,
}

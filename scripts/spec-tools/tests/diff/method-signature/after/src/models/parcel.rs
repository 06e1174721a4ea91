/// A parcel.
pub struct Parcel {
    /// Its weight.
    pub grams: i64,
    /// Its recipient.
    pub recipient: String,
}

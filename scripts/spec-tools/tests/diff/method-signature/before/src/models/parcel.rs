/// A parcel.
pub struct Parcel {
    /// Its weight.
    pub grams: i32,
    /// Its sender.
    pub sender: Option<String>,
}

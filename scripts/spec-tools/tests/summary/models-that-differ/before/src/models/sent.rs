/// A parcel.
pub struct Sent {
    /// Its number.
    #[serde(rename = "Number")]
    pub number: String,
    pub weight: Option<u32>,
    pub colour: Option<String>,
}

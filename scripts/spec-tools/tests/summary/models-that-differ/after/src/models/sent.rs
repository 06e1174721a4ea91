/// A parcel.
pub struct Sent {
    /// Its number.
    pub number: Option<String>,
    pub weight: Option<u32>,
    pub town: std::collections::BTreeMap<String, serde_json::Value>,
}

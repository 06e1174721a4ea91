open_enum! {
    /// Whether a vehicle is plugged in.
    pub enum EvMeasuredPlugState: "EvMeasuredPlugState", else Other {
        Plugged = "PLUGGED",
        Unplugged = "UNPLUGGED",
        Unknown = "UNKNOWN",
    }
}

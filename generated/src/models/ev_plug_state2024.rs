open_enum! {
    /// What happened at a charging station.
    pub enum EvPlugState2024: "EvPlugState2024", else Other {
        Plugged = "plugged",
    }
}

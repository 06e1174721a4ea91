open_enum! {
    /// Whether a vehicle began or stopped charging.
    pub enum EvChargeState: "EvChargeState", else Other {
        Charging = "CHARGING",
        Stopped = "STOPPED",
    }
}

open_enum! {
    /// The event type.
    pub enum EvChargeEventType: "EvChargeEventType", else Other {
        EvChargeStarted = "ev/charge-started",
        EvChargeStopped = "ev/charge-stopped",
    }
}

open_enum! {
    /// What a vehicle was asked to do.
    pub enum EvChargeCommand: "EvChargeCommand", else Other {
        Start = "START",
        Stop = "STOP",
    }
}

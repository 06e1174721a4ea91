open_enum! {
    /// What a vehicle's charger does; empty while the vehicle is unplugged.
    pub enum EvMeasuredChargeState: "EvMeasuredChargeState", else Other {
        Initializing = "INITIALIZING",
        Charging = "CHARGING",
        Complete = "COMPLETE",
        Stopped = "STOPPED",
        Fault = "FAULT",
        NoPower = "NO_POWER",
        Discharging = "DISCHARGING",
        Empty = "",
    }
}

open_enum! {
    /// What class of device an appliance is.
    pub enum ApplianceType: "ApplianceType", else Other {
        Unknown = "UNKNOWN",
        Inverter = "INVERTER",
        Meter = "METER",
        Evstation = "EVSTATION",
        HeatPump = "HEAT_PUMP",
        Heater = "HEATER",
        Container = "CONTAINER",
    }
}

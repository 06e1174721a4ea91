open_enum! {
    /// How well an inverter works.
    pub enum InverterStatus: "InverterStatus", else Other {
        Unknown = "UNKNOWN",
        Ok = "OK",
        Warning = "WARNING",
        Error = "ERROR",
    }
}

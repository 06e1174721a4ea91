open_enum! {
    /// What an inverter or a meter is for; other appliances have none. An inverter is one of `UNKNOWN`, `PV`,
    /// `BATTERY`, `HYBRID` and `PV_EXTERNAL`.
    pub enum ApplianceKind: "ApplianceKind", else Other {
        Unknown = "UNKNOWN",
        Pv = "PV",
        Battery = "BATTERY",
        Hybrid = "HYBRID",
        PvExternal = "PV_EXTERNAL",
        Grid = "GRID",
        HeatPump = "HEAT_PUMP",
        FuelCell = "FUEL_CELL",
        HeatPumpExternal = "HEAT_PUMP_EXTERNAL",
        Evstation = "EVSTATION",
        Bttp = "BTTP",
        Heating = "HEATING",
        Misc = "MISC",
        Cluster = "CLUSTER",
        WindTurbine = "WIND_TURBINE",
    }
}

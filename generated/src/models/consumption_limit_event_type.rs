open_enum! {
    /// The event type.
    pub enum ConsumptionLimitEventType: "ConsumptionLimitEventType", else Other {
        GridSignalProcessorLimitationOfPowerConsumptionSet = "grid-signal-processor/limitation-of-power-consumption/set",
        GridSignalProcessorLimitationOfPowerConsumptionUnset = "grid-signal-processor/limitation-of-power-consumption/unset",
    }
}

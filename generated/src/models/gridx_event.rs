tagged_union! {
    /// Any event of a gridX webhook subscription; `type` says which.
    pub enum GridxEvent: "GridxEvent" by "type", else Other {
        ApplianceCreate(super::ApplianceEvent, true) = "appliance/create",
        ApplianceDelete(super::ApplianceEvent, true) = "appliance/delete",
        ApplianceOffline(super::ApplianceEvent, true) = "appliance/offline",
        ApplianceOnline(super::ApplianceEvent, true) = "appliance/online",
        ApplianceUpdate(super::ApplianceEvent, true) = "appliance/update",
        InverterStatus(super::InverterEvent, true) = "inverter/status",
        GatewayCreate(super::GatewayEvent, true) = "gateway/create",
        GatewayOffline(super::GatewayEvent, true) = "gateway/offline",
        GatewayOnline(super::GatewayEvent, true) = "gateway/online",
        EvPlugged(super::EvPlugEvent, true) = "ev/plugged",
        EvUnplugged(super::EvPlugEvent, true) = "ev/unplugged",
        EvChargeStarted(super::EvChargeEvent, true) = "ev/charge-started",
        EvChargeStopped(super::EvChargeEvent, true) = "ev/charge-stopped",
        EvChargeFailed(super::EvChargeFailedEvent, true) = "ev/charge-failed",
        EvMeasurement(super::EvMeasurementEvent, true) = "ev/measurement",
        EvInfeasibleChargingGoals(super::EvInfeasibleGoalsEvent, true) = "ev/infeasible-charging-goals",
        GridSignalProcessorLimitationOfPowerConsumptionSet(super::ConsumptionLimitEvent, true) = "grid-signal-processor/limitation-of-power-consumption/set",
        GridSignalProcessorLimitationOfPowerConsumptionUnset(super::ConsumptionLimitEvent, true) = "grid-signal-processor/limitation-of-power-consumption/unset",
        SystemAction(super::UserActionEvent, true) = "system/action",
        Ping(super::PingEvent, true) = "ping",
    }
}

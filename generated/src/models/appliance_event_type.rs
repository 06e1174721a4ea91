open_enum! {
    /// The event type.
    pub enum ApplianceEventType: "ApplianceEventType", else Other {
        ApplianceCreate = "appliance/create",
        ApplianceDelete = "appliance/delete",
        ApplianceOffline = "appliance/offline",
        ApplianceOnline = "appliance/online",
        ApplianceUpdate = "appliance/update",
    }
}

open_enum! {
    /// The event type.
    pub enum GatewayEventType: "GatewayEventType", else Other {
        GatewayCreate = "gateway/create",
        GatewayOffline = "gateway/offline",
        GatewayOnline = "gateway/online",
    }
}

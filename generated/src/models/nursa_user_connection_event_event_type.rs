open_enum! {
    /// The event type.
    pub enum NursaUserConnectionEventEventType: "NursaUserConnectionEventEventType", else Other {
        FacilityUserConnectionAccepted = "facility.user-connection.accepted",
        FacilityUserConnectionRejected = "facility.user-connection.rejected",
    }
}

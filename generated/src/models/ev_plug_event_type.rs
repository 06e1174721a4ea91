open_enum! {
    /// The event type.
    pub enum EvPlugEventType: "EvPlugEventType", else Other {
        EvPlugged = "ev/plugged",
        EvUnplugged = "ev/unplugged",
    }
}

open_enum! {
    /// The event type.
    pub enum NursaClinicianCancelledEventEventType: "NursaClinicianCancelledEventEventType", else Other {
        ShiftRequestCancelled = "shift.request.cancelled",
        ShiftScheduledCancelled = "shift.scheduled.cancelled",
    }
}

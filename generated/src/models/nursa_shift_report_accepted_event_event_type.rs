open_enum! {
    /// The event type.
    pub enum NursaShiftReportAcceptedEventEventType: "NursaShiftReportAcceptedEventEventType", else Other {
        ShiftReportAccepted = "shift.report.accepted",
        ShiftReportAcceptedAutomatically = "shift.report.accepted-automatically",
    }
}

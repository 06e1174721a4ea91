tagged_union! {
    /// Any event of a Nursa webhook; `eventType` says which.
    pub enum NursaEvent: "NursaEvent" by "eventType", else Other {
        FacilityUserConnectionAccepted(super::NursaUserConnectionEvent, false) = "facility.user-connection.accepted",
        FacilityUserConnectionRejected(super::NursaUserConnectionEvent, false) = "facility.user-connection.rejected",
        FacilityCreationAccepted(super::NursaFacilityAcceptedEvent, true) = "facility.creation.accepted",
        FacilityCreationRejected(super::NursaFacilityRejectedEvent, true) = "facility.creation.rejected",
        ShiftCreated(super::NursaShiftCreatedEvent, true) = "shift.created",
        ShiftRequestCreated(super::NursaShiftRequestedEvent, true) = "shift.request.created",
        ShiftRequestCancelled(super::NursaClinicianCancelledEvent, false) = "shift.request.cancelled",
        ShiftScheduled(super::NursaShiftScheduledEvent, true) = "shift.scheduled",
        ShiftScheduledCancelled(super::NursaClinicianCancelledEvent, false) = "shift.scheduled.cancelled",
        ShiftCancelled(super::NursaShiftCancelledEvent, true) = "shift.cancelled",
        ShiftReportCreated(super::NursaShiftReportCreatedEvent, true) = "shift.report.created",
        ShiftReportAccepted(super::NursaShiftReportAcceptedEvent, false) = "shift.report.accepted",
        ShiftReportAcceptedAutomatically(super::NursaShiftReportAcceptedEvent, false) = "shift.report.accepted-automatically",
        ShiftReportRejected(super::NursaShiftReportRejectedEvent, true) = "shift.report.rejected",
    }
}

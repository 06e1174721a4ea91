open_enum! {
    /// Why a command to a vehicle failed, for programs.
    pub enum EvChargeFailureType: "EvChargeFailureType", else Other {
        NoResponse = "NO_RESPONSE",
        FailedPrecondition = "FAILED_PRECONDITION",
        Conflict = "CONFLICT",
        NotFound = "NOT_FOUND",
        RequestedCancellation = "REQUESTED_CANCELLATION",
    }
}

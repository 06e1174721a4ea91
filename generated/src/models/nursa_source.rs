open_enum! {
    /// The side that acted.
    pub enum NursaSource: "NursaSource", else Other {
        Clinician = "clinician",
        Facility = "facility",
    }
}

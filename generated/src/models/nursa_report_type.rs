open_enum! {
    /// Who wrote a report.
    pub enum NursaReportType: "NursaReportType", else Other {
        Nurse = "Nurse",
        Facility = "Facility",
        Admin = "Admin",
        AdminBilling = "AdminBilling",
    }
}

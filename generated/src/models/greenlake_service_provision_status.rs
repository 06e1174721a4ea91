open_enum! {
    /// Whether a service is there.
    pub enum GreenlakeServiceProvisionStatus: "GreenlakeServiceProvisionStatus", else Other {
        Provisioned = "PROVISIONED",
        Unprovisioned = "UNPROVISIONED",
    }
}

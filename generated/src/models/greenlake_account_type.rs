open_enum! {
    /// What a workspace is.
    pub enum GreenlakeAccountType: "GreenlakeAccountType", else Other {
        BasicOrganization = "BASIC_ORGANIZATION",
        Standalone = "STANDALONE",
        Msp = "MSP",
        Tenant = "TENANT",
    }
}

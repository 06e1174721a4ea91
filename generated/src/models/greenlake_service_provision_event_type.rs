open_enum! {
    /// The event type.
    pub enum GreenlakeServiceProvisionEventType: "GreenlakeServiceProvisionEventType", else Other {
        ComHpeGreenlakeServiceProvisionV1ServiceprovisionProvisioned = "com.hpe.greenlake.service-provision.v1.serviceprovision.provisioned",
        ComHpeGreenlakeServiceProvisionV1ServiceprovisionUnprovision = "com.hpe.greenlake.service-provision.v1.serviceprovision.unprovision",
    }
}

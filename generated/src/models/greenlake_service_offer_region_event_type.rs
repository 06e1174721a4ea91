open_enum! {
    /// The event type.
    pub enum GreenlakeServiceOfferRegionEventType: "GreenlakeServiceOfferRegionEventType", else Other {
        ComHpeGreenlakeServiceRegistryV1ServiceofferregionOnboarded = "com.hpe.greenlake.service-registry.v1.serviceofferregion.onboarded",
        ComHpeGreenlakeServiceRegistryV1ServiceofferregionDelete = "com.hpe.greenlake.service-registry.v1.serviceofferregion.delete",
    }
}

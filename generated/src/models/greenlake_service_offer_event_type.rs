open_enum! {
    /// The event type.
    pub enum GreenlakeServiceOfferEventType: "GreenlakeServiceOfferEventType", else Other {
        ComHpeGreenlakeServiceRegistryV1ServiceofferOnboarded = "com.hpe.greenlake.service-registry.v1.serviceoffer.onboarded",
        ComHpeGreenlakeServiceRegistryV1ServiceofferDelete = "com.hpe.greenlake.service-registry.v1.serviceoffer.delete",
    }
}

tagged_union! {
    /// Any event of an HPE GreenLake webhook; `type` says which.
    pub enum GreenlakeEvent: "GreenlakeEvent" by "type", else Other {
        ComHpeGreenlakeAuditLogV1LogsCreated(super::GreenlakeAuditLogEvent, true) = "com.hpe.greenlake.audit-log.v1.logs.created",
        ComHpeGreenlakeSubscriptionsV1ExpiringSubscriptions(super::GreenlakeExpiringSubscriptionEvent, true) = "com.hpe.greenlake.subscriptions.v1.expiring-subscriptions",
        ComHpeGreenlakeServiceProvisionV1ServiceprovisionProvisioned(super::GreenlakeServiceProvisionEvent, true) = "com.hpe.greenlake.service-provision.v1.serviceprovision.provisioned",
        ComHpeGreenlakeServiceProvisionV1ServiceprovisionUnprovision(super::GreenlakeServiceProvisionEvent, true) = "com.hpe.greenlake.service-provision.v1.serviceprovision.unprovision",
        ComHpeGreenlakeServiceRegistryV1ServiceofferOnboarded(super::GreenlakeServiceOfferEvent, true) = "com.hpe.greenlake.service-registry.v1.serviceoffer.onboarded",
        ComHpeGreenlakeServiceRegistryV1ServiceofferDelete(super::GreenlakeServiceOfferEvent, true) = "com.hpe.greenlake.service-registry.v1.serviceoffer.delete",
        ComHpeGreenlakeServiceRegistryV1ServiceofferregionOnboarded(super::GreenlakeServiceOfferRegionEvent, true) = "com.hpe.greenlake.service-registry.v1.serviceofferregion.onboarded",
        ComHpeGreenlakeServiceRegistryV1ServiceofferregionDelete(super::GreenlakeServiceOfferRegionEvent, true) = "com.hpe.greenlake.service-registry.v1.serviceofferregion.delete",
    }
}

//! Events of HPE GreenLake about workspaces, their audit logs, subscriptions and services.

use std::future::Future;

use http::{Method, StatusCode};

use crate::contract::*;
use crate::decode;
use crate::delivery::{Delivery, Disposition, HandlerError, InvalidEvent};
#[allow(unused_imports)] // Not every provider has events with schemas and endpoints with guards.
use crate::{models, schemes};

/// Events of HPE GreenLake about workspaces, their audit logs, subscriptions and services.
///
/// A method per event. Each gets the delivery as it arrived and the event as its schema describes it, and may be called
/// more than once for the same event: [`Delivery::event_id`] tells.
pub trait Greenlake: Send + Sync {
    /// An entry was written to a workspace's audit log.
    ///
    /// Event type `com.hpe.greenlake.audit-log.v1.logs.created`.
    fn audit_log_created(
        &self,
        delivery: &Delivery,
        event: models::GreenlakeAuditLogEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A subscription is about to expire.
    ///
    /// Event type `com.hpe.greenlake.subscriptions.v1.expiring-subscriptions`.
    fn subscription_expiring(
        &self,
        delivery: &Delivery,
        event: models::GreenlakeExpiringSubscriptionEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A service was provisioned for a workspace.
    ///
    /// Event type `com.hpe.greenlake.service-provision.v1.serviceprovision.provisioned`.
    fn service_provisioned(
        &self,
        delivery: &Delivery,
        event: models::GreenlakeServiceProvisionEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A service was taken from a workspace.
    ///
    /// Event type `com.hpe.greenlake.service-provision.v1.serviceprovision.unprovision`.
    fn service_unprovisioned(
        &self,
        delivery: &Delivery,
        event: models::GreenlakeServiceProvisionEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A service became available in the catalogue.
    ///
    /// Event type `com.hpe.greenlake.service-registry.v1.serviceoffer.onboarded`.
    fn service_offer_onboarded(
        &self,
        delivery: &Delivery,
        event: models::GreenlakeServiceOfferEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A service was removed from the catalogue.
    ///
    /// Event type `com.hpe.greenlake.service-registry.v1.serviceoffer.delete`.
    fn service_offer_deleted(
        &self,
        delivery: &Delivery,
        event: models::GreenlakeServiceOfferEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A service became available in a region.
    ///
    /// Event type `com.hpe.greenlake.service-registry.v1.serviceofferregion.onboarded`.
    fn service_offer_region_onboarded(
        &self,
        delivery: &Delivery,
        event: models::GreenlakeServiceOfferRegionEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A service is no longer available in a region.
    ///
    /// Event type `com.hpe.greenlake.service-registry.v1.serviceofferregion.delete`.
    fn service_offer_region_deleted(
        &self,
        delivery: &Delivery,
        event: models::GreenlakeServiceOfferRegionEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// An authentic event of a type that the spec does not know. It is kept whatever this does.
    fn unknown_event(&self, delivery: &Delivery) -> impl Future<Output = Result<(), HandlerError>> + Send {
        let _ = delivery;
        async { Ok(()) }
    }

    /// An authentic event whose body does not fit its schema. It is kept whatever this does.
    fn invalid_event(
        &self,
        delivery: &Delivery,
        reason: &InvalidEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send {
        let _ = (delivery, reason);
        async { Ok(()) }
    }
}

/// Calls the method for a delivery: the first declared event of its type whose schema fits the body.
pub(crate) async fn dispatch<H: Greenlake>(handler: &H, delivery: &Delivery) -> Result<Disposition, HandlerError> {
    let mut reason = None;
    for (_, event) in delivery.candidates() {
        let fault = match event.method {
            "audit_log_created" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.audit_log_created(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "subscription_expiring" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.subscription_expiring(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "service_provisioned" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.service_provisioned(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "service_unprovisioned" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.service_unprovisioned(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "service_offer_onboarded" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.service_offer_onboarded(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "service_offer_deleted" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.service_offer_deleted(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "service_offer_region_onboarded" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.service_offer_region_onboarded(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "service_offer_region_deleted" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.service_offer_region_deleted(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            _ => continue,
        };
        reason.get_or_insert(fault);
    }
    match reason.or_else(|| delivery.untyped()) {
        Some(reason) => {
            handler.invalid_event(delivery, &reason).await?;
            Ok(Disposition::InvalidEvent(reason))
        }
        None => {
            handler.unknown_event(delivery).await?;
            Ok(Disposition::UnknownEvent)
        }
    }
}

/// The provider with its endpoints.
pub const GREENLAKE: Provider = Provider {
    name: "greenlake",
    summary: "Events of HPE GreenLake about workspaces, their audit logs, subscriptions and services.",
    endpoints: &[&GREENLAKE_EVENTS],
};

/// `POST /greenlake/events`
///
/// Every event of an HPE GreenLake webhook, one by one or in batches.
///
/// One address for all event types, told apart by the member `type`. A JSON array is a batch of events. Before
/// HPE delivers anything it sends a challenge, which is answered here too. HPE disables a webhook at once on a
/// redirect, on 500 and on most of 4xx; it sends again after 404, 413, 415, 425, 429, 502, 503 and 504.
pub const GREENLAKE_EVENTS: Endpoint = Endpoint {
    id: "greenlakeEvents",
    provider: "greenlake",
    method: Method::POST,
    path: "/greenlake/events",
    summary: "Every event of an HPE GreenLake webhook, one by one or in batches.",
    description: "One address for all event types, told apart by the member `type`. A JSON array is a batch of events. Before HPE delivers anything it sends a challenge, which is answered here too. HPE disables a webhook at once on a redirect, on 500 and on most of 4xx; it sends again after 404, 413, 415, 425, 429, 502, 503 and 504.",
    guards: &[&[&schemes::GREENLAKE_SIGNATURE], &[&schemes::GREENLAKE_SIGNATURE2]],
    headers: &[],
    event_type: EventType { source: Some(ValueSource::Pointer("/type")), expected: None, aliases: &[] },
    event_id: &[ValueSource::Pointer("/source"), ValueSource::Pointer("/id")],
    ordering_key: None,
    events: &[
        Event {
            name: "com.hpe.greenlake.audit-log.v1.logs.created",
            method: "audit_log_created",
            schema: "GreenlakeAuditLogEvent",
            summary: "An entry was written to a workspace's audit log.",
            example: Some(
                r#"{"specversion":"1.0","id":"kP3xQ5MBAbcdEFgh1234","source":"//global.api.greenlake.hpe.com/audit-log","type":"com.hpe.greenlake.audit-log.v1.logs.created","datacontenttype":"application/json","time":"2026-03-02T10:11:12.345127443Z","subject":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","data":{"id":"kP3xQ5MBAbcdEFgh1234","user":{"username":"ops@example.com"},"workspace":{"id":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","workspace_name":null,"workspace_type":null},"application":{"id":"00000000-0000-0000-0000-000000000000"},"category":"user_management","description":"User ops@example.com logged out","created_at":1772446272345,"updated_at":1772446272345,"additional_info":{"ip_address":"192.0.2.10","account_name":"Example Workspace"},"has_details":false}}"#,
            ),
        },
        Event {
            name: "com.hpe.greenlake.subscriptions.v1.expiring-subscriptions",
            method: "subscription_expiring",
            schema: "GreenlakeExpiringSubscriptionEvent",
            summary: "A subscription is about to expire.",
            example: Some(
                r#"{"specversion":"1.0","id":"4b1f7a2c-93d0-4e58-a6c1-7d8e9f0a1b02","source":"//global.api.greenlake.hpe.com/subscriptions","type":"com.hpe.greenlake.subscriptions.v1.expiring-subscriptions","datacontenttype":"application/json","time":"2026-03-02T00:00:05Z","subject":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","data":{"key":"EXAMPLEKEY0001","expirydate":"05/31/2026","sku":"EX-SUB-3Y","licensetier":"FOUNDATION","quantity":12,"username":"Example Workspace","subscriptionendinsecs":1780185600,"subscriptiontype":"CENTRAL_SWITCH","producttype":"DEVICE","platformcustomerid":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","devices":[{"serialnumber":"EX00000001","partnumber":"EX-SW-24","devicemodel":"Switch 24","macaddress":"00:00:5E:00:53:01"}]}}"#,
            ),
        },
        Event {
            name: "com.hpe.greenlake.service-provision.v1.serviceprovision.provisioned",
            method: "service_provisioned",
            schema: "GreenlakeServiceProvisionEvent",
            summary: "A service was provisioned for a workspace.",
            example: Some(
                r#"{"specversion":"1.0","id":"9e0d1c2b-3a49-4f58-8167-a0b1c2d3e403","source":"//global.api.greenlake.hpe.com/service-provision","type":"com.hpe.greenlake.service-provision.v1.serviceprovision.provisioned","datacontenttype":"application/json","time":"2026-03-03T09:20:00Z","subject":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","data":{"ServiceProvisionID":"1c9d8e7f-6a5b-4c3d-92e1-f0a9b8c7d6e5","ServiceOfferID":"55aa44bb-33cc-42dd-91ee-00ff11ee22dd","Region":"us-west","PlatformCustomerID":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","ApplicationCustomerID":"f9e8d7c6b5a493827160f5e4d3c2b1a0","UserID":"ops@example.com","ApplicationID":"c0ffee11-2233-4455-8677-8899aabbccdd","ApplicationInstanceID":"3f2e1d0c-9b8a-4765-8321-0fedcba98765","Status":"PROVISIONED","AccountType":"STANDALONE","OperationalMode":"DEFAULT"}}"#,
            ),
        },
        Event {
            name: "com.hpe.greenlake.service-provision.v1.serviceprovision.unprovision",
            method: "service_unprovisioned",
            schema: "GreenlakeServiceProvisionEvent",
            summary: "A service was taken from a workspace.",
            example: Some(
                r#"{"specversion":"1.0","id":"2d3c4b5a-6f7e-4d8c-9b0a-b1c2d3e4f504","source":"//global.api.greenlake.hpe.com/service-provision","type":"com.hpe.greenlake.service-provision.v1.serviceprovision.unprovision","datacontenttype":"application/json","time":"2026-03-04T16:45:30Z","subject":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","data":{"ServiceProvisionID":"1c9d8e7f-6a5b-4c3d-92e1-f0a9b8c7d6e5","ServiceOfferID":"55aa44bb-33cc-42dd-91ee-00ff11ee22dd","Region":"us-west","PlatformCustomerID":"0a1b2c3d4e5f60718293a4b5c6d7e8f9","ApplicationCustomerID":"f9e8d7c6b5a493827160f5e4d3c2b1a0","UserID":"ops@example.com","Status":"UNPROVISIONED","AccountType":"STANDALONE","OperationalMode":"DEFAULT"}}"#,
            ),
        },
        Event {
            name: "com.hpe.greenlake.service-registry.v1.serviceoffer.onboarded",
            method: "service_offer_onboarded",
            schema: "GreenlakeServiceOfferEvent",
            summary: "A service became available in the catalogue.",
            example: Some(
                r#"{"specversion":"1.0","id":"7a8b9c0d-1e2f-4a3b-8c4d-c2d3e4f5a605","source":"//global.api.greenlake.hpe.com/service-registry","type":"com.hpe.greenlake.service-registry.v1.serviceoffer.onboarded","datacontenttype":"application/json","time":"2026-03-05T12:00:00Z","data":{"ServiceOfferID":"55aa44bb-33cc-42dd-91ee-00ff11ee22dd","ServiceOfferSlug":"example-backup","AppID":"c0ffee11-2233-4455-8677-8899aabbccdd"}}"#,
            ),
        },
        Event {
            name: "com.hpe.greenlake.service-registry.v1.serviceoffer.delete",
            method: "service_offer_deleted",
            schema: "GreenlakeServiceOfferEvent",
            summary: "A service was removed from the catalogue.",
            example: Some(
                r#"{"specversion":"1.0","id":"b6c5d4e3-f2a1-4b0c-9d8e-d3e4f5a6b706","source":"//global.api.greenlake.hpe.com/service-registry","type":"com.hpe.greenlake.service-registry.v1.serviceoffer.delete","datacontenttype":"application/json","time":"2026-03-06T12:00:00Z","data":{"ServiceOfferID":"55aa44bb-33cc-42dd-91ee-00ff11ee22dd","ServiceOfferSlug":"example-backup","AppID":"c0ffee11-2233-4455-8677-8899aabbccdd"}}"#,
            ),
        },
        Event {
            name: "com.hpe.greenlake.service-registry.v1.serviceofferregion.onboarded",
            method: "service_offer_region_onboarded",
            schema: "GreenlakeServiceOfferRegionEvent",
            summary: "A service became available in a region.",
            example: Some(
                r#"{"specversion":"1.0","id":"e1f2a3b4-c5d6-4e7f-8a9b-e4f5a6b7c807","source":"//global.api.greenlake.hpe.com/service-registry","type":"com.hpe.greenlake.service-registry.v1.serviceofferregion.onboarded","datacontenttype":"application/json","time":"2026-03-05T12:30:00Z","data":{"ServiceOfferRegionID":"0d1c2b3a-4958-4677-8695-a4b3c2d1e0f9","ServiceOfferID":"55aa44bb-33cc-42dd-91ee-00ff11ee22dd","ServiceOfferSlug":"example-backup","AppID":"c0ffee11-2233-4455-8677-8899aabbccdd","Region":"eu-central"}}"#,
            ),
        },
        Event {
            name: "com.hpe.greenlake.service-registry.v1.serviceofferregion.delete",
            method: "service_offer_region_deleted",
            schema: "GreenlakeServiceOfferRegionEvent",
            summary: "A service is no longer available in a region.",
            example: Some(
                r#"{"specversion":"1.0","id":"5f4e3d2c-1b0a-4998-8776-f5a6b7c8d908","source":"//global.api.greenlake.hpe.com/service-registry","type":"com.hpe.greenlake.service-registry.v1.serviceofferregion.delete","datacontenttype":"application/json","time":"2026-03-06T12:30:00Z","data":{"ServiceOfferRegionID":"0d1c2b3a-4958-4677-8695-a4b3c2d1e0f9","ServiceOfferID":"55aa44bb-33cc-42dd-91ee-00ff11ee22dd","Region":"eu-central"}}"#,
            ),
        },
    ],
    batch: true,
    challenge: Some(Challenge {
        event: EventMatch::Suffix(".webhooks.verification"),
        token: "/data/challengeRequest",
        token_pattern: "^[A-Za-z0-9._~-]{1,256}$",
        answer: "verification",
        algorithm: Algorithm::HmacSha256,
        encoding: Encoding::Hex,
    }),
    negotiation: Some(Negotiation { origin: "https://common.cloud.hpe.com" }),
    body: Some(Body {
        schema: "GreenlakeEvent",
        media_types: &["application/json", "application/cloudevents+json", "application/cloudevents-batch+json"],
        required: true,
        description: "One event, a batch of events, or a challenge.",
    }),
    answers: &[
        Answer {
            status: 200,
            description: "The event, or every event of the batch, is taken; or the challenge is answered in the body.",
        },
        Answer { status: 400, description: "A challenge whose token is not to be signed." },
        Answer {
            status: 401,
            description: "No valid signature, or not the `Authorization` that the operator demands.",
        },
        Answer { status: 413, description: "The body is too large." },
        Answer { status: 415, description: "The body is compressed." },
        Answer { status: 429, description: "Too many challenges." },
        Answer { status: 503, description: "A passing fault; send the event or batch again." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::OK,
        parked: StatusCode::OK,
        unauthenticated: StatusCode::UNAUTHORIZED,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

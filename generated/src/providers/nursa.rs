//! Events of Nursa about facilities and the shifts that clinicians work there.

use std::future::Future;

use http::{Method, StatusCode};

use crate::contract::*;
use crate::decode;
use crate::delivery::{Delivery, Disposition, HandlerError, InvalidEvent};
#[allow(unused_imports)] // Not every provider has events with schemas and endpoints with guards.
use crate::{models, schemes};

/// Events of Nursa about facilities and the shifts that clinicians work there.
///
/// A method per event. Each gets the delivery as it arrived and the event as its schema describes it, and may be called
/// more than once for the same event: [`Delivery::event_id`] tells.
pub trait Nursa: Send + Sync {
    /// A user's request to be connected to a facility was accepted.
    ///
    /// Event type `facility.user-connection.accepted`.
    fn facility_user_connection_accepted(
        &self,
        delivery: &Delivery,
        event: models::NursaUserConnectionEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A user's request to be connected to a facility was rejected.
    ///
    /// Event type `facility.user-connection.rejected`.
    fn facility_user_connection_rejected(
        &self,
        delivery: &Delivery,
        event: models::NursaUserConnectionEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A request to create a facility was accepted.
    ///
    /// Event type `facility.creation.accepted`.
    fn facility_creation_accepted(
        &self,
        delivery: &Delivery,
        event: models::NursaFacilityAcceptedEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A request to create a facility was rejected.
    ///
    /// Event type `facility.creation.rejected`.
    fn facility_creation_rejected(
        &self,
        delivery: &Delivery,
        event: models::NursaFacilityRejectedEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A shift was created.
    ///
    /// Event type `shift.created`.
    fn shift_created(
        &self,
        delivery: &Delivery,
        event: models::NursaShiftCreatedEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A clinician asked for a shift.
    ///
    /// Event type `shift.request.created`.
    fn shift_request_created(
        &self,
        delivery: &Delivery,
        event: models::NursaShiftRequestedEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A clinician's request for a shift ended without the shift.
    ///
    /// Event type `shift.request.cancelled`.
    fn shift_request_cancelled(
        &self,
        delivery: &Delivery,
        event: models::NursaClinicianCancelledEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A clinician was scheduled for a shift.
    ///
    /// Event type `shift.scheduled`.
    fn shift_scheduled(
        &self,
        delivery: &Delivery,
        event: models::NursaShiftScheduledEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A clinician's scheduled shift was cancelled.
    ///
    /// Event type `shift.scheduled.cancelled`.
    fn shift_scheduled_cancelled(
        &self,
        delivery: &Delivery,
        event: models::NursaClinicianCancelledEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A shift was cancelled.
    ///
    /// Event type `shift.cancelled`.
    fn shift_cancelled(
        &self,
        delivery: &Delivery,
        event: models::NursaShiftCancelledEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A report on a shift was written.
    ///
    /// Event type `shift.report.created`.
    fn shift_report_created(
        &self,
        delivery: &Delivery,
        event: models::NursaShiftReportCreatedEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A facility's report on a shift agreed with the clinician's.
    ///
    /// Event type `shift.report.accepted`.
    fn shift_report_accepted(
        &self,
        delivery: &Delivery,
        event: models::NursaShiftReportAcceptedEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A clinician's report on a shift was accepted, because the facility wrote none in 48 hours.
    ///
    /// Event type `shift.report.accepted-automatically`.
    fn shift_report_accepted_automatically(
        &self,
        delivery: &Delivery,
        event: models::NursaShiftReportAcceptedEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A facility's report on a shift disagreed with the clinician's.
    ///
    /// Event type `shift.report.rejected`.
    fn shift_report_rejected(
        &self,
        delivery: &Delivery,
        event: models::NursaShiftReportRejectedEvent,
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
pub(crate) async fn dispatch<H: Nursa>(handler: &H, delivery: &Delivery) -> Result<Disposition, HandlerError> {
    let mut reason = None;
    for (_, event) in delivery.candidates() {
        let fault = match event.method {
            "facility_user_connection_accepted" => match decode::unvalidated(&delivery.body) {
                Ok(event) => {
                    handler.facility_user_connection_accepted(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "facility_user_connection_rejected" => match decode::unvalidated(&delivery.body) {
                Ok(event) => {
                    handler.facility_user_connection_rejected(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "facility_creation_accepted" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.facility_creation_accepted(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "facility_creation_rejected" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.facility_creation_rejected(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "shift_created" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.shift_created(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "shift_request_created" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.shift_request_created(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "shift_request_cancelled" => match decode::unvalidated(&delivery.body) {
                Ok(event) => {
                    handler.shift_request_cancelled(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "shift_scheduled" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.shift_scheduled(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "shift_scheduled_cancelled" => match decode::unvalidated(&delivery.body) {
                Ok(event) => {
                    handler.shift_scheduled_cancelled(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "shift_cancelled" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.shift_cancelled(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "shift_report_created" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.shift_report_created(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "shift_report_accepted" => match decode::unvalidated(&delivery.body) {
                Ok(event) => {
                    handler.shift_report_accepted(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "shift_report_accepted_automatically" => match decode::unvalidated(&delivery.body) {
                Ok(event) => {
                    handler.shift_report_accepted_automatically(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "shift_report_rejected" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.shift_report_rejected(delivery, event).await?;
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
pub const NURSA: Provider = Provider {
    name: "nursa",
    summary: "Events of Nursa about facilities and the shifts that clinicians work there.",
    endpoints: &[&NURSA_EVENTS],
};

/// `POST /nursa/events`
///
/// Every event of a Nursa user or facility webhook.
///
/// One address for all event types, told apart by the member `eventType`. Nursa sends an event again at most
/// three times, after about 5, 30 and 60 minutes, and then gives it up.
pub const NURSA_EVENTS: Endpoint = Endpoint {
    id: "nursaEvents",
    provider: "nursa",
    method: Method::POST,
    path: "/nursa/events",
    summary: "Every event of a Nursa user or facility webhook.",
    description: "One address for all event types, told apart by the member `eventType`. Nursa sends an event again at most three times, after about 5, 30 and 60 minutes, and then gives it up.",
    guards: &[&[&schemes::NURSA_SIGNATURE]],
    headers: &[],
    event_type: EventType { source: Some(ValueSource::Pointer("/eventType")), expected: None, aliases: &[] },
    event_id: &[],
    ordering_key: Some("/data/shiftId"),
    events: &[
        Event {
            name: "facility.user-connection.accepted",
            method: "facility_user_connection_accepted",
            schema: "NursaUserConnectionEvent",
            summary: "A user's request to be connected to a facility was accepted.",
            example: Some(
                r#"{"data":{"facilityId":"NUR-000123","userId":"u7Jq0pZr3XbLw9KdT2mVn5CsYhA1"},"eventType":"facility.user-connection.accepted"}"#,
            ),
        },
        Event {
            name: "facility.user-connection.rejected",
            method: "facility_user_connection_rejected",
            schema: "NursaUserConnectionEvent",
            summary: "A user's request to be connected to a facility was rejected.",
            example: Some(
                r#"{"data":{"facilityId":"NUR-000124","userId":"u7Jq0pZr3XbLw9KdT2mVn5CsYhA1"},"eventType":"facility.user-connection.rejected"}"#,
            ),
        },
        Event {
            name: "facility.creation.accepted",
            method: "facility_creation_accepted",
            schema: "NursaFacilityAcceptedEvent",
            summary: "A request to create a facility was accepted.",
            example: Some(r#"{"data":{"facilityId":"NUR-000125"},"eventType":"facility.creation.accepted"}"#),
        },
        Event {
            name: "facility.creation.rejected",
            method: "facility_creation_rejected",
            schema: "NursaFacilityRejectedEvent",
            summary: "A request to create a facility was rejected.",
            example: Some(r#"{"data":{"facilityName":"Example Care Home"},"eventType":"facility.creation.rejected"}"#),
        },
        Event {
            name: "shift.created",
            method: "shift_created",
            schema: "NursaShiftCreatedEvent",
            summary: "A shift was created.",
            example: Some(
                r#"{"data":{"shiftId":"40012345","facilityId":"NUR-000123","from":"2026-03-10T07:00:00.000Z","to":"2026-03-10T19:00:00.000Z","at":"2026-03-02T14:05:09.120Z","description":"Day shift on the second floor","licenseType":"CNA","breakTime":"PT30M","autoScheduleSettings":{"enabled":true,"enabledOrigins":["Favorites"]},"createdBy":{"userId":"u7Jq0pZr3XbLw9KdT2mVn5CsYhA1","email":"scheduler@example.com"}},"eventType":"shift.created"}"#,
            ),
        },
        Event {
            name: "shift.request.created",
            method: "shift_request_created",
            schema: "NursaShiftRequestedEvent",
            summary: "A clinician asked for a shift.",
            example: Some(
                r#"{"data":{"shiftId":"40012345","facilityId":"NUR-000123","clinicianId":"c3LmN8qRt1VwXy5ZaB7dEf9GhJ2K","at":"2026-03-02T15:11:00.000Z","clinicianContactPhone":"+15555550100","requestedBy":{"userId":"c3LmN8qRt1VwXy5ZaB7dEf9GhJ2K","firstName":"Kim","lastName":"Sample","email":"kim@example.com","source":"clinician"}},"eventType":"shift.request.created"}"#,
            ),
        },
        Event {
            name: "shift.request.cancelled",
            method: "shift_request_cancelled",
            schema: "NursaClinicianCancelledEvent",
            summary: "A clinician's request for a shift ended without the shift.",
            example: Some(
                r#"{"data":{"shiftId":"40012345","facilityId":"NUR-000123","clinicianId":"c3LmN8qRt1VwXy5ZaB7dEf9GhJ2K","at":"2026-03-02T16:20:00.000Z","clinicianContactPhone":"+15555550100","cancelledBy":{"userId":"u7Jq0pZr3XbLw9KdT2mVn5CsYhA1","email":"scheduler@example.com","source":"facility"}},"eventType":"shift.request.cancelled"}"#,
            ),
        },
        Event {
            name: "shift.scheduled",
            method: "shift_scheduled",
            schema: "NursaShiftScheduledEvent",
            summary: "A clinician was scheduled for a shift.",
            example: Some(
                r#"{"data":{"shiftId":"40012345","facilityId":"NUR-000123","at":"2026-03-02T16:20:00.000Z","clinician":{"id":"c8PqR2sTu4VwXy6ZaB1cDe3FgH5J","firstName":"Robin","lastName":"Sample","email":"robin@example.com"},"scheduledBy":{"source":"facility","userId":"u7Jq0pZr3XbLw9KdT2mVn5CsYhA1","email":"scheduler@example.com","autoScheduleContext":{"issued":false,"origin":"Favorites"}}},"eventType":"shift.scheduled"}"#,
            ),
        },
        Event {
            name: "shift.scheduled.cancelled",
            method: "shift_scheduled_cancelled",
            schema: "NursaClinicianCancelledEvent",
            summary: "A clinician's scheduled shift was cancelled.",
            example: Some(
                r#"{"data":{"shiftId":"40012345","facilityId":"NUR-000123","clinicianId":"c8PqR2sTu4VwXy6ZaB1cDe3FgH5J","at":"2026-03-08T09:00:00.000Z","clinicianContactPhone":"+15555550101","cancelledBy":{"userId":"c8PqR2sTu4VwXy6ZaB1cDe3FgH5J","email":"robin@example.com","source":"clinician"}},"eventType":"shift.scheduled.cancelled"}"#,
            ),
        },
        Event {
            name: "shift.cancelled",
            method: "shift_cancelled",
            schema: "NursaShiftCancelledEvent",
            summary: "A shift was cancelled.",
            example: Some(
                r#"{"data":{"shiftId":"40012346","facilityId":"NUR-000123","at":"2026-03-08T10:30:00.000Z","reason":"Fewer residents than planned","cancelledBy":{"userId":"u7Jq0pZr3XbLw9KdT2mVn5CsYhA1","email":"scheduler@example.com","source":"facility"}},"eventType":"shift.cancelled"}"#,
            ),
        },
        Event {
            name: "shift.report.created",
            method: "shift_report_created",
            schema: "NursaShiftReportCreatedEvent",
            summary: "A report on a shift was written.",
            example: Some(
                r#"{"data":{"shiftId":"40012345","facilityId":"NUR-000123","reportType":"Nurse","at":"2026-03-10T19:20:00.000Z","createdBy":{"userId":"c8PqR2sTu4VwXy6ZaB1cDe3FgH5J","email":"robin@example.com"}},"eventType":"shift.report.created"}"#,
            ),
        },
        Event {
            name: "shift.report.accepted",
            method: "shift_report_accepted",
            schema: "NursaShiftReportAcceptedEvent",
            summary: "A facility's report on a shift agreed with the clinician's.",
            example: Some(
                r#"{"data":{"shiftId":"40012345","facilityId":"NUR-000123","at":"2026-03-11T08:00:00.000Z","reportType":"Facility","clinicianId":"c8PqR2sTu4VwXy6ZaB1cDe3FgH5J","acceptedBy":{"userId":"u7Jq0pZr3XbLw9KdT2mVn5CsYhA1","email":"scheduler@example.com"}},"eventType":"shift.report.accepted"}"#,
            ),
        },
        Event {
            name: "shift.report.accepted-automatically",
            method: "shift_report_accepted_automatically",
            schema: "NursaShiftReportAcceptedEvent",
            summary: "A clinician's report on a shift was accepted, because the facility wrote none in 48 hours.",
            example: Some(
                r#"{"data":{"shiftId":"40012347","facilityId":"NUR-000123","at":"2026-03-12T19:20:00.000Z","reportType":"Nurse","clinicianId":"c8PqR2sTu4VwXy6ZaB1cDe3FgH5J"},"eventType":"shift.report.accepted-automatically"}"#,
            ),
        },
        Event {
            name: "shift.report.rejected",
            method: "shift_report_rejected",
            schema: "NursaShiftReportRejectedEvent",
            summary: "A facility's report on a shift disagreed with the clinician's.",
            example: Some(
                r#"{"data":{"shiftId":"40012348","facilityId":"NUR-000123","at":"2026-03-11T09:15:00.000Z","reportType":"Facility","clinicianId":"c8PqR2sTu4VwXy6ZaB1cDe3FgH5J","rejectedBy":{"userId":"u7Jq0pZr3XbLw9KdT2mVn5CsYhA1","email":"scheduler@example.com"}},"eventType":"shift.report.rejected"}"#,
            ),
        },
    ],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "NursaEvent",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer { status: 200, description: "The event is taken, or was before." },
        Answer { status: 400, description: "The request can never succeed and is no event." },
        Answer { status: 401, description: "No valid signature, or one that is too old." },
        Answer { status: 408, description: "The body took too long to arrive." },
        Answer { status: 413, description: "The body is too large." },
        Answer { status: 415, description: "The body is compressed." },
        Answer { status: 503, description: "A passing fault; send the event again." },
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

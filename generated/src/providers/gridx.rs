//! Events of gridX (XENON) about energy systems, their gateways, appliances and electric vehicles.

use std::future::Future;

use http::{Method, StatusCode};

use crate::contract::*;
use crate::decode;
use crate::delivery::{Delivery, Disposition, HandlerError, InvalidEvent};
#[allow(unused_imports)] // Not every provider has events with schemas and endpoints with guards.
use crate::{models, schemes};

/// Events of gridX (XENON) about energy systems, their gateways, appliances and electric vehicles.
///
/// A method per event. Each gets the delivery as it arrived and the event as its schema describes it, and may be called
/// more than once for the same event: [`Delivery::event_id`] tells.
pub trait Gridx: Send + Sync {
    /// An appliance was added to a system.
    ///
    /// Event type `appliance/create`.
    fn appliance_create(
        &self,
        delivery: &Delivery,
        event: models::ApplianceEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// An appliance was removed from its system.
    ///
    /// Event type `appliance/delete`.
    fn appliance_delete(
        &self,
        delivery: &Delivery,
        event: models::ApplianceEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// An appliance can no longer be reached.
    ///
    /// Event type `appliance/offline`.
    fn appliance_offline(
        &self,
        delivery: &Delivery,
        event: models::ApplianceEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// An appliance can be reached again.
    ///
    /// Event type `appliance/online`.
    fn appliance_online(
        &self,
        delivery: &Delivery,
        event: models::ApplianceEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The details of an appliance changed.
    ///
    /// Event type `appliance/update`.
    fn appliance_update(
        &self,
        delivery: &Delivery,
        event: models::ApplianceEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// An inverter changed its status.
    ///
    /// Event type `inverter/status`.
    fn inverter_status(
        &self,
        delivery: &Delivery,
        event: models::InverterEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A gateway was added to a system.
    ///
    /// Event type `gateway/create`.
    fn gateway_create(
        &self,
        delivery: &Delivery,
        event: models::GatewayEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A gateway lost its connection.
    ///
    /// Event type `gateway/offline`.
    fn gateway_offline(
        &self,
        delivery: &Delivery,
        event: models::GatewayEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A gateway is connected again.
    ///
    /// Event type `gateway/online`.
    fn gateway_online(
        &self,
        delivery: &Delivery,
        event: models::GatewayEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A vehicle was plugged in.
    ///
    /// Event type `ev/plugged`.
    fn ev_plugged(
        &self,
        delivery: &Delivery,
        event: models::EvPlugEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A vehicle was unplugged.
    ///
    /// Event type `ev/unplugged`.
    fn ev_unplugged(
        &self,
        delivery: &Delivery,
        event: models::EvPlugEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A vehicle began to charge.
    ///
    /// Event type `ev/charge-started`.
    fn ev_charge_started(
        &self,
        delivery: &Delivery,
        event: models::EvChargeEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A vehicle stopped charging.
    ///
    /// Event type `ev/charge-stopped`.
    fn ev_charge_stopped(
        &self,
        delivery: &Delivery,
        event: models::EvChargeEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A vehicle did not start or stop charging as asked.
    ///
    /// Event type `ev/charge-failed`.
    fn ev_charge_failed(
        &self,
        delivery: &Delivery,
        event: models::EvChargeFailedEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A vehicle reported new readings.
    ///
    /// Event type `ev/measurement`.
    fn ev_measurement(
        &self,
        delivery: &Delivery,
        event: models::EvMeasurementEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A vehicle cannot reach its charging goal before it departs.
    ///
    /// Event type `ev/infeasible-charging-goals`.
    fn ev_infeasible_charging_goals(
        &self,
        delivery: &Delivery,
        event: models::EvInfeasibleGoalsEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The grid operator limited the power that a system may draw.
    ///
    /// Event type `grid-signal-processor/limitation-of-power-consumption/set`.
    fn grid_signal_processor_limitation_of_power_consumption_set(
        &self,
        delivery: &Delivery,
        event: models::ConsumptionLimitEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The grid operator lifted its limit on the power that a system may draw.
    ///
    /// Event type `grid-signal-processor/limitation-of-power-consumption/unset`.
    fn grid_signal_processor_limitation_of_power_consumption_unset(
        &self,
        delivery: &Delivery,
        event: models::ConsumptionLimitEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// A system needs something done by a person, or no longer does.
    ///
    /// Event type `system/action`.
    fn system_action(
        &self,
        delivery: &Delivery,
        event: models::UserActionEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// Somebody asked gridX for a sign of life.
    ///
    /// Event type `ping`.
    fn ping(
        &self,
        delivery: &Delivery,
        event: models::PingEvent,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The event `appliance/create`, 2024 form.
    ///
    /// The 2024 form: a notification rule for `appliance/create` delivers here.
    ///
    /// Event type `appliance/create`.
    fn appliance_create_2024(
        &self,
        delivery: &Delivery,
        event: models::ApplianceCreateEvent2024,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The event `appliance/offline`, 2024 form.
    ///
    /// The 2024 form: a notification rule for `appliance/offline` delivers here.
    ///
    /// Event type `appliance/offline`.
    fn appliance_offline_2024(
        &self,
        delivery: &Delivery,
        event: models::ApplianceOfflineEvent2024,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The event `appliance/online`, 2024 form.
    ///
    /// The 2024 form: a notification rule for `appliance/online` delivers here.
    ///
    /// Event type `appliance/online`.
    fn appliance_online_2024(
        &self,
        delivery: &Delivery,
        event: models::ApplianceOnlineEvent2024,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The event `inverter/status`, 2024 form.
    ///
    /// The 2024 form: a notification rule for `inverter/status` delivers here.
    ///
    /// Event type `inverter/status`.
    fn inverter_status_2024(
        &self,
        delivery: &Delivery,
        event: models::InverterStatusEvent2024,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The event `gateway/create`, 2024 form.
    ///
    /// The 2024 form: a notification rule for `gateway/create` delivers here.
    ///
    /// Event type `gateway/create`.
    fn gateway_create_2024(
        &self,
        delivery: &Delivery,
        event: models::GatewayCreateEvent2024,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The event `gateway/offline`, 2024 form.
    ///
    /// The 2024 form: a notification rule for `gateway/offline` delivers here.
    ///
    /// Event type `gateway/offline`.
    fn gateway_offline_2024(
        &self,
        delivery: &Delivery,
        event: models::GatewayOfflineEvent2024,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The event `gateway/online`, 2024 form.
    ///
    /// The 2024 form: a notification rule for `gateway/online` delivers here.
    ///
    /// Event type `gateway/online`.
    fn gateway_online_2024(
        &self,
        delivery: &Delivery,
        event: models::GatewayOnlineEvent2024,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The event `ev/plugged`, 2024 form.
    ///
    /// The 2024 form: a notification rule for `ev/plugged` delivers here.
    ///
    /// Event type `ev/plugged`.
    fn ev_plugged_2024(
        &self,
        delivery: &Delivery,
        event: models::EvPluggedEvent2024,
    ) -> impl Future<Output = Result<(), HandlerError>> + Send;

    /// The event `commissioning/done`, 2024 form.
    ///
    /// The 2024 form: the path as its event type is spelt, for rules that name it so.
    ///
    /// Event type `commissioning/done`.
    fn commissioning_done_2024(
        &self,
        delivery: &Delivery,
        event: models::CommissioningDoneEvent2024,
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
pub(crate) async fn dispatch<H: Gridx>(handler: &H, delivery: &Delivery) -> Result<Disposition, HandlerError> {
    let mut reason = None;
    for (_, event) in delivery.candidates() {
        let fault = match event.method {
            "appliance_create" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.appliance_create(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "appliance_delete" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.appliance_delete(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "appliance_offline" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.appliance_offline(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "appliance_online" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.appliance_online(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "appliance_update" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.appliance_update(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "inverter_status" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.inverter_status(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "gateway_create" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.gateway_create(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "gateway_offline" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.gateway_offline(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "gateway_online" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.gateway_online(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "ev_plugged" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.ev_plugged(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "ev_unplugged" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.ev_unplugged(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "ev_charge_started" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.ev_charge_started(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "ev_charge_stopped" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.ev_charge_stopped(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "ev_charge_failed" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.ev_charge_failed(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "ev_measurement" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.ev_measurement(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "ev_infeasible_charging_goals" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.ev_infeasible_charging_goals(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "grid_signal_processor_limitation_of_power_consumption_set" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.grid_signal_processor_limitation_of_power_consumption_set(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "grid_signal_processor_limitation_of_power_consumption_unset" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.grid_signal_processor_limitation_of_power_consumption_unset(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "system_action" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.system_action(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "ping" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.ping(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "appliance_create_2024" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.appliance_create_2024(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "appliance_offline_2024" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.appliance_offline_2024(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "appliance_online_2024" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.appliance_online_2024(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "inverter_status_2024" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.inverter_status_2024(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "gateway_create_2024" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.gateway_create_2024(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "gateway_offline_2024" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.gateway_offline_2024(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "gateway_online_2024" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.gateway_online_2024(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "ev_plugged_2024" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.ev_plugged_2024(delivery, event).await?;
                    return Ok(Disposition::Handled);
                }
                Err(fault) => fault,
            },
            "commissioning_done_2024" => match decode::validated(&delivery.body) {
                Ok(event) => {
                    handler.commissioning_done_2024(delivery, event).await?;
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
pub const GRIDX: Provider = Provider {
    name: "gridx",
    summary: "Events of gridX (XENON) about energy systems, their gateways, appliances and electric vehicles.",
    endpoints: &[
        &GRIDX_EVENTS,
        &APPLIANCE_CREATE_2024,
        &APPLIANCE_OFFLINE_2024,
        &APPLIANCE_ONLINE_2024,
        &INVERTER_STATUS_2024,
        &GATEWAY_CREATE_2024,
        &GATEWAY_OFFLINE_2024,
        &GATEWAY_ONLINE_2024,
        &EV_PLUGGED_2024,
        &COMMISSIONING_DONE_2024,
        &COMISSIONING_DONE_2024,
    ],
};

/// `POST /gridx/events`
///
/// Every event of a gridX webhook subscription.
///
/// The form in force since August 2025: one address for all event types, told apart by the member `type`. gridX
/// waits five seconds for an answer and tries up to five more times after 408, 429, 500, 502, 503 and 504.
pub const GRIDX_EVENTS: Endpoint = Endpoint {
    id: "gridxEvents",
    provider: "gridx",
    method: Method::POST,
    path: "/gridx/events",
    summary: "Every event of a gridX webhook subscription.",
    description: "The form in force since August 2025: one address for all event types, told apart by the member `type`. gridX waits five seconds for an answer and tries up to five more times after 408, 429, 500, 502, 503 and 504.",
    guards: &[&[&schemes::GRIDX_SIGNATURE], &[&schemes::GRIDX_SIGNATURE_RS256]],
    headers: &[],
    event_type: EventType {
        source: Some(ValueSource::Pointer("/type")),
        expected: None,
        aliases: &[("appliance/upate", "appliance/update")],
    },
    event_id: &[ValueSource::Pointer("/id")],
    ordering_key: Some("/source"),
    events: &[
        Event {
            name: "appliance/create",
            method: "appliance_create",
            schema: "ApplianceEvent",
            summary: "An appliance was added to a system.",
            example: Some(
                r#"{"id":"8c5b6f0e-2a4d-4c1f-9e37-51d0a7b3c201","time":"2026-07-01T08:15:00Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"appliance/create","dataContentType":"application/json","correlationId":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","data":{"applianceID":"f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","systemName":"Mill Lane 4","model":"PV-12","manufacturer":"Example Solar","name":"Roof east","serialNumber":"ES-12-000417","type":"INVERTER","kind":"PV","firmware":"2.14.0","gatewayType":"GRIDBOX"}}"#,
            ),
        },
        Event {
            name: "appliance/delete",
            method: "appliance_delete",
            schema: "ApplianceEvent",
            summary: "An appliance was removed from its system.",
            example: Some(
                r#"{"id":"1f0c9d27-7b64-4a58-8d13-e2a6b9c4f502","time":"2026-07-01T08:40:12Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"appliance/delete","data":{"applianceID":"27c1e8f4-90ab-4d35-b6e2-0f1a2b3c4d5e","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","name":"Garage meter","model":"EM-3","manufacturer":"Example Metering","serialNumber":"EM-3-77120","type":"METER","kind":"GRID","gatewayType":"GRIDBOX"}}"#,
            ),
        },
        Event {
            name: "appliance/offline",
            method: "appliance_offline",
            schema: "ApplianceEvent",
            summary: "An appliance can no longer be reached.",
            example: Some(
                r#"{"id":"5a7e3b90-4c2d-4e81-a6f5-3d9b8c7e6a03","time":"2026-07-01T22:03:41Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"appliance/offline","data":{"applianceID":"f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","name":"Roof east","model":"PV-12","manufacturer":"Example Solar","serialNumber":"ES-12-000417","type":"INVERTER","kind":"PV"}}"#,
            ),
        },
        Event {
            name: "appliance/online",
            method: "appliance_online",
            schema: "ApplianceEvent",
            summary: "An appliance can be reached again.",
            example: Some(
                r#"{"id":"3d9a3f60-1c1b-4a53-9a0e-6f0c2f7a9b11","time":"2026-07-02T05:12:30Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"appliance/online","dataContentType":"application/json","correlationId":"64d2a1c8-0e5f-4b37-9c86-1a2b3c4d5e04","data":{"applianceID":"f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","systemName":"Mill Lane 4","model":"PV-12","manufacturer":"Example Solar","name":"Roof east","serialNumber":"ES-12-000417","type":"INVERTER","kind":"PV","firmware":"2.14.0","parent":"/gateways/5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","gatewayType":"GRIDBOX"}}"#,
            ),
        },
        Event {
            name: "appliance/update",
            method: "appliance_update",
            schema: "ApplianceEvent",
            summary: "The details of an appliance changed.",
            example: Some(
                r#"{"id":"e4b8d1a6-6f30-4972-8c5e-7a9b0c1d2e05","time":"2026-07-02T09:00:00Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"appliance/update","data":{"applianceID":"f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","name":"Roof east (renamed)","model":"PV-12","manufacturer":"Example Solar","type":"INVERTER","kind":"HYBRID","firmware":"2.15.1"}}"#,
            ),
        },
        Event {
            name: "inverter/status",
            method: "inverter_status",
            schema: "InverterEvent",
            summary: "An inverter changed its status.",
            example: Some(
                r#"{"id":"90f2c6e7-1d48-4b05-b39a-8e7d6c5b4a06","time":"2026-07-02T11:27:05Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"inverter/status","data":{"applianceID":"f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","name":"Roof east","model":"PV-12","manufacturer":"Example Solar","type":"INVERTER","kind":"PV","status":"ERROR","lastStatus":"OK","errCode":"E-301","lastErrCode":""}}"#,
            ),
        },
        Event {
            name: "gateway/create",
            method: "gateway_create",
            schema: "GatewayEvent",
            summary: "A gateway was added to a system.",
            example: Some(
                r#"{"id":"6d1e5f28-b7c3-4094-a5e8-2f3a4b5c6d07","time":"2026-06-30T07:55:19Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"gateway/create","data":{"gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","gatewayName":"Cellar","gatewaySerialnumber":"GB-2026-004711","gatewayDeviceID":"device-004711","systemName":"Mill Lane 4","userID":"2f6b0d7c-1111-4a2b-9c3d-4e5f60718293","userName":"Kim Sample","userMail":"kim@example.com"}}"#,
            ),
        },
        Event {
            name: "gateway/offline",
            method: "gateway_offline",
            schema: "GatewayEvent",
            summary: "A gateway lost its connection.",
            example: Some(
                r#"{"id":"b3c8a4d9-5e17-4f62-9d0b-6a7b8c9d0e08","time":"2026-07-03T01:44:00Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"gateway/offline","data":{"gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","gatewayName":"Cellar","gatewaySerialnumber":"GB-2026-004711","systemName":"Mill Lane 4"}}"#,
            ),
        },
        Event {
            name: "gateway/online",
            method: "gateway_online",
            schema: "GatewayEvent",
            summary: "A gateway is connected again.",
            example: Some(
                r#"{"id":"4f9b7e10-8a2c-4d53-86e1-0c1d2e3f4a09","time":"2026-07-03T02:10:37Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"gateway/online","data":{"gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","gatewayName":"Cellar","gatewaySerialnumber":"GB-2026-004711","systemName":"Mill Lane 4"}}"#,
            ),
        },
        Event {
            name: "ev/plugged",
            method: "ev_plugged",
            schema: "EvPlugEvent",
            summary: "A vehicle was plugged in.",
            example: Some(
                r#"{"id":"d7e0c5b2-3f69-4a1e-b478-9d0e1f2a3b10","time":"2026-07-03T17:31:08Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"ev/plugged","data":{"issuedAt":"2026-07-03T17:31:06Z","atHome":true,"type":"EV","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","assetID":"a8d3f6b1-2e47-4c90-95ba-1f2e3d4c5b6a","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","state":"PLUGGED"}}"#,
            ),
        },
        Event {
            name: "ev/unplugged",
            method: "ev_unplugged",
            schema: "EvPlugEvent",
            summary: "A vehicle was unplugged.",
            example: Some(
                r#"{"id":"0b6a9c83-d4f5-4e27-8f10-7c8d9e0f1a11","time":"2026-07-04T06:58:44Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"ev/unplugged","data":{"issuedAt":"2026-07-04T06:58:40Z","atHome":true,"type":"EV","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","assetID":"a8d3f6b1-2e47-4c90-95ba-1f2e3d4c5b6a","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","state":"UNPLUGGED"}}"#,
            ),
        },
        Event {
            name: "ev/charge-started",
            method: "ev_charge_started",
            schema: "EvChargeEvent",
            summary: "A vehicle began to charge.",
            example: Some(
                r#"{"id":"c2f1d8e4-60b7-4953-a19c-5e6f7a8b9c12","time":"2026-07-03T17:35:00Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"ev/charge-started","data":{"issuedAt":"2026-07-03T17:34:58Z","atHome":true,"type":"EV","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","assetID":"a8d3f6b1-2e47-4c90-95ba-1f2e3d4c5b6a","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","state":"CHARGING","chargePower":7360000,"stateOfCharge":41.5,"range":168000}}"#,
            ),
        },
        Event {
            name: "ev/charge-stopped",
            method: "ev_charge_stopped",
            schema: "EvChargeEvent",
            summary: "A vehicle stopped charging.",
            example: Some(
                r#"{"id":"75d9e3a0-c1f8-4b26-9e64-3b4c5d6e7f13","time":"2026-07-03T23:02:15Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"ev/charge-stopped","data":{"issuedAt":"2026-07-03T23:02:11Z","atHome":true,"type":"EV","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","assetID":"a8d3f6b1-2e47-4c90-95ba-1f2e3d4c5b6a","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","state":"STOPPED","chargePower":0,"stateOfCharge":80,"range":321000}}"#,
            ),
        },
        Event {
            name: "ev/charge-failed",
            method: "ev_charge_failed",
            schema: "EvChargeFailedEvent",
            summary: "A vehicle did not start or stop charging as asked.",
            example: Some(
                r#"{"id":"2e8c0f5b-a94d-4317-bc72-8f9a0b1c2d14","time":"2026-07-04T18:20:31Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"ev/charge-failed","data":{"issuedAt":"2026-07-04T18:20:30Z","atHome":true,"type":"EV","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","assetID":"a8d3f6b1-2e47-4c90-95ba-1f2e3d4c5b6a","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","createdAt":"2026-07-04T18:15:30Z","completedAt":"2026-07-04T18:20:30Z","kind":"START","failureReason":{"type":"NO_RESPONSE","detail":"The vehicle did not answer within five minutes."}}}"#,
            ),
        },
        Event {
            name: "ev/measurement",
            method: "ev_measurement",
            schema: "EvMeasurementEvent",
            summary: "A vehicle reported new readings.",
            example: Some(
                r#"{"id":"f6b4a7c1-58e2-4d09-8a3f-1c2d3e4f5a15","time":"2026-07-03T18:00:00Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"ev/measurement","data":{"issuedAt":"2026-07-03T17:59:57Z","atHome":true,"type":"EV","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","assetID":"a8d3f6b1-2e47-4c90-95ba-1f2e3d4c5b6a","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","chargePower":7340000,"chargeState":"CHARGING","plugState":"PLUGGED","isControllable":true,"stateOfCharge":45.25,"range":183000,"chargeLimit":80,"capacity":77000}}"#,
            ),
        },
        Event {
            name: "ev/infeasible-charging-goals",
            method: "ev_infeasible_charging_goals",
            schema: "EvInfeasibleGoalsEvent",
            summary: "A vehicle cannot reach its charging goal before it departs.",
            example: Some(
                r#"{"id":"83a5d0e9-7c16-4fb2-9058-6d7e8f9a0b16","time":"2026-07-05T04:30:00Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"ev/infeasible-charging-goals","data":{"systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","assetID":"a8d3f6b1-2e47-4c90-95ba-1f2e3d4c5b6a","minRequestedSoC":80,"currentSoC":22.5,"departureAt":"2026-07-05T06:00:00Z","energyNeededWh":44275,"deliverableEnergyWh":11040,"chargingPowerW":7360,"maxStateOfCharge":null,"atHome":true}}"#,
            ),
        },
        Event {
            name: "grid-signal-processor/limitation-of-power-consumption/set",
            method: "grid_signal_processor_limitation_of_power_consumption_set",
            schema: "ConsumptionLimitEvent",
            summary: "The grid operator limited the power that a system may draw.",
            example: Some(
                r#"{"id":"19e7b6f3-d05a-4c84-a2d1-4e5f6a7b8c17","time":"2026-07-05T16:00:02Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"grid-signal-processor/limitation-of-power-consumption/set","data":{"newLPC":4200000,"receivedAt":"2026-07-05T16:00:00Z","validUntil":"2026-07-05T18:00:00Z"}}"#,
            ),
        },
        Event {
            name: "grid-signal-processor/limitation-of-power-consumption/unset",
            method: "grid_signal_processor_limitation_of_power_consumption_unset",
            schema: "ConsumptionLimitEvent",
            summary: "The grid operator lifted its limit on the power that a system may draw.",
            example: Some(
                r#"{"id":"a0d2c9f7-4b81-4e36-8f95-9a0b1c2d3e18","time":"2026-07-05T18:00:01Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"grid-signal-processor/limitation-of-power-consumption/unset","data":{"receivedAt":"2026-07-05T18:00:00Z"}}"#,
            ),
        },
        Event {
            name: "system/action",
            method: "system_action",
            schema: "UserActionEvent",
            summary: "A system needs something done by a person, or no longer does.",
            example: Some(
                r#"{"id":"5c3f8e62-9b07-4da1-b6c4-2d3e4f5a6b19","time":"2026-07-06T10:05:00Z","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","type":"system/action","data":{"id":"7e1d4c9a-0f52-4b68-93de-5a6b7c8d9e0f","capabilities":["chargeState","startCharging","stopCharging"],"type":"EV","manufacturer":"Example Motors","domain":"Account","introducedAt":"2026-07-06T10:04:12Z","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","assetID":"a8d3f6b1-2e47-4c90-95ba-1f2e3d4c5b6a","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","status":"OPEN","resolution":{"title":"Link the vehicle again","description":"The maker ended the session.<br/>Sign in **once more** to go on charging.","access":"Remote","agent":"User","action":"Link"}}}"#,
            ),
        },
        Event {
            name: "ping",
            method: "ping",
            schema: "PingEvent",
            summary: "Somebody asked gridX for a sign of life.",
            example: Some(
                r#"{"id":"c1a7b2f4-6d1e-4f0b-9b52-0d3e8a6f7c90","source":"/accounts/2f6b0d7c-1111-4a2b-9c3d-4e5f60718293","specVersion":"1.0","time":"2026-07-01T12:00:00Z","type":"ping","data":{"message":"integration check"}}"#,
            ),
        },
    ],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "GridxEvent",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer {
            status: 202,
            description: "The event is authentic and kept, but its type is unknown or its data does not fit.",
        },
        Answer { status: 204, description: "The event is taken, or was before." },
        Answer { status: 400, description: "The request can never succeed and is no event." },
        Answer { status: 401, description: "No valid signature." },
        Answer { status: 408, description: "The body took too long to arrive." },
        Answer { status: 413, description: "The body is too large." },
        Answer { status: 415, description: "The body is compressed." },
        Answer { status: 503, description: "A passing fault; send the event again." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::NO_CONTENT,
        parked: StatusCode::ACCEPTED,
        unauthenticated: StatusCode::UNAUTHORIZED,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

/// `POST /gridx/events/appliance/create`
///
/// The event `appliance/create`, 2024 form.
///
/// The 2024 form: a notification rule for `appliance/create` delivers here.
pub const APPLIANCE_CREATE_2024: Endpoint = Endpoint {
    id: "applianceCreate_2024",
    provider: "gridx",
    method: Method::POST,
    path: "/gridx/events/appliance/create",
    summary: "The event `appliance/create`, 2024 form.",
    description: "The 2024 form: a notification rule for `appliance/create` delivers here.",
    guards: &[&[&schemes::GRIDX_SIGNATURE], &[&schemes::GRIDX_SIGNATURE_RS256]],
    headers: &[],
    event_type: EventType {
        source: Some(ValueSource::Pointer("/type")),
        expected: Some("appliance/create"),
        aliases: &[],
    },
    event_id: &[ValueSource::Pointer("/id")],
    ordering_key: Some("/source"),
    events: &[Event {
        name: "appliance/create",
        method: "appliance_create_2024",
        schema: "ApplianceCreateEvent2024",
        summary: "The event `appliance/create`, 2024 form.",
        example: Some(
            r#"{"id":"5b0ea101-7c3d-4f28-9a61-d4e5f6a7a101","time":"2024-01-15T09:30:00Z","dataContentType":"application/json","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","correlationID":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"appliance/create","data":{"applianceID":"f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","systemName":"Mill Lane 4","model":"PV-12","manufacturer":"Example Solar","name":"Roof east","serialNumber":"ES-12-000417","type":"INVERTER","kind":"PV"}}"#,
        ),
    }],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "ApplianceCreateEvent2024",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer { status: 200, description: "The event is taken." },
        Answer { status: 403, description: "No valid signature." },
        Answer { status: 404, description: "Nobody takes deliveries here." },
        Answer { status: 500, description: "An unexpected fault; gridX sends the event again as best it can." },
        Answer { status: 503, description: "A passing fault; gridX sends the event again as best it can." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::OK,
        parked: StatusCode::OK,
        unauthenticated: StatusCode::FORBIDDEN,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

/// `POST /gridx/events/appliance/offline`
///
/// The event `appliance/offline`, 2024 form.
///
/// The 2024 form: a notification rule for `appliance/offline` delivers here.
pub const APPLIANCE_OFFLINE_2024: Endpoint = Endpoint {
    id: "applianceOffline_2024",
    provider: "gridx",
    method: Method::POST,
    path: "/gridx/events/appliance/offline",
    summary: "The event `appliance/offline`, 2024 form.",
    description: "The 2024 form: a notification rule for `appliance/offline` delivers here.",
    guards: &[&[&schemes::GRIDX_SIGNATURE], &[&schemes::GRIDX_SIGNATURE_RS256]],
    headers: &[],
    event_type: EventType {
        source: Some(ValueSource::Pointer("/type")),
        expected: Some("appliance/offline"),
        aliases: &[],
    },
    event_id: &[ValueSource::Pointer("/id")],
    ordering_key: Some("/source"),
    events: &[Event {
        name: "appliance/offline",
        method: "appliance_offline_2024",
        schema: "ApplianceOfflineEvent2024",
        summary: "The event `appliance/offline`, 2024 form.",
        example: Some(
            r#"{"id":"5b0ea102-7c3d-4f28-9a61-d4e5f6a7a102","time":"2024-01-15T09:30:00Z","dataContentType":"application/json","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","correlationID":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"appliance/offline","data":{"applianceID":"f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","systemName":"Mill Lane 4","model":"PV-12","manufacturer":"Example Solar","name":"Roof east","serialNumber":"ES-12-000417","type":"INVERTER","kind":"PV"}}"#,
        ),
    }],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "ApplianceOfflineEvent2024",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer { status: 200, description: "The event is taken." },
        Answer { status: 403, description: "No valid signature." },
        Answer { status: 404, description: "Nobody takes deliveries here." },
        Answer { status: 500, description: "An unexpected fault; gridX sends the event again as best it can." },
        Answer { status: 503, description: "A passing fault; gridX sends the event again as best it can." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::OK,
        parked: StatusCode::OK,
        unauthenticated: StatusCode::FORBIDDEN,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

/// `POST /gridx/events/appliance/online`
///
/// The event `appliance/online`, 2024 form.
///
/// The 2024 form: a notification rule for `appliance/online` delivers here.
pub const APPLIANCE_ONLINE_2024: Endpoint = Endpoint {
    id: "applianceOnline_2024",
    provider: "gridx",
    method: Method::POST,
    path: "/gridx/events/appliance/online",
    summary: "The event `appliance/online`, 2024 form.",
    description: "The 2024 form: a notification rule for `appliance/online` delivers here.",
    guards: &[&[&schemes::GRIDX_SIGNATURE], &[&schemes::GRIDX_SIGNATURE_RS256]],
    headers: &[],
    event_type: EventType {
        source: Some(ValueSource::Pointer("/type")),
        expected: Some("appliance/online"),
        aliases: &[],
    },
    event_id: &[ValueSource::Pointer("/id")],
    ordering_key: Some("/source"),
    events: &[Event {
        name: "appliance/online",
        method: "appliance_online_2024",
        schema: "ApplianceOnlineEvent2024",
        summary: "The event `appliance/online`, 2024 form.",
        example: Some(
            r#"{"id":"5b0ea103-7c3d-4f28-9a61-d4e5f6a7a103","time":"2024-01-15T09:30:00Z","dataContentType":"application/json","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","correlationID":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"appliance/online","data":{"applianceID":"f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","systemName":"Mill Lane 4","model":"PV-12","manufacturer":"Example Solar","name":"Roof east","serialNumber":"ES-12-000417","type":"INVERTER","kind":"PV"}}"#,
        ),
    }],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "ApplianceOnlineEvent2024",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer { status: 200, description: "The event is taken." },
        Answer { status: 403, description: "No valid signature." },
        Answer { status: 404, description: "Nobody takes deliveries here." },
        Answer { status: 500, description: "An unexpected fault; gridX sends the event again as best it can." },
        Answer { status: 503, description: "A passing fault; gridX sends the event again as best it can." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::OK,
        parked: StatusCode::OK,
        unauthenticated: StatusCode::FORBIDDEN,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

/// `POST /gridx/events/inverter/status`
///
/// The event `inverter/status`, 2024 form.
///
/// The 2024 form: a notification rule for `inverter/status` delivers here.
pub const INVERTER_STATUS_2024: Endpoint = Endpoint {
    id: "inverterStatus_2024",
    provider: "gridx",
    method: Method::POST,
    path: "/gridx/events/inverter/status",
    summary: "The event `inverter/status`, 2024 form.",
    description: "The 2024 form: a notification rule for `inverter/status` delivers here.",
    guards: &[&[&schemes::GRIDX_SIGNATURE], &[&schemes::GRIDX_SIGNATURE_RS256]],
    headers: &[],
    event_type: EventType {
        source: Some(ValueSource::Pointer("/type")),
        expected: Some("inverter/status"),
        aliases: &[],
    },
    event_id: &[ValueSource::Pointer("/id")],
    ordering_key: Some("/source"),
    events: &[Event {
        name: "inverter/status",
        method: "inverter_status_2024",
        schema: "InverterStatusEvent2024",
        summary: "The event `inverter/status`, 2024 form.",
        example: Some(
            r#"{"id":"5b0ea104-7c3d-4f28-9a61-d4e5f6a7a104","time":"2024-01-15T09:30:00Z","dataContentType":"application/json","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","correlationID":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"inverter/status","data":{"applianceID":"f0a5b1d2-3c4e-4f60-8a7b-9c0d1e2f3a4b","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","systemName":"Mill Lane 4","model":"PV-12","manufacturer":"Example Solar","name":"Roof east","serialNumber":"ES-12-000417","type":"INVERTER","kind":"PV","status":"WARNING","lastStatus":"OK","errCode":"W-117","lastErrCode":""}}"#,
        ),
    }],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "InverterStatusEvent2024",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer { status: 200, description: "The event is taken." },
        Answer { status: 403, description: "No valid signature." },
        Answer { status: 404, description: "Nobody takes deliveries here." },
        Answer { status: 500, description: "An unexpected fault; gridX sends the event again as best it can." },
        Answer { status: 503, description: "A passing fault; gridX sends the event again as best it can." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::OK,
        parked: StatusCode::OK,
        unauthenticated: StatusCode::FORBIDDEN,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

/// `POST /gridx/events/gateway/create`
///
/// The event `gateway/create`, 2024 form.
///
/// The 2024 form: a notification rule for `gateway/create` delivers here.
pub const GATEWAY_CREATE_2024: Endpoint = Endpoint {
    id: "gatewayCreate_2024",
    provider: "gridx",
    method: Method::POST,
    path: "/gridx/events/gateway/create",
    summary: "The event `gateway/create`, 2024 form.",
    description: "The 2024 form: a notification rule for `gateway/create` delivers here.",
    guards: &[&[&schemes::GRIDX_SIGNATURE], &[&schemes::GRIDX_SIGNATURE_RS256]],
    headers: &[],
    event_type: EventType {
        source: Some(ValueSource::Pointer("/type")),
        expected: Some("gateway/create"),
        aliases: &[],
    },
    event_id: &[ValueSource::Pointer("/id")],
    ordering_key: Some("/source"),
    events: &[Event {
        name: "gateway/create",
        method: "gateway_create_2024",
        schema: "GatewayCreateEvent2024",
        summary: "The event `gateway/create`, 2024 form.",
        example: Some(
            r#"{"id":"5b0ea105-7c3d-4f28-9a61-d4e5f6a7a105","time":"2024-01-15T09:30:00Z","dataContentType":"application/json","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","correlationID":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"gateway/create","data":{"gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","gatewayName":"Cellar","gatewaySerialnumber":"GB-2024-000815","systemName":"Mill Lane 4","userID":"2f6b0d7c-1111-4a2b-9c3d-4e5f60718293","userName":"Kim Sample","userMail":"kim@example.com"}}"#,
        ),
    }],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "GatewayCreateEvent2024",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer { status: 200, description: "The event is taken." },
        Answer { status: 403, description: "No valid signature." },
        Answer { status: 404, description: "Nobody takes deliveries here." },
        Answer { status: 500, description: "An unexpected fault; gridX sends the event again as best it can." },
        Answer { status: 503, description: "A passing fault; gridX sends the event again as best it can." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::OK,
        parked: StatusCode::OK,
        unauthenticated: StatusCode::FORBIDDEN,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

/// `POST /gridx/events/gateway/offline`
///
/// The event `gateway/offline`, 2024 form.
///
/// The 2024 form: a notification rule for `gateway/offline` delivers here.
pub const GATEWAY_OFFLINE_2024: Endpoint = Endpoint {
    id: "gatewayOffline_2024",
    provider: "gridx",
    method: Method::POST,
    path: "/gridx/events/gateway/offline",
    summary: "The event `gateway/offline`, 2024 form.",
    description: "The 2024 form: a notification rule for `gateway/offline` delivers here.",
    guards: &[&[&schemes::GRIDX_SIGNATURE], &[&schemes::GRIDX_SIGNATURE_RS256]],
    headers: &[],
    event_type: EventType {
        source: Some(ValueSource::Pointer("/type")),
        expected: Some("gateway/offline"),
        aliases: &[],
    },
    event_id: &[ValueSource::Pointer("/id")],
    ordering_key: Some("/source"),
    events: &[Event {
        name: "gateway/offline",
        method: "gateway_offline_2024",
        schema: "GatewayOfflineEvent2024",
        summary: "The event `gateway/offline`, 2024 form.",
        example: Some(
            r#"{"id":"5b0ea106-7c3d-4f28-9a61-d4e5f6a7a106","time":"2024-01-15T09:30:00Z","dataContentType":"application/json","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","correlationID":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"gateway/offline","data":{"gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","gatewayName":"Cellar","gatewaySerialnumber":"GB-2024-000815","systemName":"Mill Lane 4","userID":"2f6b0d7c-1111-4a2b-9c3d-4e5f60718293","userName":"Kim Sample","userMail":"kim@example.com"}}"#,
        ),
    }],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "GatewayOfflineEvent2024",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer { status: 200, description: "The event is taken." },
        Answer { status: 403, description: "No valid signature." },
        Answer { status: 404, description: "Nobody takes deliveries here." },
        Answer { status: 500, description: "An unexpected fault; gridX sends the event again as best it can." },
        Answer { status: 503, description: "A passing fault; gridX sends the event again as best it can." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::OK,
        parked: StatusCode::OK,
        unauthenticated: StatusCode::FORBIDDEN,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

/// `POST /gridx/events/gateway/online`
///
/// The event `gateway/online`, 2024 form.
///
/// The 2024 form: a notification rule for `gateway/online` delivers here.
pub const GATEWAY_ONLINE_2024: Endpoint = Endpoint {
    id: "gatewayOnline_2024",
    provider: "gridx",
    method: Method::POST,
    path: "/gridx/events/gateway/online",
    summary: "The event `gateway/online`, 2024 form.",
    description: "The 2024 form: a notification rule for `gateway/online` delivers here.",
    guards: &[&[&schemes::GRIDX_SIGNATURE], &[&schemes::GRIDX_SIGNATURE_RS256]],
    headers: &[],
    event_type: EventType {
        source: Some(ValueSource::Pointer("/type")),
        expected: Some("gateway/online"),
        aliases: &[],
    },
    event_id: &[ValueSource::Pointer("/id")],
    ordering_key: Some("/source"),
    events: &[Event {
        name: "gateway/online",
        method: "gateway_online_2024",
        schema: "GatewayOnlineEvent2024",
        summary: "The event `gateway/online`, 2024 form.",
        example: Some(
            r#"{"id":"5b0ea107-7c3d-4f28-9a61-d4e5f6a7a107","time":"2024-01-15T09:30:00Z","dataContentType":"application/json","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","correlationID":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"gateway/online","data":{"gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","gatewayName":"Cellar","gatewaySerialnumber":"GB-2024-000815","systemName":"Mill Lane 4","userID":"2f6b0d7c-1111-4a2b-9c3d-4e5f60718293","userName":"Kim Sample","userMail":"kim@example.com"}}"#,
        ),
    }],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "GatewayOnlineEvent2024",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer { status: 200, description: "The event is taken." },
        Answer { status: 403, description: "No valid signature." },
        Answer { status: 404, description: "Nobody takes deliveries here." },
        Answer { status: 500, description: "An unexpected fault; gridX sends the event again as best it can." },
        Answer { status: 503, description: "A passing fault; gridX sends the event again as best it can." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::OK,
        parked: StatusCode::OK,
        unauthenticated: StatusCode::FORBIDDEN,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

/// `POST /gridx/events/ev/plugged`
///
/// The event `ev/plugged`, 2024 form.
///
/// The 2024 form: a notification rule for `ev/plugged` delivers here.
pub const EV_PLUGGED_2024: Endpoint = Endpoint {
    id: "evPlugged_2024",
    provider: "gridx",
    method: Method::POST,
    path: "/gridx/events/ev/plugged",
    summary: "The event `ev/plugged`, 2024 form.",
    description: "The 2024 form: a notification rule for `ev/plugged` delivers here.",
    guards: &[&[&schemes::GRIDX_SIGNATURE], &[&schemes::GRIDX_SIGNATURE_RS256]],
    headers: &[],
    event_type: EventType { source: Some(ValueSource::Pointer("/type")), expected: Some("ev/plugged"), aliases: &[] },
    event_id: &[ValueSource::Pointer("/id")],
    ordering_key: Some("/source"),
    events: &[Event {
        name: "ev/plugged",
        method: "ev_plugged_2024",
        schema: "EvPluggedEvent2024",
        summary: "The event `ev/plugged`, 2024 form.",
        example: Some(
            r#"{"id":"5b0ea108-7c3d-4f28-9a61-d4e5f6a7a108","time":"2024-01-15T09:30:00Z","dataContentType":"application/json","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","correlationID":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"ev/plugged","data":{"applianceID":"27c1e8f4-90ab-4d35-b6e2-0f1a2b3c4d5e","gatewayID":"5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9","systemID":"0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","model":"WB-22","manufacturer":"Example Charging","name":"Carport","type":"EVSTATION","kind":"EVSTATION","state":"plugged","evseID":"FR*A23*E45B*78C"}}"#,
        ),
    }],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "EvPluggedEvent2024",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer { status: 200, description: "The event is taken." },
        Answer { status: 403, description: "No valid signature." },
        Answer { status: 404, description: "Nobody takes deliveries here." },
        Answer { status: 500, description: "An unexpected fault; gridX sends the event again as best it can." },
        Answer { status: 503, description: "A passing fault; gridX sends the event again as best it can." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::OK,
        parked: StatusCode::OK,
        unauthenticated: StatusCode::FORBIDDEN,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

/// `POST /gridx/events/commissioning/done`
///
/// The event `commissioning/done`, 2024 form.
///
/// The 2024 form: the path as its event type is spelt, for rules that name it so.
pub const COMMISSIONING_DONE_2024: Endpoint = Endpoint {
    id: "commissioningDone_2024",
    provider: "gridx",
    method: Method::POST,
    path: "/gridx/events/commissioning/done",
    summary: "The event `commissioning/done`, 2024 form.",
    description: "The 2024 form: the path as its event type is spelt, for rules that name it so.",
    guards: &[&[&schemes::GRIDX_SIGNATURE], &[&schemes::GRIDX_SIGNATURE_RS256]],
    headers: &[],
    event_type: EventType {
        source: Some(ValueSource::Pointer("/type")),
        expected: Some("commissioning/done"),
        aliases: &[],
    },
    event_id: &[ValueSource::Pointer("/id")],
    ordering_key: Some("/source"),
    events: &[Event {
        name: "commissioning/done",
        method: "commissioning_done_2024",
        schema: "CommissioningDoneEvent2024",
        summary: "The event `commissioning/done`, 2024 form.",
        example: Some(
            r#"{"id":"5b0ea109-7c3d-4f28-9a61-d4e5f6a7a109","time":"2024-01-15T09:30:00Z","dataContentType":"application/json","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","correlationID":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"commissioning/done","data":{"customerID":"9b8a7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d","customerEmail":"joerg@example.com","customerAddress":"Mühlenstraße 4, 52062 Aachen","systemName":"Müller, Süddach","gatewaySerialnumber":"GB-2024-000815"}}"#,
        ),
    }],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "CommissioningDoneEvent2024",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer { status: 200, description: "The event is taken." },
        Answer { status: 403, description: "No valid signature." },
        Answer { status: 404, description: "Nobody takes deliveries here." },
        Answer { status: 500, description: "An unexpected fault; gridX sends the event again as best it can." },
        Answer { status: 503, description: "A passing fault; gridX sends the event again as best it can." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::OK,
        parked: StatusCode::OK,
        unauthenticated: StatusCode::FORBIDDEN,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

/// `POST /gridx/events/comissioning/done`
///
/// The event `commissioning/done`, 2024 form, at gridX's spelling of the path.
///
/// The 2024 form: gridX's own spelling of the path. The event type is spelt with two m.
pub const COMISSIONING_DONE_2024: Endpoint = Endpoint {
    id: "comissioningDone_2024",
    provider: "gridx",
    method: Method::POST,
    path: "/gridx/events/comissioning/done",
    summary: "The event `commissioning/done`, 2024 form, at gridX's spelling of the path.",
    description: "The 2024 form: gridX's own spelling of the path. The event type is spelt with two m.",
    guards: &[&[&schemes::GRIDX_SIGNATURE], &[&schemes::GRIDX_SIGNATURE_RS256]],
    headers: &[],
    event_type: EventType {
        source: Some(ValueSource::Pointer("/type")),
        expected: Some("commissioning/done"),
        aliases: &[],
    },
    event_id: &[ValueSource::Pointer("/id")],
    ordering_key: Some("/source"),
    events: &[Event {
        name: "commissioning/done",
        method: "commissioning_done_2024",
        schema: "CommissioningDoneEvent2024",
        summary: "The event `commissioning/done`, 2024 form, at gridX's spelling of the path.",
        example: Some(
            r#"{"id":"5b0ea110-7c3d-4f28-9a61-d4e5f6a7a110","time":"2024-01-15T09:30:00Z","dataContentType":"application/json","specVersion":"1.0","source":"/systems/0c7d5a0e-8f0b-4d57-9b61-7a0e1b9f6a01","correlationID":"7b7d1d8e-55a8-4b0a-8b1e-0a4a3f0b7c22","type":"commissioning/done","data":{"customerID":"9b8a7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d","customerEmail":"joerg@example.com","customerAddress":"Mill Lane 4, 52062 Aachen","systemName":"Mill Lane 4","gatewaySerialnumber":"GB-2024-000815"}}"#,
        ),
    }],
    batch: false,
    challenge: None,
    negotiation: None,
    body: Some(Body {
        schema: "CommissioningDoneEvent2024",
        media_types: &["application/json"],
        required: true,
        description: "One event.",
    }),
    answers: &[
        Answer { status: 200, description: "The event is taken." },
        Answer { status: 403, description: "No valid signature." },
        Answer { status: 404, description: "Nobody takes deliveries here." },
        Answer { status: 500, description: "An unexpected fault; gridX sends the event again as best it can." },
        Answer { status: 503, description: "A passing fault; gridX sends the event again as best it can." },
    ],
    outcomes: Outcomes {
        accepted: StatusCode::OK,
        parked: StatusCode::OK,
        unauthenticated: StatusCode::FORBIDDEN,
        retry: StatusCode::SERVICE_UNAVAILABLE,
        malformed: StatusCode::BAD_REQUEST,
        gone: None,
    },
};

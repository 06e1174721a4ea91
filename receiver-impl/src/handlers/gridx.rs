//! gridX: one readable log line for each event. Put what your own system does with it in its place.

use std::fmt::{self, Display};

use tracing::info;
use uuid::Uuid;
use webhook_api::models::*;
use webhook_api::{Delivery, Gridx, HandlerError};

use crate::log_text::Shown;

type Outcome = Result<(), HandlerError>;

/// Handles the events of gridX.
#[derive(Debug, Clone, Default)]
pub struct GridxHandlers;

impl Gridx for GridxHandlers {
    async fn appliance_create(&self, _: &Delivery, event: ApplianceEvent) -> Outcome {
        info!("appliance added: {}", device(&event.data.model, event.data.appliance_id, event.data.system_id));
        Ok(())
    }

    async fn appliance_delete(&self, _: &Delivery, event: ApplianceEvent) -> Outcome {
        info!("appliance removed: {}", device(&event.data.model, event.data.appliance_id, event.data.system_id));
        Ok(())
    }

    async fn appliance_offline(&self, _: &Delivery, event: ApplianceEvent) -> Outcome {
        info!("appliance offline: {}", device(&event.data.model, event.data.appliance_id, event.data.system_id));
        Ok(())
    }

    async fn appliance_online(&self, _: &Delivery, event: ApplianceEvent) -> Outcome {
        info!("appliance online: {}", device(&event.data.model, event.data.appliance_id, event.data.system_id));
        Ok(())
    }

    async fn appliance_update(&self, _: &Delivery, event: ApplianceEvent) -> Outcome {
        info!("appliance changed: {}", device(&event.data.model, event.data.appliance_id, event.data.system_id));
        Ok(())
    }

    async fn inverter_status(&self, _: &Delivery, event: InverterEvent) -> Outcome {
        let data = event.data;
        info!(
            "inverter {}: {}",
            status(&data.last_status, &data.status, &data.err_code),
            device(&data.model, data.appliance_id, data.system_id)
        );
        Ok(())
    }

    async fn gateway_create(&self, _: &Delivery, event: GatewayEvent) -> Outcome {
        info!("gateway added: {}", device(&event.data.gateway_name, event.data.gateway_id, event.data.system_id));
        Ok(())
    }

    async fn gateway_offline(&self, _: &Delivery, event: GatewayEvent) -> Outcome {
        info!("gateway offline: {}", device(&event.data.gateway_name, event.data.gateway_id, event.data.system_id));
        Ok(())
    }

    async fn gateway_online(&self, _: &Delivery, event: GatewayEvent) -> Outcome {
        info!("gateway online: {}", device(&event.data.gateway_name, event.data.gateway_id, event.data.system_id));
        Ok(())
    }

    async fn ev_plugged(&self, _: &Delivery, event: EvPlugEvent) -> Outcome {
        info!("vehicle plugged in: {}", device(&None, event.data.asset_id, event.data.system_id));
        Ok(())
    }

    async fn ev_unplugged(&self, _: &Delivery, event: EvPlugEvent) -> Outcome {
        info!("vehicle unplugged: {}", device(&None, event.data.asset_id, event.data.system_id));
        Ok(())
    }

    async fn ev_charge_started(&self, _: &Delivery, event: EvChargeEvent) -> Outcome {
        info!(
            "vehicle began to charge{}: {}",
            power(event.data.charge_power),
            device(&None, event.data.asset_id, event.data.system_id)
        );
        Ok(())
    }

    async fn ev_charge_stopped(&self, _: &Delivery, event: EvChargeEvent) -> Outcome {
        info!("vehicle stopped charging: {}", device(&None, event.data.asset_id, event.data.system_id));
        Ok(())
    }

    async fn ev_charge_failed(&self, _: &Delivery, event: EvChargeFailedEvent) -> Outcome {
        let reason = event.data.failure_reason.as_ref().map(|reason| reason.r#type.as_str());
        info!(
            "vehicle did not obey ({}): {}",
            Shown(reason.unwrap_or("no reason")),
            device(&None, event.data.asset_id, event.data.system_id)
        );
        Ok(())
    }

    async fn ev_measurement(&self, _: &Delivery, event: EvMeasurementEvent) -> Outcome {
        info!(
            "vehicle measured{}: {}",
            power(event.data.charge_power),
            device(&None, event.data.asset_id, event.data.system_id)
        );
        Ok(())
    }

    async fn ev_infeasible_charging_goals(&self, _: &Delivery, event: EvInfeasibleGoalsEvent) -> Outcome {
        let data = event.data;
        info!(
            "vehicle will be at less than {} % at {}: {}",
            data.min_requested_soc,
            data.departure_at,
            device(&None, data.asset_id, data.system_id)
        );
        Ok(())
    }

    async fn grid_signal_processor_limitation_of_power_consumption_set(
        &self,
        _: &Delivery,
        event: ConsumptionLimitEvent,
    ) -> Outcome {
        let limit = event.data.new_lpc.map(|limit| limit / 1e6);
        info!("consumption limited to {} kW: {}", limit.unwrap_or_default(), Shown(&event.source));
        Ok(())
    }

    async fn grid_signal_processor_limitation_of_power_consumption_unset(
        &self,
        _: &Delivery,
        event: ConsumptionLimitEvent,
    ) -> Outcome {
        info!("consumption no longer limited: {}", Shown(&event.source));
        Ok(())
    }

    async fn system_action(&self, _: &Delivery, event: UserActionEvent) -> Outcome {
        let UserAction { status, resolution, system_id, .. } = event.data;
        info!("action {}: {} in system {}", Shown(status.as_str()), Shown(&resolution.title), Shown(&system_id));
        Ok(())
    }

    async fn ping(&self, _: &Delivery, event: PingEvent) -> Outcome {
        info!("ping: {}", Shown(event.data.message.as_deref().unwrap_or("no message")));
        Ok(())
    }

    async fn appliance_create_2024(&self, _: &Delivery, event: ApplianceCreateEvent2024) -> Outcome {
        info!(
            "appliance added: {}",
            known(event.data.as_ref().map(|data| device(&data.model, data.appliance_id, data.system_id)))
        );
        Ok(())
    }

    async fn appliance_offline_2024(&self, _: &Delivery, event: ApplianceOfflineEvent2024) -> Outcome {
        info!(
            "appliance offline: {}",
            known(event.data.as_ref().map(|data| device(&data.model, data.appliance_id, data.system_id)))
        );
        Ok(())
    }

    async fn appliance_online_2024(&self, _: &Delivery, event: ApplianceOnlineEvent2024) -> Outcome {
        info!(
            "appliance online: {}",
            known(event.data.as_ref().map(|data| device(&data.model, data.appliance_id, data.system_id)))
        );
        Ok(())
    }

    async fn inverter_status_2024(&self, _: &Delivery, event: InverterStatusEvent2024) -> Outcome {
        match event.data {
            Some(data) => {
                info!(
                    "inverter {}: {}",
                    status(&data.last_status, &data.status, &data.err_code),
                    device(&data.model, data.appliance_id, data.system_id)
                );
            }
            None => info!("inverter changed: {}", Shown(&event.source)),
        }
        Ok(())
    }

    async fn gateway_create_2024(&self, _: &Delivery, event: GatewayCreateEvent2024) -> Outcome {
        info!(
            "gateway added: {}",
            known(event.data.as_ref().map(|data| device(&data.gateway_name, data.gateway_id, data.system_id)))
        );
        Ok(())
    }

    async fn gateway_offline_2024(&self, _: &Delivery, event: GatewayOfflineEvent2024) -> Outcome {
        info!(
            "gateway offline: {}",
            known(event.data.as_ref().map(|data| device(&data.gateway_name, data.gateway_id, data.system_id)))
        );
        Ok(())
    }

    async fn gateway_online_2024(&self, _: &Delivery, event: GatewayOnlineEvent2024) -> Outcome {
        info!(
            "gateway online: {}",
            known(event.data.as_ref().map(|data| device(&data.gateway_name, data.gateway_id, data.system_id)))
        );
        Ok(())
    }

    async fn ev_plugged_2024(&self, _: &Delivery, event: EvPluggedEvent2024) -> Outcome {
        info!(
            "vehicle plugged in: {}",
            known(event.data.as_ref().map(|data| device(&data.model, data.appliance_id, data.system_id)))
        );
        Ok(())
    }

    async fn commissioning_done_2024(&self, _: &Delivery, event: CommissioningDoneEvent2024) -> Outcome {
        let data = event.data.as_ref();
        let system = data.and_then(|data| data.system_name.as_deref());
        info!("commissioned: {} ({})", Shown(system.unwrap_or("a system")), Shown(&event.source));
        Ok(())
    }
}

/// A device by the name that people know it by, its id and its system.
struct Device<'a> {
    name: Option<&'a str>,
    id: Uuid,
    system: Option<Uuid>,
}

fn device(name: &Option<String>, id: Uuid, system: impl Into<Option<Uuid>>) -> Device<'_> {
    Device { name: name.as_deref(), id, system: system.into() }
}

impl Display for Device<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Some(name) => write!(f, "{} ({})", Shown(name), self.id)?,
            None => write!(f, "{}", self.id)?,
        }
        match self.system {
            Some(system) => write!(f, " in system {system}"),
            None => Ok(()),
        }
    }
}

/// The 2024 form may leave the details out.
fn known(device: Option<Device<'_>>) -> String {
    device.map_or_else(|| "no details".to_owned(), |device| device.to_string())
}

fn status(last: &InverterStatus, now: &InverterStatus, code: &Option<String>) -> String {
    let code = code.as_deref().map(|code| format!(" {}", Shown(code))).unwrap_or_default();
    format!("from {} to {}{code}", Shown(last.as_str()), Shown(now.as_str()))
}

/// Milliwatts in kilowatts.
fn power(milliwatts: Option<i64>) -> String {
    milliwatts.map(|milliwatts| format!(" with {} kW", milliwatts as f64 / 1e6)).unwrap_or_default()
}

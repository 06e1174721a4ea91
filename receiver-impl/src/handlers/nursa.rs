//! Nursa: one readable log line for each event. Put what your own system does with it in its place.

use tracing::info;
use webhook_api::models::*;
use webhook_api::{Delivery, HandlerError, Nursa};

use crate::log_text::Shown;

type Outcome = Result<(), HandlerError>;

/// Handles the events of Nursa.
#[derive(Debug, Clone, Default)]
pub struct NursaHandlers;

impl Nursa for NursaHandlers {
    async fn facility_user_connection_accepted(&self, _: &Delivery, event: NursaUserConnectionEvent) -> Outcome {
        info!("user {} connected to facility {}", text(&event.data.user_id), text(&event.data.facility_id));
        Ok(())
    }

    async fn facility_user_connection_rejected(&self, _: &Delivery, event: NursaUserConnectionEvent) -> Outcome {
        info!("user {} not connected to facility {}", text(&event.data.user_id), text(&event.data.facility_id));
        Ok(())
    }

    async fn facility_creation_accepted(&self, _: &Delivery, event: NursaFacilityAcceptedEvent) -> Outcome {
        info!("facility {} created", text(&event.data.facility_id));
        Ok(())
    }

    async fn facility_creation_rejected(&self, _: &Delivery, event: NursaFacilityRejectedEvent) -> Outcome {
        info!("facility {} not created", text(&event.data.facility_name));
        Ok(())
    }

    async fn shift_created(&self, _: &Delivery, event: NursaShiftCreatedEvent) -> Outcome {
        let data = event.data;
        info!("shift {} created for {}", shift(&data.shift_id, &data.facility_id), text(&data.license_type));
        Ok(())
    }

    async fn shift_request_created(&self, _: &Delivery, event: NursaShiftRequestedEvent) -> Outcome {
        let data = event.data;
        info!("shift {} requested by {}", shift(&data.shift_id, &data.facility_id), text(&data.clinician_id));
        Ok(())
    }

    async fn shift_request_cancelled(&self, _: &Delivery, event: NursaClinicianCancelledEvent) -> Outcome {
        let data = event.data;
        info!("request for shift {} ended: {}", shift(&data.shift_id, &data.facility_id), text(&data.clinician_id));
        Ok(())
    }

    async fn shift_scheduled(&self, _: &Delivery, event: NursaShiftScheduledEvent) -> Outcome {
        let data = event.data;
        let clinician = data.clinician.and_then(|clinician| clinician.id);
        info!("shift {} scheduled with {}", shift(&data.shift_id, &data.facility_id), text(&clinician));
        Ok(())
    }

    async fn shift_scheduled_cancelled(&self, _: &Delivery, event: NursaClinicianCancelledEvent) -> Outcome {
        let data = event.data;
        info!(
            "shift {} no longer scheduled with {}",
            shift(&data.shift_id, &data.facility_id),
            text(&data.clinician_id)
        );
        Ok(())
    }

    async fn shift_cancelled(&self, _: &Delivery, event: NursaShiftCancelledEvent) -> Outcome {
        let data = event.data;
        info!("shift {} cancelled: {}", shift(&data.shift_id, &data.facility_id), text(&data.reason));
        Ok(())
    }

    async fn shift_report_created(&self, _: &Delivery, event: NursaShiftReportCreatedEvent) -> Outcome {
        let data = event.data;
        info!("shift {} reported", shift(&data.shift_id, &data.facility_id));
        Ok(())
    }

    async fn shift_report_accepted(&self, _: &Delivery, event: NursaShiftReportAcceptedEvent) -> Outcome {
        let data = event.data;
        info!("report of shift {} accepted", shift(&data.shift_id, &data.facility_id));
        Ok(())
    }

    async fn shift_report_accepted_automatically(&self, _: &Delivery, event: NursaShiftReportAcceptedEvent) -> Outcome {
        let data = event.data;
        info!("report of shift {} accepted for want of another", shift(&data.shift_id, &data.facility_id));
        Ok(())
    }

    async fn shift_report_rejected(&self, _: &Delivery, event: NursaShiftReportRejectedEvent) -> Outcome {
        let data = event.data;
        info!("report of shift {} rejected", shift(&data.shift_id, &data.facility_id));
        Ok(())
    }
}

/// A shift by its number and its facility.
fn shift(id: &Option<String>, facility: &Option<String>) -> String {
    format!("{} at {}", text(id), text(facility))
}

/// A member that Nursa may leave out.
fn text(member: &Option<String>) -> Shown<'_> {
    Shown(member.as_deref().unwrap_or("(not said)"))
}

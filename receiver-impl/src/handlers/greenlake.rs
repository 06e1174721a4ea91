//! HPE GreenLake: one readable log line for each event. Put what your own system does with it in its place.

use tracing::info;
use webhook_api::models::*;
use webhook_api::{Delivery, Greenlake, HandlerError};

use crate::log_text::Shown;

type Outcome = Result<(), HandlerError>;

/// Handles the events of HPE GreenLake.
#[derive(Debug, Clone, Default)]
pub struct GreenlakeHandlers;

impl Greenlake for GreenlakeHandlers {
    async fn audit_log_created(&self, _: &Delivery, event: GreenlakeAuditLogEvent) -> Outcome {
        match event.data {
            GreenlakeAuditLog::GreenlakeAuditEntry(entry) => {
                let by = entry.user.username.as_deref();
                info!("audit log: {} by {}", text(&entry.description), Shown(by.unwrap_or("somebody")));
            }
            GreenlakeAuditLog::GreenlakeCatalogAuditEntry(entry) => {
                info!(
                    "audit log: {} of {} by {}",
                    text(&entry.audit_info.category),
                    text(&entry.app_slug),
                    text(&entry.username)
                );
            }
            GreenlakeAuditLog::Other(_) => info!("audit log: an entry of a new shape, from {}", Shown(&event.source)),
        }
        Ok(())
    }

    async fn subscription_expiring(&self, _: &Delivery, event: GreenlakeExpiringSubscriptionEvent) -> Outcome {
        let data = event.data;
        let devices = data.devices.map_or(0, |devices| devices.len());
        info!(
            "subscription {} ends on {}: {}, {devices} devices",
            text(&data.key),
            text(&data.expiry_date),
            text(&data.sku)
        );
        Ok(())
    }

    async fn service_provisioned(&self, _: &Delivery, event: GreenlakeServiceProvisionEvent) -> Outcome {
        let data = event.data;
        info!("service provisioned: {} in {}", text(&data.service_offer_id), text(&data.region));
        Ok(())
    }

    async fn service_unprovisioned(&self, _: &Delivery, event: GreenlakeServiceProvisionEvent) -> Outcome {
        let data = event.data;
        info!("service no longer provisioned: {} in {}", text(&data.service_offer_id), text(&data.region));
        Ok(())
    }

    async fn service_offer_onboarded(&self, _: &Delivery, event: GreenlakeServiceOfferEvent) -> Outcome {
        info!("service offered: {}", text(&event.data.service_offer_slug));
        Ok(())
    }

    async fn service_offer_deleted(&self, _: &Delivery, event: GreenlakeServiceOfferEvent) -> Outcome {
        info!("service no longer offered: {}", text(&event.data.service_offer_slug));
        Ok(())
    }

    async fn service_offer_region_onboarded(&self, _: &Delivery, event: GreenlakeServiceOfferRegionEvent) -> Outcome {
        info!("service offered in {}: {}", text(&event.data.region), text(&event.data.service_offer_slug));
        Ok(())
    }

    async fn service_offer_region_deleted(&self, _: &Delivery, event: GreenlakeServiceOfferRegionEvent) -> Outcome {
        info!("service no longer offered in {}: {}", text(&event.data.region), text(&event.data.service_offer_slug));
        Ok(())
    }
}

/// A member that HPE may leave out.
fn text(member: &Option<String>) -> Shown<'_> {
    Shown(member.as_deref().unwrap_or("(not said)"))
}

use webhook_api::{Delivery, HandlerError, Parcels, models};

struct Log;

impl Parcels for Log {
    async fn sent(&self, _: &Delivery, event: models::Sent2026) -> Result<(), HandlerError> {
        Ok(())
    }

    async fn found(&self, delivery: &Delivery, event: models::Found) -> Result<(), HandlerError> {
        Ok(())
    }
}

use webhook_api::{Delivery, HandlerError, Parcels, models};

struct Log;

impl Parcels for Log {
    async fn sent(&self, _: &Delivery, event: models::Sent) -> Result<(), HandlerError> {
        Ok(())
    }

    async fn eaten(&self, delivery: &Delivery, event: models::Eaten) -> Result<(), HandlerError> {
        Ok(())
    }
}

//! Every provider together: the tables, and the way from a delivery to the provider's trait.

use crate::contract::Provider;
use crate::delivery::{Delivery, Disposition, HandlerError};
use crate::providers;

/// Every provider of the spec.
pub const PROVIDERS: &[Provider] = &[providers::GRIDX, providers::GREENLAKE, providers::NURSA];

/// One handler per provider. A provider that is new in the spec is a missing field until somebody handles it.
#[derive(Debug, Clone, Default)]
pub struct Handlers<Gridx, Greenlake, Nursa> {
    /// Handles the events of `gridx`.
    pub gridx: Gridx,
    /// Handles the events of `greenlake`.
    pub greenlake: Greenlake,
    /// Handles the events of `nursa`.
    pub nursa: Nursa,
}

impl<Gridx: providers::Gridx, Greenlake: providers::Greenlake, Nursa: providers::Nursa>
    Handlers<Gridx, Greenlake, Nursa>
{
    /// Reads the delivery's body and calls the method of its event.
    ///
    /// An unknown type or an unfit body is no error: the trait's provided methods see it, and the answer says so.
    ///
    /// # Errors
    ///
    /// Those of the method.
    pub async fn dispatch(&self, delivery: &Delivery) -> Result<Disposition, HandlerError> {
        match delivery.endpoint.provider {
            "gridx" => providers::gridx::dispatch(&self.gridx, delivery).await,
            "greenlake" => providers::greenlake::dispatch(&self.greenlake, delivery).await,
            "nursa" => providers::nursa::dispatch(&self.nursa, delivery).await,
            _ => Ok(Disposition::UnknownEvent),
        }
    }
}

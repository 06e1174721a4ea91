open_enum! {
    /// Who owns the inventory of a managed workspace.
    pub enum GreenlakeOperationalMode: "GreenlakeOperationalMode", else Other {
        Default = "DEFAULT",
        MspOwnedInventory = "MSP_OWNED_INVENTORY",
        CustomerOwnedInventory = "CUSTOMER_OWNED_INVENTORY",
    }
}

open_enum! {
    /// Something that gridX can do with an asset.
    pub enum UserActionCapability: "UserActionCapability", else Other {
        ChargeState = "chargeState",
        Information = "information",
        StartCharging = "startCharging",
        StopCharging = "stopCharging",
        Location = "location",
    }
}

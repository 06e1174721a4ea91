open_enum! {
    /// Whether the account at the maker or the device itself is concerned.
    pub enum UserActionDomain: "UserActionDomain", else Other {
        Account = "Account",
        Device = "Device",
    }
}

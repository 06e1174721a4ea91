open_enum! {
    /// Whether somebody has to go to the asset.
    pub enum UserActionAccess: "UserActionAccess", else Other {
        Remote = "Remote",
        Physical = "Physical",
    }
}

open_enum! {
    /// Who has to act.
    pub enum UserActionAgent: "UserActionAgent", else Other {
        User = "User",
        ThirdParty = "ThirdParty",
    }
}

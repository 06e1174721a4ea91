open_enum! {
    /// Whether the action is still to be done.
    pub enum UserActionStatus: "UserActionStatus", else Other {
        Open = "OPEN",
        Solved = "SOLVED",
    }
}

open_enum! {
    /// What happened to a vehicle's plug.
    pub enum EvPlugState: "EvPlugState", else Other {
        Plugged = "PLUGGED",
        Unplugged = "UNPLUGGED",
    }
}

open_enum! {
    /// Clinicians who may be scheduled automatically.
    pub enum NursaAutoScheduleOrigin: "NursaAutoScheduleOrigin", else Other {
        Favorites = "Favorites",
        Screenings = "Screenings",
    }
}

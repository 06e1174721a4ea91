open_enum! {
    /// How large it is.
    pub enum Size: "Size", else Other {
        Small = "small",
        Large = "large",
        Huge = "huge",
    }
}

open_enum! {
    /// What to link anew, if that helps.
    pub enum UserActionLink: "UserActionLink", else Other {
        Link = "Link",
        LinkAdditionalAsset = "LinkAdditionalAsset",
    }
}

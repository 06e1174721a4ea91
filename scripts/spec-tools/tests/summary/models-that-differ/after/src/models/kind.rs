open_enum! {
    /// What is inside.
    pub enum Kind: "Kind", else Other {
        /// Books.
        Book = "BOOK",
        Letter = "LETTER",
    }
}
